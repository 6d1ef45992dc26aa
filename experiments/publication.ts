import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Results } from "../model/results.ts";
import { writeWhole } from "./results-files.ts";
import type { Catalogue } from "./report/catalogue.ts";
import { parseResults, writeResults } from "./report/json.ts";
import { withResults } from "./report/readme.ts";

/** Where runs are published. */
export interface Destination {
  /** The folder of the published runs. */
  readonly directory: string;
  /** The file that shows them. */
  readonly readme: string;
  readonly catalogue: Catalogue;
}

/** The name of the file that was added to the published runs, or why there is none. */
export type Publication =
  | { readonly state: "published"; readonly name: string }
  | { readonly state: "refused"; readonly reason: string };

/** Adds a results file to what is published, and shows it in the README. Replaces no earlier file. */
export async function publish(
  file: string,
  { directory, readme, catalogue }: Destination,
): Promise<Publication> {
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
  const text = await withResults(await readFile(readme, "utf8"), results, catalogue);
  const name = await freeName(directory, first.startedAt.slice(0, 10));
  await writeWhole(join(directory, name), writeResults(results));
  await writeWhole(readme, text);
  return { state: "published", name };
}

/** Only complete runs of committed code can be published. */
function obstaclesTo({ runs }: Results): string[] {
  return runs.flatMap(({ browser, harness, trials }) => [
    ...(harness.revision !== null && harness.dirty === false
      ? []
      : [`${browser.name} was measured by code that is not committed`]),
    ...(trials.every(({ verdict: { outcome } }) => outcome === "pass" || outcome === "fail")
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
