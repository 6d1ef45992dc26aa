import { severityMeanings, worstFirst } from "../../risks/risk.ts";
import type { RiskRow, RiskSummary, RiskTable } from "../../risks/table.ts";
import type { Catalogue } from "../catalogue.ts";
import { escapeMarkdown as escape } from "../escape-markdown.ts";
import type { FaultTable } from "../fault-table.ts";
import { foundLines, type LeakAnswer, type LeakCard } from "../leak-card.ts";
import { refusalRanking } from "../refusal-ranking.ts";
import { riskLines } from "../risk-cells.ts";
import {
  findingHead,
  outcomesIn,
  type RiskFinding,
  riskFindings,
  severityCounts,
  worstSummary,
} from "../risk-findings.ts";
import { markdownTable } from "./table.ts";

const meanings = worstFirst
  .map((severity) => `**${severity}**: ${severityMeanings[severity]}.`)
  .join(" ");

/** What goes wrong: a folded table for each risk, and what to do about it. */
export function riskBlocks(
  tables: readonly RiskTable[],
  { card, faults }: { readonly card: LeakCard | null; readonly faults: FaultTable | null },
): string[] {
  if (tables.length === 0) return [];
  return [
    "### What goes wrong",
    `Of every technique and browser the worst that was seen; "same": as in the first browser. ${meanings}`,
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

/** Techniques against risks, each with the worst word of all browsers, and where the rest is. */
export function riskSummaryBlocks(
  tables: readonly RiskTable[],
  catalogue: Catalogue,
  whole: string,
): string[] {
  if (tables.length === 0) return [];
  const rows = catalogue.techniques.flatMap(({ id, title }) => {
    const cells = tables.map((table) => {
      const row = table.rows.find(({ technique }) => technique.id === id);
      const worst = row === undefined ? undefined : worstSummary(row);
      if (worst === undefined) return "–";
      const { severity, word, profile } = worst;
      const text = `${word}${profile === null ? "" : ` (${profile})`}`;
      return escape(severity === "fine" ? text : `${severity}: ${text}`).replace(
        /^danger/u,
        "**danger**",
      );
    });
    return cells.every((cell) => cell === "–") ? [] : [[escape(title), ...cells]];
  });
  return [
    "### What goes wrong",
    `The worst that any browser showed, at any placement; who, where and what to do about it is in ${whole}. ${meanings}`,
    markdownTable(["Technique", ...tables.map(({ risk }) => risk.title)], rows),
  ];
}

/** What goes wrong with one technique: a line for every finding that is not fine, and one for each risk that is. */
export function techniqueRiskBlocks(tables: readonly RiskTable[], card: LeakCard | null): string[] {
  const items = tables.flatMap(({ risk, rows }) =>
    rows.flatMap((row) => {
      const findings = riskFindings(row);
      const bad = findings.filter(({ cell }) => cell.severity !== "fine");
      return (bad.length === 0 ? findings.slice(0, 1) : bad).map((finding) =>
        item(risk.title, finding),
      );
    }),
  );
  return items.length === 0
    ? []
    : ["### What goes wrong", items.join("\n"), ...(card === null ? [] : foundBlocks(card, false))];
}

function item(title: string, finding: RiskFinding): string {
  const { sentence, advice } = finding.cell;
  return `- **${title}**, ${escape(findingHead(finding))}. ${escape(sentence)} ${advice}`;
}

function techniqueTable({ columns, rows }: RiskTable): string {
  return markdownTable(
    ["Technique", ...columns.map(({ label }) => escape(label))],
    rows.map((row) => {
      const cells = row.summaries.map((summary) => cellText(summary, row));
      return [escape(row.technique.title), ...unlessSame(cells)];
    }),
  );
}

/** Rows are many, and most say the same of every browser. */
function unlessSame([first = "", ...others]: readonly string[]): string[] {
  const isFinding = first !== "not tried" && first !== "left out";
  return [first, ...others.map((text) => (isFinding && text === first ? "same" : text))];
}

function cellText(summary: RiskSummary, row: RiskRow): string {
  const lines = riskLines(summary, row).map(({ word, severity, detail }) => {
    const text = detail === null ? word : `${word} (${detail})`;
    return severity === "danger" ? `**danger**: ${escape(text)}` : `${severity}: ${escape(text)}`;
  });
  return [...(summary.severity === null ? [summary.word] : []), ...lines].join("<br>");
}

function leakBlocks(card: LeakCard | null): string[] {
  if (card === null) return [];
  const reasons = [
    ...new Set(card.rows.flatMap(({ cells }) => cells.flat().flatMap(({ why }) => why ?? []))),
  ];
  return [
    markdownTable(
      ["Technique", ...card.places],
      card.rows.map(({ technique, cells }) => [
        escape(technique.title),
        ...cells.map((answers) =>
          answers.map((answer) => answerText(answer, reasons)).join("<br>"),
        ),
      ]),
    ),
    ...(reasons.length === 0
      ? []
      : [reasons.map((reason, index) => `${index + 1}. ${escape(reason)}`).join("\n")]),
    ...foundBlocks(card),
  ];
}

/** Why nothing is known is said once, below: the same is true of many techniques. */
function answerText(
  { browsers, state, text, why }: LeakAnswer,
  reasons: readonly string[],
): string {
  const shown = state === "found" ? `**${escape(text)}**` : escape(text);
  const note = why === null ? "" : ` (${reasons.indexOf(why) + 1})`;
  return `${browsers === null ? "" : `${escape(browsers)}: `}${shown}${note}`;
}

function foundBlocks(card: LeakCard, isOfMany: boolean = true): string[] {
  const found = foundLines(card);
  if (found.length === 0) return [];
  const items = found.map(
    ({ place, technique, line }) =>
      `- ${place}: <code>${escape(line)}</code>${isOfMany ? ` (${escape(technique)})` : ""}`,
  );
  return ["Lines in which a token was found, one for each place:", items.join("\n")];
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
        ...unlessSame(cells.map(({ text }) => escape(text))),
      ]),
    ),
  ];
}
