import { textTable, type TextCell } from "../experiments/report/text-table.ts";
import { visible } from "../experiments/report/visible.ts";
import type { Benchmark, Table } from "./benchmark.ts";
import type { BenchmarkResult } from "./published.ts";

const columns = 160;

/** What a benchmark found out, for a terminal. */
export function renderSummary(
  { title }: Pick<Benchmark, "title">,
  result: BenchmarkResult,
): string {
  return [
    `${title} (${(result.tookMs / 60_000).toFixed(1)} minutes)`,
    ...result.goals.map(
      ({ claim, measured, isMet, why }) =>
        `${isMet ? "✓" : "✗"} ${visible(claim)}: ${visible(measured)}${why === null ? "" : ` (${visible(why)})`}`,
    ),
    ...result.tables.flatMap((table) => ["", visible(table.title), ...tableLines(table)]),
    ...(result.notes.length === 0 ? [] : [""]),
    ...result.notes.map((note) => `- ${visible(note)}`),
    "",
  ].join("\n");
}

function tableLines({ headings, rows }: Table): string[] {
  const [first, ...others] = headings.map((heading, place) => ({
    heading: [cell(heading)],
    cells: rows.map((row) => cell(row[place])),
  }));
  return first === undefined ? [] : textTable(first, others, columns);
}

function cell(text = ""): TextCell {
  return { text: visible(text), paint: (same) => same };
}
