import { readdir, readFile } from "node:fs/promises";
import { placements, schemes } from "../experiments/axes.ts";
import { plan } from "../experiments/plan.ts";
import { scenarios } from "../experiments/scenarios/index.ts";
import { folderOf } from "../techniques/folder.ts";
import { techniquesDirectory } from "../techniques/index.ts";
import type { Technique } from "../techniques/technique.ts";
import type { SourceFile, SourcesData } from "./data.ts";
import { highlight } from "./highlight.ts";

/** The files of a technique that pages show, in this order, as they run. `directory` is its folder, and ends with a slash. */
export async function sourceFilesOf(
  technique: Technique,
  directory: URL,
): Promise<readonly SourceFile[]> {
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
  return await Promise.all(files);
}

/** The sources of a technique of this checkout, and what trials with them are known by. */
export async function sourcesOf(technique: Technique): Promise<SourcesData> {
  const files = await sourceFilesOf(technique, folderOf(technique, techniquesDirectory));
  return { technique: technique.id, definitions: definitionsOf(technique), files };
}

/** Some scenarios are tried over the first scheme only, whichever that is. */
function definitionsOf(technique: Technique): readonly string[] {
  const trials = schemes.flatMap((scheme) =>
    plan({
      techniques: [technique],
      techniquesDirectory,
      scenarios,
      placements,
      schemes: [scheme],
      choosesPlacements: true,
      repeat: 1,
    }),
  );
  return [...new Set(trials.map(({ definition }) => definition))];
}
