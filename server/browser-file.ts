import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { transformSync } from "amaro";
import type { RequestHandler } from "express";

/**
 * Serves one file to browsers. TypeScript is sent as the JavaScript that it is once its types are
 * blanked out: lines and columns stay, so that what runs is what learners read.
 */
export function browserFile(file: URL): RequestHandler {
  if (!file.pathname.endsWith(".ts")) {
    return (_request, response) => {
      response
        .set("Cache-Control", "no-cache")
        .sendFile(fileURLToPath(file), { cacheControl: false });
    };
  }
  return async (_request, response) => {
    const { code } = transformSync(await readFile(file, "utf8"), { mode: "strip-only" });
    response.type("text/javascript").set("Cache-Control", "no-cache").send(code);
  };
}
