import { execFile } from "node:child_process";
import { lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { UnsupportedError, type Trust } from "./browser.ts";
import type { Home } from "./home.ts";
import { presentedCertificate } from "./presented-certificate.ts";

/** Where GnuTLS, which speaks TLS for WebKitGTK, finds the authorities on Debian and its kin. */
const systemBundle = "/etc/ssl/certs/ca-certificates.crt";

/** How WebKitGTK comes to trust whom it shall trust. */
export interface TrustArrangement {
  /** What was done, in words. */
  readonly means: readonly string[];
  /** The beginning of the driver's command line. */
  readonly prefix: readonly string[];
  readonly acceptInsecureCerts: boolean;
  /** For `webkitgtk:browserOptions`, whose `certificates` hold for one host each. */
  readonly certificates: readonly { readonly host: string; readonly certificateFile: string }[];
}

/** Rejects with an UnsupportedError when this machine cannot arrange for such a trust. Changes nothing. */
export async function assertArrangeable({ kind }: Trust): Promise<void> {
  if (kind !== "authority") return;
  const bundle = await lstat(systemBundle).catch(() => null);
  // Elsewhere GnuTLS asks p11-kit, and a file of this name is a link to what other libraries read.
  if (bundle?.isFile() !== true) {
    throw new UnsupportedError(
      `WebKitGTK takes its authorities from the system, and here they are not in ${systemBundle}`,
    );
  }
  const [command, ...args] = inOwnNamespace(["mount", "--bind", systemBundle, systemBundle]);
  try {
    await promisify(execFile)(command, args, { timeout: 10_000 });
  } catch (cause) {
    const lastLine = String(cause).trim().split("\n").at(-1);
    throw new UnsupportedError(
      `WebKitGTK takes its authorities from the system, and it could not be given a view of its own of them (${lastLine})`,
      { cause },
    );
  }
}

/** Prepares files in the home. Rejects when the server of an exception presents no certificate. */
export async function arrangeTrust(trust: Trust, home: Home): Promise<TrustArrangement> {
  const none = { means: [], prefix: [], acceptInsecureCerts: false, certificates: [] };
  switch (trust.kind) {
    case "default":
      return none;
    case "accept-any":
      return { ...none, means: ["acceptInsecureCerts"], acceptInsecureCerts: true };
    case "exception": {
      const certificateFile = join(home.path, "exception.pem");
      await writeFile(certificateFile, (await presentedCertificate(trust.url)).toString());
      const certificates = [{ host: trust.url.hostname, certificateFile }];
      return {
        ...none,
        means: ["exception in webkitgtk:browserOptions.certificates"],
        certificates,
      };
    }
    case "authority": {
      const bundle = join(home.path, "authorities.pem");
      await writeFile(bundle, `${await readFile(systemBundle, "utf8")}\n${trust.certificate}\n`);
      // With `exec` the driver takes the shell's place, so that its browser is a child of what was started.
      const script = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
      const prefix = inOwnNamespace(["sh", "-c", script, "sh", bundle, systemBundle]);
      return { ...none, means: [`authority in its own view of ${systemBundle}`], prefix };
    }
  }
}

/** A command line whose mounts nobody else sees: unshare(1). Who is not root has to be it within to mount. */
function inOwnNamespace(command: readonly string[]): [string, ...string[]] {
  const user = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  return ["unshare", ...user, "--mount", ...command];
}
