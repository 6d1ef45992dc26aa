import type { Results, Verdict } from "../../model/results.ts";
import { axisTables } from "./axes.ts";
import type { Catalogue } from "./catalogue.ts";
import { certificateTable } from "./certificates.ts";
import { featureTable } from "./feature-table.ts";
import { type BrowserFindings, countTrials, findingsOf } from "./findings.ts";
import { leftOutLines } from "./left-out.ts";
import { matrixOf } from "./matrix.ts";
import { profileComparisons } from "./profiles.ts";
import { riskTables } from "../risks/table.ts";
import { axisLines } from "./terminal/axis-lines.ts";
import { certificateLines } from "./terminal/certificate-lines.ts";
import { featureLines } from "./terminal/feature-lines.ts";
import { findingLines } from "./terminal/finding-lines.ts";
import { matrixLines } from "./terminal/matrix-lines.ts";
import { profileLines } from "./terminal/profile-lines.ts";
import { riskDetailLines, riskLinesOf } from "./terminal/risk-lines.ts";
import { screenOf, type Style } from "./terminal/screen.ts";
import { tokenShapeLines } from "./terminal/token-shape-lines.ts";
import { tokenShapeTable } from "./token-shapes.ts";
import { visible } from "./visible.ts";

/** What a terminal can show, and what it should. */
export interface TerminalOptions {
  /** How wide it is, in characters. */
  readonly columns: number;
  readonly colour: boolean;
  /** Whether every placement and scheme is shown by itself, too, and every finding of what goes wrong. */
  readonly axes: boolean;
}

const legend = "partly: some fail · broken: refuses good · unsafe: lets bad in · n/n: passed";

/** The matrix as a table, and below it everything that needs words. */
export function renderTerminal(
  results: Results,
  catalogue: Catalogue,
  { columns, colour, axes }: TerminalOptions,
): string {
  const screen = screenOf(columns, colour);
  const matrix = matrixOf(results, catalogue);
  const { fails, inconclusive } = findingsOf(matrix);
  const certificates = certificateTable(results, catalogue);
  const features = featureTable(results);
  const tokens = tokenShapeTable(results, catalogue);
  const risks = riskTables(results, catalogue);

  const section = (title: string, style: Style, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ["", screen.paint(style, title), ...lines];
  const found = (browsers: readonly BrowserFindings<Verdict["outcome"]>[]): string[] =>
    browsers.flatMap((browser) => findingLines(browser, screen));

  const lines = [
    ...matrixLines(matrix, screen),
    "",
    ...screen.indented(legend, 0).map((line) => screen.paint("dim", line)),
    ...spaced(
      leftOutLines(results, catalogue).flatMap(({ techniques, where, reason }) =>
        screen.indented(visible(`Left out: ${techniques} ${where}: ${reason}`), 0),
      ),
    ),
    ...section(
      "By placement and scheme",
      "bold",
      axes ? axisLines(axisTables(matrix), screen) : [],
    ),
    ...section(`${countTrials(fails)} failed`, ["bold", "red"], found(fails)),
    ...section(
      `${countTrials(inconclusive)} inconclusive (says nothing about the technique)`,
      ["bold", "yellow"],
      found(inconclusive),
    ),
    ...section("Other profiles", "bold", profileLines(profileComparisons(matrix), screen)),
    ...section("What goes wrong, in the worst browser", "bold", riskLinesOf(risks, screen)),
    ...section("What goes wrong, in words", "bold", axes ? riskDetailLines(risks, screen) : []),
    ...section("Which token fits", "bold", tokens === null ? [] : tokenShapeLines(tokens, screen)),
    ...section(
      "Certificates",
      "bold",
      certificates === null ? [] : certificateLines(certificates, screen),
    ),
    ...section(
      "Neighbours: what might replace this",
      "bold",
      features === null ? [] : featureLines(features, screen),
    ),
  ];
  return `${lines.join("\n")}\n`;
}

function spaced(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", ...lines];
}
