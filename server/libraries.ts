import { findPackageJSON } from "node:module";
import { dirname } from "node:path";
import express, { type Router } from "express";

/**
 * Serves the files of these npm packages at `/<package>/<file>`, as they are installed. Throws when
 * one of them is not.
 */
export function libraries(packages: ReadonlySet<string>): Router {
  const router = express.Router({ caseSensitive: true });
  for (const name of packages) {
    const manifest = findPackageJSON(name, import.meta.url);
    if (manifest === undefined) throw new Error(`the package ${name} is not installed`);
    const files = express.static(dirname(manifest), { index: false, redirect: false, maxAge: 0 });
    router.use(`/${name}`, files);
  }
  return router;
}
