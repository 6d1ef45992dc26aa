import type { Results, Verdict } from "../../model/results.ts";
import { axisTables } from "./axes.ts";
import type { Catalogue } from "./catalogue.ts";
import { certificateTable } from "./certificates.ts";
import type { Column } from "./columns.ts";
import {
  type BrowserFindings,
  type CommonReason,
  countTrials,
  findingsOf,
  type TechniqueFindings,
} from "./findings.ts";
import { escapeMarkdown as escape } from "./escape-markdown.ts";
import { faultTable } from "./fault-table.ts";
import { featureTable } from "./feature-table.ts";
import { leakCard } from "./leak-card.ts";
import { leftOutLines } from "./left-out.ts";
import { axesBlocks } from "./markdown/axes.ts";
import { certificateBlocks } from "./markdown/certificates.ts";
import { featureBlocks } from "./markdown/features.ts";
import { profileBlocks } from "./markdown/profiles.ts";
import { riskBlocks, riskSummaryBlocks } from "./markdown/risks.ts";
import { markdownTable } from "./markdown/table.ts";
import { tokenShapeBlocks } from "./markdown/token-shapes.ts";
import { type Cell, type Matrix, matrixOf } from "./matrix.ts";
import { profileComparisons } from "./profiles.ts";
import type { Report } from "./report.ts";
import { riskTables } from "../risks/table.ts";
import { tokenShapeTable } from "./token-shapes.ts";
import { techniquesText, type Unsupported } from "./unsupported.ts";

/** A table and its findings in GitHub-flavoured Markdown, for a README or a comment. */
export const markdown: Report<string> = {
  flag: "markdown",
  extension: "md",
  description: "the matrix and the findings, for a README or a comment",
  render: renderMarkdown,
};

function renderMarkdown(results: Results, catalogue: Catalogue): string {
  return render(results, catalogue, riskBlocksOf(results, catalogue));
}

/** Which techniques work in which browser, and nothing else. */
export function renderOverview(results: Results, catalogue: Catalogue): string {
  const blocks = [table(matrixOf(results, catalogue)), legend, measuredText(results)];
  return `${blocks.join("\n\n")}\n`;
}

/** All but what goes wrong, of which there is one table; `whole`, a link, leads to the rest. */
export function renderDetails(results: Results, catalogue: Catalogue, whole: string): string {
  const summary = riskSummaryBlocks(riskTables(results, catalogue), catalogue, whole);
  return render(results, catalogue, summary);
}

/** What goes wrong, whole. */
export function renderRisks(results: Results, catalogue: Catalogue): string {
  return `${[...riskBlocksOf(results, catalogue), measuredText(results)].join("\n\n")}\n`;
}

function riskBlocksOf(results: Results, catalogue: Catalogue): string[] {
  return riskBlocks(riskTables(results, catalogue), {
    card: leakCard(results, catalogue),
    faults: faultTable(results, catalogue),
  });
}

const legend =
  "Trials passed of trials made. **partly**: some fail. **broken**: a good token is refused. " +
  "**unsafe**: somebody got in who should not. **unknown**: not enough could be shown.";

function render(results: Results, catalogue: Catalogue, risks: readonly string[]): string {
  const matrix = matrixOf(results, catalogue);
  const { fails, inconclusive } = findingsOf(matrix);
  const blocks = [
    table(matrix),
    legend,
    ...leftOutLines(results, catalogue).map(({ techniques, where, reason }) =>
      escape(`Left out: ${techniques} ${where}: ${reason}`),
    ),
    ...axesBlocks(axisTables(matrix)),
    measuredText(results),
    ...folded(section(`${countTrials(fails)} failed`, fails)),
    ...folded(section(`${countTrials(inconclusive)} inconclusive`, inconclusive)),
    ...profileBlocks(profileComparisons(matrix)),
    ...risks,
    ...tokenShapeBlocks(tokenShapeTable(results, catalogue)),
    ...certificateBlocks(certificateTable(results, catalogue)),
    ...featureBlocks(featureTable(results)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** A section whose heading is what remains of it until somebody opens it. */
function folded([heading, ...blocks]: readonly string[]): string[] {
  if (heading === undefined) return [];
  const summary = heading.replace(/^#+ /u, "");
  return [`<details>\n<summary>${summary}</summary>`, ...blocks, "</details>"];
}

function table({ columns, rows }: Matrix): string {
  return markdownTable(
    ["Technique", ...columns.map(headingText)],
    rows.map(({ technique, cells }) => [escape(technique.title), ...cells.map(cellText)]),
  );
}

function headingText({ name, version, note }: Column): string {
  const parts = [version, note].flatMap((part) => part ?? []);
  return [escape(name), ...parts.map(escape)].join("<br>");
}

function cellText({ summary: { word, passed, total }, brokenWhere }: Cell): string {
  if (total === 0) return "not tried";
  const count = word === "works" ? `works ${passed}/${total}` : `**${word}** ${passed}/${total}`;
  return brokenWhere === null ? count : `${count}<br>broken ${escape(brokenWhere)}`;
}

/** When it was measured, and by which code. */
export function measuredText({ runs }: Results): string {
  const times = runs.map(({ endedAt, harness: { version, revision, dirty } }) => {
    const code = revision === null ? "" : `, revision ${revision.slice(0, 12)}`;
    return `${endedAt.slice(0, 10)} (version ${version}${code}${dirty === true ? ", changed" : ""})`;
  });
  return `Measured on ${[...new Set(times)].map(escape).join("; ")}.`;
}

/** Every `fail`, or every inconclusive trial, browser by browser. */
export function section(
  title: string,
  browsers: readonly BrowserFindings<Verdict["outcome"]>[],
): string[] {
  if (browsers.length === 0) return [];
  return [
    `### ${title}`,
    ...browsers.flatMap(({ column, common, unsupported, techniques }) => [
      `#### ${escape(column.label)}`,
      common === null
        ? [...unsupported.map(unsupportedItem), ...techniques.flatMap(techniqueItems)].join("\n")
        : commonText(common),
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

function unsupportedItem(one: Unsupported): string {
  return `- ${escape(`${one.where}, ${techniquesText(one)}: unsupported: ${one.reason}`)}`;
}
