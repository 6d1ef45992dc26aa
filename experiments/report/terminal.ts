import { styleText } from "node:util";
import type { Results, SummaryWord, Verdict } from "../../model/results.ts";
import type { Catalogue } from "./catalogue.ts";
import {
  type BrowserFindings,
  type CommonReason,
  countTrials,
  type Finding,
  findingsOf,
} from "./findings.ts";
import { type Cell, matrixOf } from "./matrix.ts";
import { type TextCell, type TextColumn, textTable } from "./text-table.ts";
import { visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

/** What a terminal can show. */
export interface TerminalOptions {
  /** How wide it is, in characters. */
  readonly columns: number;
  readonly colour: boolean;
}

type Style = Parameters<typeof styleText>[0];

/** The matrix as a table, and below it every trial that did not pass, with its reasons in words. */
export function renderTerminal(
  results: Results,
  catalogue: Catalogue,
  { columns, colour }: TerminalOptions,
): string {
  const paint = (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  const cell = (style: Style, text: string): TextCell => ({ text, paint: (t) => paint(style, t) });
  const matrix = matrixOf(results, catalogue);
  const { fails, inconclusive } = findingsOf(matrix);

  const first: TextColumn = {
    heading: [],
    cells: matrix.rows.map(({ technique }) => cell("bold", visible(technique.title))),
  };
  const others = matrix.columns.map((column, index): TextColumn => ({
    heading: [
      ...visible(column.name)
        .split(" ")
        .map((line) => cell("bold", line)),
      ...[column.version, column.note].flatMap((line) =>
        line === null ? [] : [cell("dim", visible(line))],
      ),
    ],
    cells: matrix.rows.flatMap(({ cells }) => {
      const one = cells[index];
      return one === undefined ? [] : [cell(cellStyle(one), cellText(one))];
    }),
  }));
  const section = (
    title: string,
    style: Style,
    browsers: readonly BrowserFindings<Verdict["outcome"]>[],
  ): string[] =>
    browsers.length === 0
      ? []
      : [
          "",
          paint(style, title),
          ...browsers.flatMap((browser) => findingLines(browser, columns, paint)),
        ];

  const lines = [
    ...textTable(first, others, columns),
    "",
    ...wrap(legend, columns).map((line) => paint("dim", line)),
    ...section(`${countTrials(fails)} failed`, ["bold", "red"], fails),
    ...section(
      `${countTrials(inconclusive)} inconclusive (says nothing about the technique)`,
      ["bold", "yellow"],
      inconclusive,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

const legend = "partly: some fail · broken: refuses good · unsafe: lets bad in · n/n: passed";

function cellText({ summary: { word, passed, total } }: Cell): string {
  return total === 0 ? "not tried" : `${word} ${passed}/${total}`;
}

function cellStyle({ summary }: Cell): Style {
  return summary.total === 0 ? "dim" : wordStyles[summary.word];
}

const wordStyles: Record<SummaryWord, Style> = {
  works: "green",
  partly: "yellow",
  broken: "red",
  unsafe: ["bold", "red"],
  unknown: "dim",
};

function findingLines(
  { column, common, techniques }: BrowserFindings<Verdict["outcome"]>,
  columns: number,
  paint: (style: Style, text: string) => string,
): string[] {
  const heading = ["", paint("bold", visible(column.label))];
  if (common !== null) return [...heading, ...indented(commonText(common), 2, columns)];
  return [
    ...heading,
    ...techniques.flatMap((one) => [
      `  ${visible(one.technique.title)}`,
      ...(one.common === null
        ? one.findings.flatMap((finding) => findingText(finding))
        : indented(commonText(one.common), 4, columns)),
    ]),
  ];

  function findingText(finding: Finding<Verdict["outcome"]>): string[] {
    const { repetitions, reasons } = finding;
    return [
      ...indented(trialText(finding), 4, columns).map((line) => paint("cyan", line)),
      ...reasons.flatMap(({ outcome, reason, count }) => {
        const times = repetitions.trials.length > 1 ? `${count}× ` : "";
        const what = outcome === "fail" ? "" : `${outcome}: `;
        return indented(`${times}${what}${visible(reason)}`, 6, columns);
      }),
    ];
  }
}

function commonText({ extent, outcome, reason }: CommonReason): string {
  return `${extent}: ${outcome}: ${visible(reason)}`;
}

function trialText({ repetitions, where }: Finding<Verdict["outcome"]>): string {
  const { scenario, unstable } = repetitions;
  const place = where === null ? "" : ` (${where})`;
  const note = unstable === null ? "" : `, ${unstable}`;
  return visible(`${scenario.id}${place}${note}`);
}

function indented(text: string, indent: number, columns: number): string[] {
  return wrap(text, Math.max(columns - indent, 20)).map((line) => " ".repeat(indent) + line);
}
