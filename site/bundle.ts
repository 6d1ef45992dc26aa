import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { ScriptedPage } from "./shell.ts";

/** The scripts that pages have: each its own, and that of a site which is one document. */
export type Entry = ScriptedPage | "single-file";

/** Bundles a page's script into one classic script: `file://` loads no modules. */
export async function bundleScript(entry: Entry): Promise<string> {
  const source = entry === "single-file" ? `client/${entry}.ts` : `client/pages/${entry}.ts`;
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(source, import.meta.url))],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "es2023",
    charset: "utf8",
    minify: true,
    // The lab's own browser code comes from the lab, as learners read it.
    external: ["/assets/*", "/techniques/*"],
    legalComments: "none",
    logLevel: "silent",
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error(`esbuild made no script of ${source}`);
  return script.text;
}

const styles = [
  "../public/theme.css",
  "../public/style.css",
  "style/shell.css",
  "style/compare.css",
  "style/evidence.css",
  "style/technique.css",
  "style/try.css",
  "style/learn.css",
  "style/answers.css",
  "style/choose.css",
  "style/join.css",
] as const;

/** All style sheets of the site in one. */
export async function bundleStyle(): Promise<string> {
  const sheets = await Promise.all(
    styles.map((path) => readFile(new URL(path, import.meta.url), "utf8")),
  );
  return sheets.join("\n").replace(/^@import url\("theme\.css"\);$/mu, "");
}
