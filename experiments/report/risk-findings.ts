import { rank } from "../risks/drafts.ts";
import { type RiskCell, type RiskOutcome, type Severity, worstFirst } from "../risks/risk.ts";
import { type RiskRow, type RiskSummary, type RiskTable, worstOf } from "../risks/table.ts";
import { type Column, nameAmong } from "./columns.ts";
import { newCells } from "./risk-cells.ts";
import { axesOf, listed, variantsInOrder, whereFound } from "./variants.ts";

/** What one run shows. */
export interface Observed {
  readonly column: Column;
  readonly cell: RiskCell;
  /** As in RiskFinding. */
  readonly place: string | null;
}

/** What browsers with the same to say show of one technique. */
export interface RiskFinding {
  readonly cell: RiskCell;
  /** "same-site and cross-site"; "everywhere": wherever the technique was tried; null when it was looked for at one place only. */
  readonly place: string | null;
  /** "Chromium and Firefox"; null: all that tried it. */
  readonly browsers: string | null;
  /** Each browser's own cell. */
  readonly observed: readonly Observed[];
}

/** What was found of a technique, worst first; of other profiles only what the default one does not show. */
export function riskFindings(row: RiskRow): RiskFinding[] {
  const { summaries, folded } = row;
  const plain = summaries.flatMap((summary) => observedOf(summary));
  const news = folded.flatMap((summary) => observedOf(summary, newCells(row, summary)));
  const trying = summaries.filter(({ severity }) => severity !== null).map(({ column }) => column);
  const groups = [...Map.groupBy([...plain, ...news], key).values()];
  return groups
    .flatMap((observed): RiskFinding[] => {
      const [first] = observed;
      if (first === undefined) return [];
      const columns = [...new Set(observed.map(({ column }) => column))];
      const isAll =
        trying.length === columns.length && trying.every((one) => columns.includes(one));
      const browsers = isAll ? null : listed(columns.map(nameAmong([...trying, ...columns])));
      return [{ cell: first.cell, place: first.place, browsers, observed }];
    })
    .toSorted((a, b) => rank(a.cell) - rank(b.cell));
}

/** A finding but for its sentence: "danger: open (cross-site; Chromium and Firefox)". */
export function findingHead({ cell, place, browsers }: RiskFinding): string {
  const details = [cell.about, place, browsers].flatMap((part) => part ?? []);
  const rest = details.length === 0 ? "" : ` (${details.join("; ")})`;
  return `${cell.severity}: ${cell.word}${rest}`;
}

/** The worst that anybody saw of one technique. */
export interface WorstWord {
  readonly word: string;
  readonly severity: Severity;
  /** The profile that shows it, "private"; null when a browser as it comes does. */
  readonly profile: string | null;
}

/** The worst of all browsers, their other profiles included; undefined when none tried it. */
export function worstSummary(row: RiskRow): WorstWord | undefined {
  const seen = [
    ...row.summaries.map(({ cells }) => ({ cells, profile: null })),
    ...row.folded.map((summary) => {
      return { cells: newCells(row, summary), profile: summary.column.foldedAs };
    }),
  ];
  const tried = seen.flatMap(({ cells, profile }) => {
    const worst = worstOf(cells);
    return worst === undefined ? [] : [{ worst, profile }];
  });
  const [first] = tried.toSorted((a, b) => rank(a.worst) - rank(b.worst));
  if (first === undefined) return undefined;
  const { word, severity } = first.worst;
  return { word, severity, profile: first.profile };
}

/** The outcomes that occur in a table, worst first, to explain them. */
export function outcomesIn({ risk, rows }: RiskTable): RiskOutcome[] {
  const words = new Set(rows.flatMap((row) => riskFindings(row).map(({ cell }) => cell.word)));
  return risk.outcomes.filter(({ word }) => words.has(word)).toSorted((a, b) => rank(a) - rank(b));
}

/** How many techniques have something of that severity as their worst. */
export function severityCounts({ rows }: RiskTable): string {
  const worst = rows.flatMap((row) => worstSummary(row)?.severity ?? []);
  return worstFirst
    .flatMap((severity) => {
      const count = worst.filter((one) => one === severity).length;
      return count === 0 ? [] : [`${count} ${severity}`];
    })
    .join(", ");
}

function observedOf(summary: RiskSummary, cells: readonly RiskCell[] = summary.cells): Observed[] {
  const { column } = summary;
  return cells.map((cell) => ({ column, cell, place: placeOf(cell, summary) }));
}

function key({ cell, place }: Observed): string {
  return JSON.stringify([cell.word, cell.about, cell.sentence, place]);
}

/** Who was not tried everywhere cannot be said to be found there. */
function placeOf(
  { where: { variants, of } }: RiskCell,
  { placements }: RiskSummary,
): string | null {
  if (of.length < 2) return null;
  const schemes = of.map((variant) => axesOf(variant).scheme);
  const everywhere = placements.flatMap((placement) =>
    schemes.map((scheme) => `${placement}, ${scheme}`),
  );
  return whereFound(variants, variantsInOrder([...of, ...everywhere]), isIncomplete);
}

/** Where something was not found, it may not have been looked for. */
const isIncomplete = { isComplete: false };
