import { rank } from "../risks/drafts.ts";
import type { RiskCell, RiskOutcome, Severity } from "../risks/risk.ts";
import { type RiskRow, type RiskSummary, type RiskTable, worstOf } from "../risks/table.ts";
import type { Column } from "./columns.ts";
import { listed, variantsInOrder, whereFound } from "./variants.ts";

/** What browsers with the same to say show of one technique. */
export interface RiskFinding {
  readonly cell: RiskCell;
  /** "same-site and cross-site"; null when it was looked for at one place only. */
  readonly place: string | null;
  /** "Chromium and Firefox"; null: all that tried it. */
  readonly browsers: string | null;
  /** Each browser's own cell. */
  readonly observed: readonly { readonly column: Column; readonly cell: RiskCell }[];
}

/** What was found of a technique, worst first; of other profiles only what the default one does not show. */
export function riskFindings({ summaries, folded }: RiskRow): RiskFinding[] {
  const plain = summaries.flatMap(observedOf);
  const news = folded.flatMap(observedOf).filter(({ column, cell }) => {
    const isKnown = plain.some(
      (one) => one.column.run.browser.id === column.run.browser.id && key(one) === key({ cell }),
    );
    return !isKnown && cell.severity !== "unknown";
  });
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
      return [{ cell: first.cell, place: placeOf(first.cell), browsers, observed }];
    })
    .toSorted((a, b) => rank(a.cell) - rank(b.cell));
}

/** A finding but for its sentence: "danger: open (cross-site; Chromium and Firefox)". */
export function findingHead({ cell, place, browsers }: RiskFinding): string {
  const details = [cell.about, place, browsers].flatMap((part) => part ?? []);
  const rest = details.length === 0 ? "" : ` (${details.join("; ")})`;
  return `${cell.severity}: ${cell.word}${rest}`;
}

/** What a cell of the table says of one word: where, or what about. */
export interface RiskLine {
  readonly word: string;
  readonly severity: Severity;
  /** "access log, console", "cross-site"; null when there is nothing to add. */
  readonly detail: string | null;
}

/** The different words of one technique in one browser, worst first. */
export function riskLines({ cells }: Pick<RiskSummary, "cells">): RiskLine[] {
  const of = variantsInOrder(cells.flatMap(({ where }) => where.of));
  return [...Map.groupBy(cells, ({ word }) => word).values()].flatMap((some): RiskLine[] => {
    const [first] = some;
    if (first === undefined) return [];
    const abouts = [...new Set(some.flatMap(({ about }) => about ?? []))];
    const variants = variantsInOrder(some.flatMap(({ where }) => where.variants));
    const place = variants.length === of.length ? [] : [whereFound(variants, of, isIncomplete)];
    const details = [...(abouts.length > 0 ? [abouts.join(", ")] : []), ...place];
    const detail = details.length === 0 ? null : details.join("; ");
    return [{ word: first.word, severity: first.severity, detail }];
  });
}

/** The worst of all browsers; undefined when none tried it. */
export function worstSummary({ summaries }: Pick<RiskRow, "summaries">): RiskSummary | undefined {
  const tried = summaries.flatMap((summary) => {
    const worst = worstOf(summary.cells);
    return worst === undefined ? [] : [{ summary, place: rank(worst) }];
  });
  return tried.toSorted((a, b) => a.place - b.place)[0]?.summary;
}

/** The outcomes that occur in a table, worst first, to explain them. */
export function outcomesIn({ risk, rows }: RiskTable): RiskOutcome[] {
  const words = new Set(rows.flatMap((row) => riskFindings(row).map(({ cell }) => cell.word)));
  return risk.outcomes.filter(({ word }) => words.has(word)).toSorted((a, b) => rank(a) - rank(b));
}

/** How many techniques have something of that severity as their worst. */
export function severityCounts({ rows }: RiskTable): string {
  const worst = rows.flatMap((row) => worstSummary(row)?.severity ?? []);
  return severities
    .flatMap((severity) => {
      const count = worst.filter((one) => one === severity).length;
      return count === 0 ? [] : [`${count} ${severity}`];
    })
    .join(", ");
}

/** What severities mean, for readers. */
export const severityMeanings: Readonly<Record<Severity, string>> = {
  danger: "somebody gets in, or stays in, who should not, or a token ends up with others",
  mind: "it can be lived with by those who know of it",
  unknown: "nothing could be shown, which is never as good as fine",
  fine: "nothing has to be done",
};

/** In the order in which they are counted and explained. */
export const severities: readonly Severity[] = ["danger", "mind", "unknown", "fine"];

/** The sign that goes with a severity, so that colour is never the only one. */
export const severitySigns: Readonly<Record<Severity, string>> = {
  danger: "‼",
  mind: "!",
  unknown: "?",
  fine: "✓",
};

function observedOf({ column, cells }: RiskSummary): { column: Column; cell: RiskCell }[] {
  return cells.map((cell) => ({ column, cell }));
}

function key({ cell }: { readonly cell: RiskCell }): string {
  return JSON.stringify([cell.word, cell.about, cell.sentence, placeOf(cell)]);
}

function placeOf({ where: { variants, of } }: RiskCell): string | null {
  return of.length < 2 ? null : whereFound(variants, of, isIncomplete);
}

/** Where something was not found, it may not have been looked for. */
const isIncomplete = { isComplete: false };

/** The name alone, where no other run has it. */
function nameAmong(columns: readonly Column[]): (column: Column) => string {
  return ({ name, label, run }) =>
    columns.some((other) => other.name === name && other.run !== run) ? label : name;
}
