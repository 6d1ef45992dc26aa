import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { format } from "oxfmt";
import { writeWhole } from "../experiments/results-files.ts";
import type { Benchmark, Plot } from "./benchmark.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderPlot } from "./plot.ts";
import type { BenchmarkResult } from "./published.ts";
import { writeBenchmarkResults } from "./result-file.ts";

const root = new URL("../", import.meta.url);

/** Where a benchmark's published results are. */
export function resultFileOf({ id }: Pick<Benchmark, "id">): URL {
  return new URL(`bench/results/${id}.json`, root);
}

/** The page that shows a benchmark. */
export function pageOf({ page }: Pick<Benchmark, "page">): URL {
  return new URL(`docs/${page}.md`, root);
}

/** Where a plot's picture is, relative to the pages. */
export function pictureOf({ id }: Pick<Benchmark, "id">, plot: Plot): string {
  return `pictures/${id}-${plot.id}.svg`;
}

/** Makes results the published ones: writes the file, the pictures, and the benchmark's block of its page. */
export async function publishBenchmark(
  benchmark: Pick<Benchmark, "id" | "page">,
  result: BenchmarkResult,
): Promise<void> {
  const page = pageOf(benchmark);
  const text = await showing(await readFile(page, "utf8"), benchmark, result);
  await writeBenchmarkResults(fileURLToPath(resultFileOf(benchmark)), result);
  for (const plot of result.plots) {
    const picture = new URL(pictureOf(benchmark, plot), page);
    await writeWhole(fileURLToPath(picture), renderPlot(plot));
  }
  await writeWhole(fileURLToPath(page), text);
}

/** A page with the benchmark's block replaced. Throws when the page has none. */
export async function showing(
  page: string,
  benchmark: Pick<Benchmark, "id">,
  result: BenchmarkResult,
): Promise<string> {
  const { from, to } = placeOf(page, benchmark);
  const markdown = renderMarkdown(result, (plot) => pictureOf(benchmark, plot));
  const { code } = await format("block.md", markdown);
  return `${page.slice(0, from)}\n\n${code}\n${page.slice(to)}`;
}

/** What a page says of a benchmark; empty before it is published. Throws when the page has no block for it. */
export function blockOf(page: string, benchmark: Pick<Benchmark, "id">): string {
  const { from, to } = placeOf(page, benchmark);
  return page.slice(from, to).trim();
}

function placeOf(page: string, { id }: Pick<Benchmark, "id">): { from: number; to: number } {
  const begin = `<!-- bench ${id}: written by npm run bench -- ${id} --publish -->`;
  const end = `<!-- /bench ${id} -->`;
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  if (!page.includes(begin) || to < from) {
    throw new Error(`the page has no block from ${begin} to ${end}`);
  }
  return { from, to };
}
