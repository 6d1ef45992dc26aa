import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeWhole } from "../experiments/results-files.ts";
import type { BenchmarkResult } from "./published.ts";

const text = z.string();
const schema = z.object({
  schema: z.literal("websocket-auth-bench/1"),
  id: text,
  startedAt: z.iso.datetime(),
  tookMs: z.number(),
  command: text,
  revision: text.nullable(),
  dirty: z.boolean().nullable(),
  machine: z.object({
    system: text,
    processor: text,
    cores: z.number(),
    memoryGiB: z.number(),
    node: text,
  }),
  goals: z.array(
    z.object({ claim: text, measured: text, isMet: z.boolean(), why: text.nullable() }),
  ),
  tables: z.array(z.object({ title: text, headings: z.array(text), rows: z.array(z.array(text)) })),
  plots: z.array(
    z.object({
      id: text,
      title: text,
      kind: z.enum(["lines", "bars"]),
      labels: z.array(text),
      series: z.array(z.object({ name: text, values: z.array(z.number()) })),
      unit: text,
    }),
  ),
  notes: z.array(text),
}) satisfies z.ZodType<BenchmarkResult>;

/** Reads a benchmark's results file. Rejects when there is none, or when it is something else. */
export async function readBenchmarkResult(path: string | URL): Promise<BenchmarkResult> {
  return schema.parse(JSON.parse(await readFile(path, "utf8")));
}

/** Writes results as JSON, one benchmark's or those of an invocation. */
export async function writeBenchmarkResults(
  path: string,
  results: BenchmarkResult | readonly BenchmarkResult[],
): Promise<void> {
  await writeWhole(path, `${JSON.stringify(results, null, 2)}\n`);
}
