import { readdir, readFile } from "node:fs/promises";
import type { Technique } from "../techniques/technique.ts";
import type { SourceFile, SourcesData } from "./data.ts";
import { highlight } from "./highlight.ts";

/** The files of a technique that pages show, in this order, as they run. `directory` is its folder, and ends with a slash. */
export async function sourcesOf(technique: Technique, directory: URL): Promise<SourcesData> {
  const { browser = "browser.ts", program = "program.ts" } = technique;
  const shown: readonly Pick<SourceFile, "name" | "role">[] = [
    { name: browser, role: "browser" },
    { name: "server.ts", role: "server" },
    { name: program, role: "program" },
    { name: "frame.html", role: "frame" },
    { name: "frame.ts", role: "frame" },
  ];
  const present = new Set(await readdir(directory));
  const files = shown
    .filter(({ name }) => present.has(name))
    .map(async ({ name, role }) => {
      const source = await readFile(new URL(name, directory), "utf8");
      return { name, role, lines: highlight(name, source) };
    });
  return { technique: technique.id, files: await Promise.all(files) };
}
