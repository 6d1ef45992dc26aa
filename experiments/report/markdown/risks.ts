import type { RiskSummary, RiskTable } from "../../risks/table.ts";
import { escapeMarkdown as escape } from "../escape-markdown.ts";
import type { FaultTable } from "../fault-table.ts";
import type { LeakAnswer, LeakCard } from "../leak-card.ts";
import { refusalRanking } from "../refusal-ranking.ts";
import {
  findingHead,
  outcomesIn,
  type RiskFinding,
  riskFindings,
  riskLines,
  severities,
  severityCounts,
  severityMeanings,
} from "../risk-findings.ts";
import { markdownTable } from "./table.ts";

/** What goes wrong: a folded table for each risk, and what to do about it. */
export function riskBlocks(
  tables: readonly RiskTable[],
  { card, faults }: { readonly card: LeakCard | null; readonly faults: FaultTable | null },
): string[] {
  if (tables.length === 0) return [];
  return [
    "### What goes wrong",
    `Of every technique and browser the worst that was seen. ${severities
      .map((severity) => `**${severity}**: ${severityMeanings[severity]}.`)
      .join(" ")}`,
    ...tables.flatMap((table) => {
      const { risk } = table;
      return [
        `<details>\n<summary>${risk.title}: ${severityCounts(table)}</summary>`,
        risk.question,
        techniqueTable(table),
        outcomesIn(table)
          .map(({ severity, word, advice }) => `- **${severity}**, ${escape(word)}: ${advice}`)
          .join("\n"),
        ...(risk.id === "leaks" ? leakBlocks(card) : []),
        ...(risk.id === "visibility" ? [...rankingBlocks(table), ...faultBlocks(faults)] : []),
        "</details>",
      ];
    }),
  ];
}

/** What goes wrong with one technique: a line for every finding that is not fine, and one for each risk that is. */
export function techniqueRiskBlocks(tables: readonly RiskTable[]): string[] {
  const items = tables.flatMap(({ risk, rows }) =>
    rows.flatMap((row) => {
      const findings = riskFindings(row);
      const bad = findings.filter(({ cell }) => cell.severity !== "fine");
      return (bad.length === 0 ? findings.slice(0, 1) : bad).map((finding) =>
        item(risk.title, finding),
      );
    }),
  );
  return items.length === 0 ? [] : ["### What goes wrong", items.join("\n")];
}

function item(title: string, finding: RiskFinding): string {
  const { sentence, advice } = finding.cell;
  return `- **${title}**, ${escape(findingHead(finding))}. ${escape(sentence)} ${advice}`;
}

function techniqueTable({ columns, rows }: RiskTable): string {
  return markdownTable(
    ["Technique", ...columns.map(({ label }) => escape(label))],
    rows.map(({ technique, summaries }) => [escape(technique.title), ...summaries.map(cellText)]),
  );
}

function cellText(summary: RiskSummary): string {
  if (summary.severity === null) return summary.word;
  return riskLines(summary)
    .map(({ word, severity, detail }) => {
      const text = detail === null ? word : `${word} (${detail})`;
      return severity === "danger" ? `**danger**: ${escape(text)}` : `${severity}: ${escape(text)}`;
    })
    .join("<br>");
}

function leakBlocks(card: LeakCard | null): string[] {
  if (card === null) return [];
  return [
    markdownTable(
      ["Technique", ...card.places],
      card.rows.map(({ technique, cells }) => [
        escape(technique.title),
        ...cells.map((answers) => answers.map(answerText).join("<br>")),
      ]),
    ),
  ];
}

function answerText({ browsers, state, text }: LeakAnswer): string {
  const shown = state === "found" ? `**${escape(text)}**` : escape(text);
  return browsers === null ? shown : `${escape(browsers)}: ${shown}`;
}

function rankingBlocks(table: RiskTable): string[] {
  const ranking = refusalRanking(table);
  if (ranking.length === 0) return [];
  const lines = ranking.map(
    ({ techniques, word, saw }, index) =>
      `${index + 1}. **${escape(word)}**: ${escape(techniques)}: the page sees ${escape(saw.join(" or "))}`,
  );
  return ["Whose refusal is most useful, the best first:", lines.join("\n")];
}

function faultBlocks(table: FaultTable | null): string[] {
  if (table === null) return [];
  return [
    markdownTable(
      ["What the server does", "Technique", ...table.columns.map(({ label }) => escape(label))],
      table.rows.map(({ question, technique, cells }) => [
        escape(question),
        escape(technique.title),
        ...cells.map(({ text }) => escape(text)),
      ]),
    ),
  ];
}
