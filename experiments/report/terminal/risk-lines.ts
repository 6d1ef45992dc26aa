import { type Severity, severityMeanings, severitySigns, worstFirst } from "../../risks/risk.ts";
import type { RiskRow, RiskTable } from "../../risks/table.ts";
import { inOrder } from "../display-order.ts";
import { findingHead, riskFindings, worstSummary } from "../risk-findings.ts";
import { type TextCell, textTable } from "../text-table.ts";
import { visible } from "../visible.ts";
import { wrap } from "../wrap.ts";
import type { Screen, Style } from "./screen.ts";

const styles: Readonly<Record<Severity, Style>> = {
  danger: ["bold", "red"],
  mind: "yellow",
  unknown: "dim",
  fine: "green",
};

/** As in the matrix: several risks fit beside the techniques. */
const wordWidth = 16;

/** Techniques against risks, each with the worst word of all browsers. */
export function riskLinesOf(tables: readonly RiskTable[], screen: Screen): string[] {
  if (tables.length === 0) return [];
  const ids = inOrder(
    tables.flatMap(({ rows }) => rows.map(({ technique }) => technique.id)),
    longest(tables),
  );
  const blocks = ids.map((id) => {
    const own = tables.map((table) => cellLines(rowOf(table, id), screen));
    const height = Math.max(1, ...own.map(({ length }) => length));
    const fill = (lines: readonly TextCell[]): TextCell[] =>
      Array.from({ length: height }, (_, line) => lines[line] ?? screen.cell("reset", ""));
    const title = tables.map((table) => rowOf(table, id)?.technique.title).find(Boolean) ?? id;
    return { title: fill([screen.cell("bold", visible(title))]), cells: own.map(fill) };
  });
  const legend = worstFirst
    .map((severity) => `${severitySigns[severity]} ${severity}: ${severityMeanings[severity]}`)
    .join(" · ");
  return [
    ...textTable(
      { heading: [], cells: blocks.flatMap(({ title }) => title) },
      tables.map(({ risk }, index) => ({
        heading: wrap(risk.title, wordWidth).map((line) => screen.cell("bold", line)),
        cells: blocks.flatMap(({ cells }) => cells[index] ?? []),
      })),
      screen.columns,
    ),
    "",
    ...screen.indented(legend, 0).map((line) => screen.paint("dim", line)),
  ];
}

/** Every finding that is not fine, risk by risk, with what to do. */
export function riskDetailLines(tables: readonly RiskTable[], screen: Screen): string[] {
  return tables.flatMap(({ risk, rows }) => [
    "",
    screen.paint("bold", risk.title),
    ...rows.flatMap((row) => {
      const findings = riskFindings(row).filter(({ cell }) => cell.severity !== "fine");
      if (findings.length === 0) return [];
      return [
        `  ${visible(row.technique.title)}`,
        ...findings.flatMap((finding) => [
          ...screen
            .indented(visible(findingHead(finding)), 4)
            .map((line) => screen.paint(styles[finding.cell.severity], line)),
          ...screen.indented(visible(`${finding.cell.sentence} ${finding.cell.advice}`), 6),
        ]),
      ];
    }),
  ]);
}

function rowOf({ rows }: RiskTable, id: string): RiskRow | undefined {
  return rows.find(({ technique }) => technique.id === id);
}

function longest(tables: readonly RiskTable[]): string[] {
  const rows = tables.toSorted((a, b) => b.rows.length - a.rows.length)[0]?.rows ?? [];
  return rows.map(({ technique }) => technique.id);
}

function cellLines(row: RiskRow | undefined, screen: Screen): TextCell[] {
  if (row === undefined) return [screen.cell("dim", "–")];
  const worst = worstSummary(row);
  if (worst === undefined) {
    return [screen.cell("dim", row.summaries[0]?.word ?? "not tried")];
  }
  const style = styles[worst.severity];
  const where = worst.profile === null ? "" : ` (${worst.profile})`;
  return wrap(`${severitySigns[worst.severity]} ${worst.word}${where}`, wordWidth).map((line) =>
    screen.cell(style, line),
  );
}
