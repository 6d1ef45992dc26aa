import type { Placement, Scheme } from "../model/trial.ts";
import {
  type OutcomeCode,
  outcomeCodes,
  type PackedTrial,
  type SiteData,
  type SiteRun,
} from "./data.ts";

/** A trial, as results name it. */
export interface TrialReference {
  readonly technique: string;
  readonly scenario: string;
  readonly placement: Placement;
  readonly scheme: Scheme;
}

/** The same before anybody looked whether there are such a placement and scheme. */
type TrialName = Readonly<Record<keyof TrialReference, string>>;

/** What a trial amounts to in a run; `unstable`: it was made more than once, and not always showed the same. */
export type TrialOutcome = OutcomeCode | "unstable";

const inconclusive: ReadonlySet<TrialOutcome> = new Set([
  "timeout",
  "crash",
  "harness-error",
  "unsupported",
  "unstable",
]);

/** Whether an outcome says something about what the browser did. */
export function isConclusive(outcome: TrialOutcome): boolean {
  return !inconclusive.has(outcome);
}

/** Every time that a run made a trial. */
export function repetitionsIn(
  data: SiteData,
  run: SiteRun,
  { technique, scenario, placement, scheme }: TrialName,
): readonly PackedTrial[] {
  const place = [
    data.techniques.findIndex(({ id }) => id === technique),
    data.scenarios.findIndex(({ id }) => id === scenario),
    data.placements.findIndex((one) => one === placement),
    data.schemes.findIndex((one) => one === scheme),
  ];
  return run.trials.filter((trial) => place.every((index, at) => trial[at] === index));
}

/** What a trial amounts to in a run; undefined when it was not made. */
export function outcomeIn(
  data: SiteData,
  run: SiteRun,
  trial: TrialName,
): TrialOutcome | undefined {
  return agreed(repetitionsIn(data, run, trial).flatMap((one) => outcomeCodes[one[4]] ?? []));
}

/** The outcome that all of these are; `unstable` when they differ, undefined when there are none. */
export function agreed<Outcome>(outcomes: readonly Outcome[]): Outcome | "unstable" | undefined {
  const [first, ...others] = new Set(outcomes);
  return others.length > 0 ? "unstable" : first;
}

/**
 * What a trial says of one of its attempts, counted from 0: it was as wanted when a later one decided;
 * `decided-before`: an earlier one did, and nothing is said of this one.
 */
export function outcomeOfAttempt(
  [, , , , outcome, decided]: PackedTrial,
  attempt: number,
): OutcomeCode | "decided-before" | undefined {
  const code = outcomeCodes[outcome];
  if (decided === undefined || decided === attempt) return code;
  return decided > attempt ? "pass" : "decided-before";
}
