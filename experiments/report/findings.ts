import type { JudgedTrial, Verdict } from "../../model/results.ts";
import type { TechniqueEntry } from "./catalogue.ts";
import type { Column } from "./columns.ts";
import type { Matrix } from "./matrix.ts";
import type { Repetitions } from "./repetitions.ts";

/** An outcome that says nothing for or against a technique. */
export type InconclusiveOutcome = Exclude<Verdict["outcome"], "pass" | "fail">;

/** A reason, and how many repetitions of the trial gave it. */
export interface CountedReason<Outcome extends Verdict["outcome"]> {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly count: number;
}

/** A trial that did not pass, with every different reason once. */
export interface Finding<Outcome extends Verdict["outcome"]> {
  readonly repetitions: Repetitions;
  readonly reasons: readonly CountedReason<Outcome>[];
}

/** What was found in one browser, technique by technique. */
export interface BrowserFindings<Outcome extends Verdict["outcome"]> {
  readonly column: Column;
  readonly techniques: readonly {
    readonly technique: TechniqueEntry;
    readonly findings: readonly Finding<Outcome>[];
  }[];
}

/** Everything that wants explaining: what failed, and what could not be judged. */
export interface Findings {
  readonly fails: readonly BrowserFindings<"fail">[];
  readonly inconclusive: readonly BrowserFindings<InconclusiveOutcome>[];
}

/** Every `fail` and every inconclusive trial of a matrix. */
export function findingsOf(matrix: Matrix): Findings {
  return { fails: collect(matrix, isFail), inconclusive: collect(matrix, isInconclusive) };
}

/** How many trials, repetitions included, the findings speak of. */
export function countTrials(browsers: readonly BrowserFindings<Verdict["outcome"]>[]): number {
  return browsers
    .flatMap(({ techniques }) => techniques)
    .flatMap(({ findings }) => findings)
    .flatMap(({ reasons }) => reasons)
    .reduce((sum, { count }) => sum + count, 0);
}

type OutcomeTest<Outcome extends Verdict["outcome"]> = (
  outcome: Verdict["outcome"],
) => outcome is Outcome;

const isFail: OutcomeTest<"fail"> = (outcome) => outcome === "fail";
const isInconclusive: OutcomeTest<InconclusiveOutcome> = (outcome) =>
  outcome !== "pass" && outcome !== "fail";

function collect<Outcome extends Verdict["outcome"]>(
  { columns, rows }: Matrix,
  test: OutcomeTest<Outcome>,
): BrowserFindings<Outcome>[] {
  return columns.flatMap((column, index) => {
    const techniques = rows.flatMap(({ technique, cells }) => {
      const findings = (cells[index]?.repetitions ?? []).flatMap((repetitions) => {
        const reasons = mergeReasons(repetitions.trials, test);
        return reasons.length === 0 ? [] : [{ repetitions, reasons }];
      });
      return findings.length === 0 ? [] : [{ technique, findings }];
    });
    return techniques.length === 0 ? [] : [{ column, techniques }];
  });
}

function mergeReasons<Outcome extends Verdict["outcome"]>(
  trials: readonly JudgedTrial[],
  test: OutcomeTest<Outcome>,
): CountedReason<Outcome>[] {
  const merged: CountedReason<Outcome>[] = [];
  for (const { verdict } of trials) {
    const { outcome, reason } = verdict;
    if (!test(outcome)) continue;
    const same = merged.findIndex((one) => one.outcome === outcome && one.reason === reason);
    const count = (merged[same]?.count ?? 0) + 1;
    merged.splice(same === -1 ? merged.length : same, 1, { outcome, reason, count });
  }
  return merged;
}
