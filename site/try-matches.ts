import type { Verdict } from "../model/results.ts";
import type { Scheme } from "../model/trial.ts";
import { outcomeCodes, type OutcomeCode, type SiteData, type SiteRun } from "./data.ts";
import { outcomeCode } from "./pack.ts";
import type { Presented } from "./try-query.ts";

/** What a browser did in the trial that is like a connection. Repeated trials can differ. */
export interface PublishedOutcome {
  readonly run: SiteRun;
  readonly outcomes: readonly OutcomeCode[];
  /** Whether it always did what this browser did just now. */
  readonly isAlike: boolean;
}

/** The trial that is like a connection, and what browsers did in it. */
export interface TryMatch {
  readonly scenario: string;
  readonly scheme: Scheme;
  readonly published: readonly PublishedOutcome[];
  /** Why there were no such trials, when somebody said so. */
  readonly leftOut: string | null;
}

/** What is like a connection: what it presented, and whether the page had connected so before. */
export interface TriedConnection {
  readonly technique: string;
  readonly presented: Presented;
  /** Whether another fresh token was presented before, on this page and with this technique. */
  readonly isLater: boolean;
  readonly scheme: Scheme;
  readonly verdict: Verdict;
}

/** Finds the published trials that are like a connection; null when no scenario is. */
export function matchOf(tried: TriedConnection, data: SiteData): TryMatch | null {
  const scenario = scenarioOf(tried);
  if (scenario === null) return null;
  const { technique, scheme, verdict } = tried;
  const place = [
    data.techniques.findIndex(({ id }) => id === technique),
    data.scenarios.findIndex(({ id }) => id === scenario),
    data.placements.indexOf("same-host"),
    data.schemes.indexOf(scheme),
  ];
  const runs = data.runs.filter(
    ({ source, profile }) => source === "published" && profile.name === "default",
  );
  const own = outcomeCode(verdict);
  const published = runs.flatMap((run): PublishedOutcome[] => {
    const outcomes = run.trials
      .filter((trial) => place.every((index, at) => trial[at] === index))
      .flatMap((trial) => outcomeCodes[trial[4]] ?? []);
    if (outcomes.length === 0) return [];
    const isAlike = outcomes.every((outcome) => outcome === own);
    return [{ run, outcomes: [...new Set(outcomes)], isAlike }];
  });
  const leftOut = runs
    .flatMap((run) => run.leftOut)
    .find((one) => one.technique === technique && "scenario" in one && one.scenario === scenario);
  return { scenario, scheme, published, leftOut: leftOut?.reason ?? null };
}

/** The scenario whose attempts are like this; null: no trial presents a good token twice. */
function scenarioOf({ presented, isLater }: TriedConnection): string | null {
  switch (presented) {
    case "good":
      return isLater ? "rotation" : "valid";
    case "single-use":
      return "rotation-single-use";
    case "missing":
    case "forged":
    case "expired":
      return presented;
    case "again":
      return null;
  }
}
