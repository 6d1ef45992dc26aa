import type { JudgedTrial, Run, Verdict } from "../model/results.ts";
import type { Catalogue } from "../experiments/report/catalogue.ts";
import { variantOf } from "../experiments/verdict.ts";
import { commonTrials } from "./common-trials.ts";
import { markOf, proofCell } from "./matrix-cells.ts";
import { outcomeCode } from "./pack.ts";

/** What one run made of one technique. */
export interface Answer {
  readonly run: Run;
  readonly trials: readonly JudgedTrial[];
}

type Words = ReadonlyMap<string, string>;

/** Whether the proof comes to another word in two runs, as a whole or at a place, by the trials that both made. */
export function differInProof(one: Answer, other: Answer, catalogue: Catalogue): boolean {
  const [own, theirs] = commonTrials(one.trials, other.trials);
  // Most are the same, and to sum them up takes long.
  if (outcomesOf(own).symmetricDifference(outcomesOf(theirs)).size === 0) return false;
  return differ(proofWords(one.run, own, catalogue), proofWords(other.run, theirs, catalogue));
}

/** Whether other trials of those that two runs made passed. */
export function differInCounts(
  one: readonly JudgedTrial[],
  other: readonly JudgedTrial[],
): boolean {
  const [own, theirs] = commonTrials(one, other);
  return differ(countWords(own), countWords(theirs));
}

function outcomesOf(trials: readonly JudgedTrial[]): Set<string> {
  return new Set(
    trials.map(({ scenario, placement, scheme, verdict }) =>
      [scenario, placement, scheme, outcomeCode(verdict), attemptOf(verdict)].join(" "),
    ),
  );
}

function attemptOf(verdict: Verdict): number | null {
  return verdict.outcome === "fail" ? verdict.attempt : null;
}

function proofWords(run: Run, trials: readonly JudgedTrial[], catalogue: Catalogue): Words {
  const cell = proofCell(run, trials, catalogue);
  return new Map([
    ["", cell?.summary.word ?? "unknown"],
    ...(cell?.variants ?? []).map(({ variant, summary }) => [variant, summary.word] as const),
  ]);
}

function countWords(trials: readonly JudgedTrial[]): Words {
  return new Map(
    [...Map.groupBy(trials, variantOf)].map(([variant, own]) => [variant, markOf(own)]),
  );
}

/** What is not known is no answer. */
function differ(own: Words, theirs: Words): boolean {
  return [...own].some(([place, word]) => {
    const other = theirs.get(place) ?? "unknown";
    return word !== "unknown" && other !== "unknown" && word !== other;
  });
}
