import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Results, Verdict } from "../model/results.ts";
import { writeWhole } from "./results-files.ts";
import type { Catalogue } from "./report/catalogue.ts";
import { parseResults, writeResults } from "./report/json.ts";
import { renderOverview } from "./report/markdown.ts";
import { renderTechniques } from "./report/markdown/technique.ts";
import { withResults } from "./report/readme.ts";

/** Where runs are published. */
export interface Destination {
  /** The folder of the published runs. */
  readonly directory: string;
  /** The file that shows them all. */
  readonly readme: string;
  /** The files that show those of some techniques, and these techniques' ids. */
  readonly techniqueReadmes: ReadonlyMap<string, readonly string[]>;
  /** Files that show something else of them, and what that is. Absent: none. */
  readonly guides?: ReadonlyMap<string, (results: Results) => Promise<string>>;
  readonly catalogue: Catalogue;
}

/** The name of the file that was added to the published runs, or why there is none. */
export type Publication =
  | { readonly state: "published"; readonly name: string }
  | { readonly state: "refused"; readonly reason: string };

/** Adds a results file to what is published, and shows it in the READMEs. Replaces no earlier file. */
export async function publish(file: string, destination: Destination): Promise<Publication> {
  const { directory } = destination;
  let results: Results;
  try {
    results = parseResults(await readFile(file, "utf8"));
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { state: "refused", reason: `${file} is no results file: ${problem}` };
  }
  const obstacles = obstaclesTo(results);
  const [first] = results.runs;
  if (first === undefined || obstacles.length > 0) {
    const reasons = first === undefined ? "there is no run in it" : obstacles.join("; ");
    return { state: "refused", reason: `${file} cannot be published: ${reasons}` };
  }
  const texts = await showing(results, destination);
  const name = await freeName(directory, first.startedAt.slice(0, 10));
  await writeWhole(join(directory, name), writeResults(results));
  for (const [path, text] of texts) await writeWhole(path, text);
  return { state: "published", name };
}

/** The READMEs as they are when these results are the newest, by path. Rejects when one has no place for results. */
export async function showing(
  results: Results,
  { readme, techniqueReadmes, guides = new Map(), catalogue }: Omit<Destination, "directory">,
): Promise<ReadonlyMap<string, string>> {
  const blocks = [
    [readme, renderOverview(results, catalogue)] as const,
    ...[...techniqueReadmes].map(
      ([path, ids]) => [path, renderTechniques(results, catalogue, ids)] as const,
    ),
    ...[...guides].map(([path, render]) => [path, render(results)] as const),
  ];
  const texts = blocks.map(
    async ([path, block]) =>
      [path, await withResults(await readFile(path, "utf8"), await block)] as const,
  );
  return new Map(await Promise.all(texts));
}

const publishable = new Set<Verdict["outcome"]>(["pass", "fail", "unsupported"]);

/** Only complete runs of committed code can be published. */
function obstaclesTo({ runs }: Results): string[] {
  return runs.flatMap(({ browser, harness, trials }) => [
    ...(harness.revision !== null && harness.dirty === false
      ? []
      : [`${browser.name} was measured by code that is not committed`]),
    ...(trials.every(({ verdict: { outcome } }) => publishable.has(outcome))
      ? []
      : [`${browser.name} has trials that say nothing`]),
  ]);
}

/** `2026-10-02.json`, and from the second file of the day on `2026-10-02-2.json`. */
async function freeName(directory: string, date: string): Promise<string> {
  const taken = new Set(await readdir(directory));
  let name = `${date}.json`;
  for (let count = 2; taken.has(name); count += 1) name = `${date}-${count}.json`;
  return name;
}
