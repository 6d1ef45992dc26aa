import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { UnsupportedError } from "./browser.ts";
import { findTool } from "./tools.ts";

const run = promisify(execFile);

/** The path of NSS's `certutil`. Rejects with an UnsupportedError when there is none. */
export async function findCertutil(): Promise<string> {
  const tool = await findTool("certutil");
  if (tool !== null) return tool.path;
  throw new UnsupportedError(
    "an authority is installed by the certutil of NSS, which was not found: " +
      "install libnss3-tools (Debian, Ubuntu), nss-tools (Fedora) or nss (Arch, Homebrew)",
  );
}

/**
 * Makes a new NSS certificate database in the folder `database`, in which an authority, given as PEM,
 * is trusted to name web servers (the trust arguments of certutil(1)).
 */
export async function createDatabase(database: string, authority: string): Promise<void> {
  const certutil = await findCertutil();
  await mkdir(database, { recursive: true });
  const file = join(database, "authority.pem");
  await writeFile(file, authority);
  const place = ["-d", `sql:${database}`];
  const limits = { timeout: 20_000, killSignal: "SIGKILL" } as const;
  await run(certutil, ["-N", ...place, "--empty-password"], limits);
  const trusted = ["-n", "WebSocket Auth Lab", "-t", "C,,", "-i", file];
  await run(certutil, ["-A", ...place, ...trusted], limits);
}
