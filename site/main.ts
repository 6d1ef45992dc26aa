import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Command, CommanderError } from "commander";
import { createLogUpdate } from "log-update";
import type { Results } from "../model/results.ts";
import { parseResults } from "../experiments/report/json.ts";
import { readPublished } from "../experiments/results-files.ts";
import { messageOf } from "./message-of.ts";
import { createSiteFiles } from "./site-files.ts";
import { writeSite } from "./write-site.ts";

const program = new Command("npm run site --")
  .description(
    "Writes the pages as files that any web server can serve, below any path,\n" +
      "and that open from a folder too: what was measured, with its evidence, the\n" +
      "techniques, answers and the chooser.",
  )
  .option(
    "--out <folder>",
    "where it goes: an empty folder, or a site that was written before",
    "site-out",
  )
  .option("--results <file>", "a results file, instead of the newest that are published")
  .addHelpText("after", "\nExit code: 0 written, 2 wrong usage or failed.")
  .allowExcessArguments(false)
  .exitOverride();

try {
  program.parse(process.argv);
  const { out, results } = program.opts<{ out: string; results?: string }>();
  await build(resolve(out), results);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(`error: ${messageOf(error)}`);
    process.exitCode = 2;
  }
}

async function build(directory: string, file: string | undefined): Promise<void> {
  const startedAt = performance.now();
  const site = createSiteFiles({
    isLab: false,
    readResults: async () => {
      const results = await (file === undefined ? newestPublished() : readResults(file));
      return [{ source: "published", prefix: "", results }];
    },
  });
  const log = process.stderr.isTTY ? createLogUpdate(process.stderr) : undefined;
  log?.("Reading results");
  const { files, bytes } = await writeSite(site, directory, (done, total) => {
    if (done % 10 === 0 || done === total) log?.(`${done} of ${total} files`);
  }).finally(() => log?.clear());
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `Written: ${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${seconds} s\n` +
      `Open ${pathToFileURL(join(directory, "index.html")).href}`,
  );
}

async function newestPublished(): Promise<Results> {
  const newest = (await readPublished()).at(-1);
  if (newest === undefined) {
    throw new Error("results/ holds no published results: give --results a file");
  }
  return newest;
}

async function readResults(file: string): Promise<Results> {
  try {
    return parseResults(await readFile(file, "utf8"));
  } catch (cause) {
    const problem = messageOf(cause);
    throw new Error(`--results: ${file} is no results file: ${problem}`, { cause });
  }
}
