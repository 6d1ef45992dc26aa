import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { UnsupportedError, type ClientCertificate, type LaunchOptions } from "./browser.ts";
import { toPkcs12 } from "./pkcs12.ts";
import { findTool, type ToolId } from "./tools.ts";

const run = promisify(execFile);
const limits = { timeout: 20_000, killSignal: "SIGKILL" } as const;

/** What a database of NSS is made for. */
export interface Contents {
  /** In PEM: trusted to name web servers (the trust arguments of certutil(1)). */
  readonly authority?: string;
  readonly client?: ClientCertificate;
}

/** What the options of a launch want in the browser's database. */
export function contentsFor({
  trust,
  clientCertificate,
}: Pick<LaunchOptions, "trust" | "clientCertificate">): Contents {
  return {
    ...(trust.kind === "authority" && { authority: trust.certificate }),
    ...(clientCertificate && { client: clientCertificate }),
  };
}

/** Rejects with an UnsupportedError when there are no tools of NSS to make such a database with. */
export async function assertInstallable({ authority, client }: Contents): Promise<void> {
  if (authority !== undefined) await find("certutil", "an authority");
  if (client !== undefined) {
    await find("certutil", "a client's certificate");
    await find("pk12util", "a client's certificate");
  }
}

/** Makes a new NSS certificate database in the folder `database`, if there is anything to be put into it. Resolves with what that was, in words. */
export async function createDatabase(
  database: string,
  { authority, client }: Contents,
): Promise<readonly string[]> {
  if (authority === undefined && client === undefined) return [];
  const certutil = await find("certutil", "a certificate");
  await mkdir(database, { recursive: true });
  const place = ["-d", `sql:${database}`];
  await run(certutil, ["-N", ...place, "--empty-password"], limits);
  if (authority !== undefined) {
    const file = join(database, "authority.pem");
    await writeFile(file, authority);
    const trusted = ["-n", "WebSocket Auth Lab", "-t", "C,,", "-i", file];
    await run(certutil, ["-A", ...place, ...trusted], limits);
  }
  if (client !== undefined) {
    const pk12util = await find("pk12util", "a client's certificate");
    const file = join(database, "client.p12");
    // The password is no secret: the file is in a private folder, for a moment.
    await writeFile(file, toPkcs12(client, "WebSocket Auth Lab client", "lab"), { mode: 0o600 });
    await run(pk12util, ["-i", file, ...place, "-W", "lab"], limits);
    await rm(file);
  }
  return [
    ...(authority === undefined ? [] : ["authority"]),
    ...(client === undefined ? [] : ["client's certificate"]),
  ];
}

async function find(id: ToolId, what: string): Promise<string> {
  const tool = await findTool(id);
  if (tool !== null) return tool.path;
  throw new UnsupportedError(
    `${what} is installed by the ${id} of NSS, which was not found: ` +
      "install libnss3-tools (Debian, Ubuntu), nss-tools (Fedora) or nss (Arch, Homebrew)",
  );
}
