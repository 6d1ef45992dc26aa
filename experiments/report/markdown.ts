import type { Results, Verdict } from "../../model/results.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Column } from "./columns.ts";
import {
  type BrowserFindings,
  type CommonReason,
  countTrials,
  findingsOf,
  type TechniqueFindings,
} from "./findings.ts";
import { escapeMarkdown as escape } from "./escape-markdown.ts";
import { type Cell, type Matrix, matrixOf } from "./matrix.ts";
import type { Report } from "./report.ts";

/** A table and its findings in GitHub-flavoured Markdown, for a README or a comment. */
export const markdown: Report = {
  flag: "markdown",
  extension: "md",
  description: "the matrix and the findings, for a README or a comment",
  render: renderMarkdown,
};

function renderMarkdown(results: Results, catalogue: Catalogue): string {
  const matrix = matrixOf(results, catalogue);
  const { fails, inconclusive } = findingsOf(matrix);
  const blocks = [
    table(matrix),
    "Trials passed of trials made. **partly**: some fail. **broken**: a good token is refused. " +
      "**unsafe**: somebody got in who should not. **unknown**: not enough could be shown.",
    measuredText(results),
    ...section(`${countTrials(fails)} failed`, fails),
    ...section(`${countTrials(inconclusive)} inconclusive`, inconclusive),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function table({ columns, rows }: Matrix): string {
  const lines = [
    ["Technique", ...columns.map(headingText)],
    ["---", ...columns.map(() => "---")],
    ...rows.map(({ technique, cells }) => [escape(technique.title), ...cells.map(cellText)]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function headingText({ name, version, note }: Column): string {
  const parts = [version, note].flatMap((part) => part ?? []);
  return [escape(name), ...parts.map(escape)].join("<br>");
}

function cellText({ summary: { word, passed, total } }: Cell): string {
  if (total === 0) return "not tried";
  return word === "works" ? `works ${passed}/${total}` : `**${word}** ${passed}/${total}`;
}

function measuredText({ runs }: Results): string {
  const times = runs.map(({ endedAt, harness: { version, revision, dirty } }) => {
    const code = revision === null ? "" : `, revision ${revision.slice(0, 12)}`;
    return `${endedAt.slice(0, 10)} (version ${version}${code}${dirty === true ? ", changed" : ""})`;
  });
  return `Measured on ${[...new Set(times)].map(escape).join("; ")}.`;
}

function section(
  title: string,
  browsers: readonly BrowserFindings<Verdict["outcome"]>[],
): string[] {
  if (browsers.length === 0) return [];
  return [
    `### ${title}`,
    ...browsers.flatMap(({ column, common, techniques }) => [
      `#### ${escape(column.label)}`,
      common === null ? techniques.flatMap(techniqueItems).join("\n") : commonText(common),
    ]),
  ];
}

function techniqueItems({
  technique,
  common,
  findings,
}: TechniqueFindings<Verdict["outcome"]>): string[] {
  const title = `- **${escape(technique.title)}**`;
  if (common !== null) return [title, `  - ${commonText(common)}`];
  return [
    title,
    ...findings.flatMap(({ repetitions, where, reasons }) => {
      const { scenario, trials, unstable } = repetitions;
      const place = where === null ? "" : ` (${escape(where)})`;
      const note = unstable === null ? "" : ` (${escape(unstable)})`;
      return reasons.map(({ outcome, reason, count }) => {
        const times = trials.length > 1 ? `${count}× ` : "";
        const what = outcome === "fail" ? "" : `${outcome}: `;
        return `  - *${escape(scenario.id)}*${place}${note}: ${times}${what}${escape(reason)}`;
      });
    }),
  ];
}

function commonText({ extent, outcome, reason }: CommonReason): string {
  return `${extent}: ${outcome}: ${escape(reason)}`;
}
