import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { techniques } from "../techniques/index.ts";
import { catalogueOf } from "./laboratory.ts";
import { parseResults, writeResults } from "./report/json.ts";
import { withResults } from "./report/readme.ts";
import { publishedDirectory, writeWhole } from "./results-files.ts";

const [file, ...others] = process.argv.slice(2);
if (file === undefined || file === "--help" || others.length > 0) {
  console.log(`Usage: npm run publish-results -- results/local/….json

Makes a run of all browsers what is known: copies it to results/ and shows it in the README.
Only complete runs of committed code can be published.`);
  process.exitCode = file === "--help" ? 0 : 2;
} else {
  process.exitCode = await publish(file);
}

async function publish(path: string): Promise<number> {
  const results = parseResults(await readFile(path, "utf8"));
  const obstacles = results.runs.flatMap(({ browser, harness, trials }) => [
    ...(harness.revision !== null && harness.dirty === false
      ? []
      : [`${browser.name} was measured by code that is not committed`]),
    ...(trials.every(({ verdict: { outcome } }) => outcome === "pass" || outcome === "fail")
      ? []
      : [`${browser.name} has trials that say nothing`]),
  ]);
  const [first] = results.runs;
  if (first === undefined) obstacles.push("there is no run in it");
  if (obstacles.length > 0 || first === undefined) {
    console.error(`error: ${path} cannot be published: ${obstacles.join("; ")}`);
    return 2;
  }
  const name = `${first.startedAt.slice(0, 10)}.json`;
  await writeWhole(fileURLToPath(new URL(name, publishedDirectory)), writeResults(results));
  const readme = fileURLToPath(new URL("../README.md", import.meta.url));
  const text = await readFile(readme, "utf8");
  await writeWhole(readme, withResults(text, results, catalogueOf(techniques)));
  console.log(`Written: results/${name} and README.md`);
  return 0;
}
