import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorCode } from "../model/error-code.ts";

const checkout = new URL("../", import.meta.url);

const folders = ["model", "techniques", "server", "experiments", "site", "public"] as const;

/** Which versions of other people's code there are; npm writes the last one when it installs. */
const files = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "node_modules/.package-lock.json",
] as const;

/**
 * A hash, in hexadecimal, of all that pages are drawn with: own code and texts, which versions of
 * others' are installed, and Node's. It blocks its thread for about ten milliseconds.
 */
export function codeDigest(root: URL = checkout): string {
  const hash = createHash("sha256").update(process.version);
  const top = fileURLToPath(root);
  const found = folders.flatMap((folder) =>
    readdirSync(join(top, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const versions = files.map((name) => join(top, name)).filter((path) => existsSync(path));
  for (const path of [...found.toSorted(), ...versions]) {
    const content = contentOf(path);
    const size = typeof content === "string" ? content : content.byteLength;
    hash.update(`\n${path.slice(top.length)} ${size}\n`);
    if (typeof content !== "string") hash.update(content);
  }
  return hash.digest("hex");
}

/** Or why there is none: the code of an error. */
function contentOf(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    const code = errorCode(error);
    // An editor's draft that went since its folder was read, or somebody's file that nothing is drawn with.
    if (code === "ENOENT" || code === "EACCES") return code;
    throw error;
  }
}
