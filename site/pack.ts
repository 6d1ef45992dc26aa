import type { JudgedTrial, Run, Verdict } from "../model/results.ts";
import {
  outcomeCodes,
  type OutcomeCode,
  type PackedTrial,
  type RunSource,
  type SiteData,
  type SiteRun,
} from "./data.ts";

/** The lists that packed trials point into. */
export type SiteLists = Pick<SiteData, "techniques" | "scenarios" | "placements" | "schemes">;

/** As much of these lists as it takes to pack. */
export interface PackingLists extends Pick<SiteLists, "placements" | "schemes"> {
  readonly techniques: readonly { readonly id: string }[];
  readonly scenarios: readonly { readonly id: string }[];
}

/** Packs a trial; undefined when it is about something that the lists do not hold. */
export function packTrial(trial: JudgedTrial, lists: PackingLists): PackedTrial | undefined {
  const { verdict } = trial;
  const place = [
    lists.techniques.findIndex(({ id }) => id === trial.technique),
    lists.scenarios.findIndex(({ id }) => id === trial.scenario),
    lists.placements.indexOf(trial.placement),
    lists.schemes.indexOf(trial.scheme),
  ] as const;
  if (place.includes(-1)) return undefined;
  const outcome = outcomeCodes.indexOf(outcomeCode(verdict));
  return verdict.outcome === "fail" ? [...place, outcome, verdict.attempt] : [...place, outcome];
}

/** Packs a run under a name of its own. */
export function packRun(
  { trials, ...run }: Run,
  key: string,
  source: RunSource,
  lists: PackingLists,
): SiteRun {
  const packed = trials.map((trial) => packTrial(trial, lists)).filter((one) => one !== undefined);
  return { ...run, key, source, trials: packed };
}

/**
 * A run as reports take it. Its trials have a verdict without a reason, and attempts that are plans
 * only: enough to summarise them, and no evidence.
 */
export function unpackRun(
  { key: _key, source: _source, trials, ...run }: SiteRun,
  lists: SiteLists,
): Run {
  return { ...run, trials: trials.flatMap((packed) => unpackTrial(packed, lists) ?? []) };
}

/** A packed trial in words; undefined when it points outside of the lists. */
export function unpackTrial(packed: PackedTrial, lists: SiteLists): JudgedTrial | undefined {
  const technique = lists.techniques[packed[0]];
  const scenario = lists.scenarios[packed[1]];
  const placement = lists.placements[packed[2]];
  const scheme = lists.schemes[packed[3]];
  const code = outcomeCodes[packed[4]];
  if (!technique || !scenario || !placement || !scheme || !code) return undefined;
  return {
    technique: technique.id,
    scenario: scenario.id,
    placement,
    scheme,
    ...(scenario.aspect !== null && { aspect: scenario.aspect }),
    definition: "",
    attempts: scenario.attempts.map((plan) => {
      return { ...plan, given: null, end: "completed", events: [], evidence: [] };
    }),
    failure: null,
    verdict: verdictOf(code, packed[5] ?? 0),
  };
}

/** What a verdict is packed as. */
export function outcomeCode(verdict: Verdict): OutcomeCode {
  return verdict.outcome === "fail" ? verdict.kind : verdict.outcome;
}

function verdictOf(code: OutcomeCode, attempt: number): Verdict {
  switch (code) {
    case "pass":
    case "timeout":
    case "crash":
    case "harness-error":
    case "unsupported":
      return { outcome: code, reason: "" };
    case "not-accepted":
    case "wrong-credential":
    case "let-in":
    case "not-presented":
      return { outcome: "fail", kind: code, attempt, reason: "" };
  }
}
