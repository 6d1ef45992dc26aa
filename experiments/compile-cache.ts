import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

/** What makes the next start of this checkout faster, and can be missing: `npm ci` clears it away. */
export const keptDirectory: URL = new URL(
  "../node_modules/.cache/websocket-auth-lab/",
  import.meta.url,
);

/**
 * Has Node keep what it makes of the modules that this thread loads from now on: types stripped, code
 * compiled. It uses none whose source has changed: https://nodejs.org/api/module.html#module-compile-cache
 */
export function keepCompiled(): void {
  // Not in the folder for temporary files, Node's own choice, where somebody else could put code.
  enableCompileCache(fileURLToPath(new URL("compiled/", keptDirectory)));
}
