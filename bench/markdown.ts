import { escapeMarkdown } from "../experiments/report/escape-markdown.ts";
import type { Goal, Plot, Table } from "./benchmark.ts";
import type { BenchmarkResult } from "./published.ts";

/** What a benchmark found out, as Markdown without a heading of its own. `pictureOf` says where a plot's picture is. */
export function renderMarkdown(result: BenchmarkResult, pictureOf: (plot: Plot) => string): string {
  const { system, processor, cores, memoryGiB, node } = result.machine;
  const revision =
    result.revision === null
      ? "an unknown revision"
      : `revision ${result.revision.slice(0, 12)}${result.dirty === true ? " with changes" : ""}`;
  const minutes = (result.tookMs / 60_000).toFixed(1);
  return [
    goalTable(result.goals),
    ...result.plots.map((plot) => `![${escapeMarkdown(plot.title)}](${pictureOf(plot)})`),
    ...result.tables.map(
      ({ title, headings, rows }: Table) =>
        `**${escapeMarkdown(title)}**\n\n${table(headings, rows)}`,
    ),
    result.notes.map((note) => `- ${escapeMarkdown(note)}`).join("\n"),
    `Measured on ${result.startedAt.slice(0, 10)} in ${minutes} minutes by \`${result.command}\`, ${revision}, on ${escapeMarkdown(`${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}`)}.`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function goalTable(goals: readonly Goal[]): string {
  if (goals.length === 0) return "";
  const rows = goals.map(({ claim, measured, isMet, why }) => [
    claim,
    measured,
    isMet ? "met" : `**missed**${why === null ? "" : `: ${escapeMarkdown(why)}`}`,
  ]);
  const escaped = rows.map(([claim = "", measured = "", outcome = ""]) => [
    escapeMarkdown(claim),
    escapeMarkdown(measured),
    outcome,
  ]);
  return rawTable(["goal", "measured", ""], escaped);
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return rawTable(
    headings.map(escapeMarkdown),
    rows.map((row) => row.map(escapeMarkdown)),
  );
}

function rawTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => "---"), ...rows].map(rawRow).join("\n");
}

function rawRow(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
