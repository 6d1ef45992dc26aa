import { resolve } from "node:path";
import { Command, CommanderError } from "commander";
import { createLogUpdate } from "log-update";
import { readHarness } from "../experiments/harness.ts";
import { writeWhole } from "../experiments/results-files.ts";
import type { Benchmark, BenchmarkSurroundings } from "./benchmark.ts";
import { benchmarks } from "./index.ts";
import { thisMachine } from "./machine.ts";
import { renderMarkdown } from "./markdown.ts";
import { pictureOf, publishBenchmark } from "./pages.ts";
import type { BenchmarkResult } from "./published.ts";
import { writeBenchmarkResults } from "./result-file.ts";
import { renderSummary } from "./summary.ts";

const exitCodes = { met: 0, missed: 1, failed: 2, interrupted: 130 } as const;

interface Options {
  readonly small?: true;
  readonly publish?: true;
  readonly json?: string;
  readonly markdown?: string;
}

const usual = benchmarks.filter(({ isUsual }) => isUsual);
const program = new Command("npm run bench --")
  .description(
    "Measures how fast and how unbreakable the lab is, as ratios within one run.\n\nBenchmarks:\n" +
      benchmarks.map(({ id, title, cost }) => `  ${id.padEnd(16)} ${title}. ${cost}`).join("\n"),
  )
  .argument("[benchmarks...]", `which ones; without: ${usual.map(({ id }) => id).join(", ")}`)
  .option("--small", "smaller sizes: shows that it works, and measures nothing worth keeping")
  .option("--json <file>", "writes all that was found out")
  .option("--markdown <file>", "writes it for people")
  .option("--publish", "makes it what bench/results/ and docs/ say; not with --small")
  .addHelpText(
    "after",
    "\nExit code: 0 every goal was met, 1 some were missed, 2 wrong usage or a benchmark failed, 130 interrupted.",
  )
  .exitOverride();

try {
  program.parse(process.argv);
  const chosen = program.args.map(named);
  const options = program.opts<Options>();
  if (options.small === true && options.publish === true) {
    program.error("error: --small measures nothing that could be published");
  }
  process.exitCode = await bench(chosen.length === 0 ? usual : chosen, options);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.met : exitCodes.failed;
  } else {
    console.error(error);
    process.exitCode = exitCodes.failed;
  }
}

/** Makes the benchmarks one after the other; one that fails keeps no other from being made. */
async function bench(chosen: readonly Benchmark[], options: Options): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(exitCodes.interrupted);
      interruption.abort(new Error("interrupted"));
      console.error("Interrupted: finishing up. Once more to stop at once.");
    });
  }
  const harness = await readHarness();
  if (options.publish === true && harness.dirty !== false) {
    program.error(
      "error: only what committed code measured can be published: commit, then --publish",
    );
  }
  const results: BenchmarkResult[] = [];
  let failures = 0;
  for (const benchmark of chosen) {
    if (interruption.signal.aborted) break;
    const startedAt = new Date();
    const started = performance.now();
    const progress = progressOf(benchmark);
    try {
      const findings = await benchmark.measure({
        size: options.small === true ? "small" : "full",
        onProgress: progress.say,
        signal: interruption.signal,
      });
      progress.end();
      const result: BenchmarkResult = {
        schema: "websocket-auth-bench/1",
        id: benchmark.id,
        startedAt: startedAt.toISOString(),
        tookMs: Math.round(performance.now() - started),
        command: `npm run bench -- ${benchmark.id}`,
        revision: harness.revision,
        dirty: harness.dirty,
        machine: thisMachine(),
        ...findings,
      };
      results.push(result);
      console.log(renderSummary(benchmark, result));
      if (options.publish === true) await publishBenchmark(benchmark, result);
    } catch (error) {
      progress.end();
      if (interruption.signal.aborted) break;
      failures += 1;
      console.error(`error: ${benchmark.id} could not be made:`, error);
    }
  }
  await write(results, options);
  if (interruption.signal.aborted) return exitCodes.interrupted;
  if (failures > 0) return exitCodes.failed;
  const missed = results.flatMap(({ goals }) => goals.filter(({ isMet }) => !isMet));
  return missed.length === 0 ? exitCodes.met : exitCodes.missed;
}

async function write(results: readonly BenchmarkResult[], options: Options): Promise<void> {
  const { json, markdown } = options;
  if (json !== undefined) {
    await writeBenchmarkResults(resolve(json), results);
    console.log(`Written: ${resolve(json)}`);
  }
  if (markdown !== undefined) {
    const titles = new Map(benchmarks.map(({ id, title }) => [id, title]));
    const parts = results.map((result) => {
      const text = renderMarkdown(result, (plot) => `../docs/${pictureOf(result, plot)}`);
      return `# ${titles.get(result.id) ?? result.id}\n\n${text}`;
    });
    await writeWhole(resolve(markdown), `${parts.join("\n\n")}\n`);
    console.log(`Written: ${resolve(markdown)}`);
  }
}

interface ProgressLine {
  readonly say: BenchmarkSurroundings["onProgress"];
  end(): void;
}

/** One line on a terminal; lines elsewhere. */
function progressOf({ id }: Benchmark): ProgressLine {
  if (!process.stderr.isTTY) {
    return { say: (sentence) => void process.stderr.write(`${id}: ${sentence}\n`), end: () => {} };
  }
  const update = createLogUpdate(process.stderr);
  return { say: (sentence) => update(`${id}: ${sentence}`), end: () => update.clear() };
}

function named(id: string): Benchmark {
  const found = benchmarks.find((one) => one.id === id);
  if (found !== undefined) return found;
  const known = benchmarks.map((one) => one.id).join(", ");
  return program.error(`error: there is no benchmark "${id}"; there are: ${known}`);
}
