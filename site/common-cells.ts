import type { JudgedTrial, SummaryWord } from "../model/results.ts";
import type { Cell, VariantSummary } from "../experiments/report/matrix.ts";
import { whereAdverbially } from "../experiments/report/variants.ts";
import { commonTrials } from "./common-trials.ts";
import type { Comparison } from "./comparison.ts";
import type { SiteRun } from "./data.ts";
import { proofCell } from "./matrix-cells.ts";

/** Words of what does not do as it should. */
export const worstFirst: readonly SummaryWord[] = ["unsafe", "broken", "partly"];

/** What the trials that two runs have in common amount to in each. */
export interface CommonCells {
  readonly here: Cell;
  readonly there: Cell;
}

/** Sums these trials up for one technique; undefined when no proof is among them. */
export function commonCells(
  comparison: Comparison,
  run: SiteRun,
  other: SiteRun,
  technique: string,
): CommonCells | undefined {
  const [own, theirs] = commonTrials(
    comparison.trials(run, technique),
    comparison.trials(other, technique),
  );
  const here = cellOf(comparison, run, own);
  const there = cellOf(comparison, other, theirs);
  return here === undefined || there === undefined ? undefined : { here, there };
}

function cellOf(
  { columns, data }: Comparison,
  run: SiteRun,
  trials: readonly JudgedTrial[],
): Cell | undefined {
  const [column] = columns([run]);
  return column === undefined
    ? undefined
    : proofCell(column.run, trials, { ...data, conditions: [] });
}

/** Whether something can be said of both. */
export function areKnown({ here, there }: CommonCells): boolean {
  return here.summary.word !== "unknown" && there.summary.word !== "unknown";
}

/** Whether the word is the same, as a whole and at every placement and scheme. */
export function areAlike({ here, there }: CommonCells): boolean {
  return (
    here.summary.word === there.summary.word &&
    here.variants.every(
      ({ variant, summary }) => variantIn(there, variant)?.summary.word === summary.word,
    )
  );
}

/** The placements and schemes at which it fails here and passes there. */
export function betterPlaces({ here, there }: CommonCells): string[] {
  return here.variants
    .filter(({ variant }) => {
      const theirs = variantIn(there, variant);
      return isFailing(variantIn(here, variant)) && theirs !== undefined && isPassing(theirs);
    })
    .map(({ variant }) => variant);
}

/** Whether what fails here passes there, at least at one place. */
export function isBetterThere(both: CommonCells): boolean {
  return isPassing(both.there) || betterPlaces(both).length > 0;
}

/** Where it passes there, in words; null when it fails nowhere there. */
export function whereBetter({ here, there }: CommonCells): string | null {
  const tried = here.variants.map(({ variant }) => variant);
  if (!isFailing(there)) return null;
  const better = betterPlaces({ here, there });
  return whereAdverbially(better, tried) ?? better.join("; ");
}

function variantIn({ variants }: Cell, wanted: string): VariantSummary | undefined {
  return variants.find(({ variant }) => variant === wanted);
}

/** Whether it is sure already that it does not do as it should. */
export function isFailing(some: Pick<Cell, "summary"> | undefined): boolean {
  return some !== undefined && worstFirst.includes(some.summary.word);
}

/** Also while a visit goes on, when not all of the proof is there yet. */
function isPassing({ summary: { word, passed, total } }: Pick<Cell, "summary">): boolean {
  return word === "works" || (word === "unknown" && passed === total);
}
