import type { Verdict } from "../model/results.ts";
import type { Scheme } from "../model/trial.ts";
import type { SiteData, SiteRun } from "./data.ts";
import {
  agreed,
  isConclusive,
  outcomeOfAttempt,
  repetitionsIn,
  type TrialOutcome,
} from "./outcomes-in.ts";
import { outcomeCode } from "./pack.ts";
import type { Presented } from "./try-query.ts";

/** What a browser did in the trial that is like a connection. */
export interface PublishedOutcome {
  readonly run: SiteRun;
  /** `decided-before`: an earlier connection of the trial failed, and its verdict says nothing of this one. */
  readonly outcome: TrialOutcome | "decided-before";
  /** Whether it is what this browser did just now; null where nothing can be said. */
  readonly isAlike: boolean | null;
}

/** The attempt that is like a connection, and what browsers did in it. */
export interface TryMatch {
  readonly scenario: string;
  readonly scheme: Scheme;
  /** Counted from 0. */
  readonly attempt: number;
  /** How many attempts its trial has. */
  readonly attempts: number;
  readonly published: readonly PublishedOutcome[];
  /** Why there were no such trials, when somebody said so. */
  readonly leftOut: string | null;
}

/** What is like a connection: what it presented, and what the page had presented before. */
export interface TriedConnection {
  readonly technique: string;
  readonly presented: Presented;
  /** On this page and with this technique, in order. */
  readonly before: readonly Presented[];
  readonly scheme: Scheme;
  readonly verdict: Verdict;
}

/** Finds the published attempts that are like a connection; null when none are. */
export function matchOf(tried: TriedConnection, data: SiteData): TryMatch | null {
  const like = attemptLike(tried);
  if (like === null) return null;
  const { scenario } = like;
  const { technique, scheme, verdict } = tried;
  const attempts = data.scenarios.find(({ id }) => id === scenario)?.attempts.length ?? 1;
  // No trial goes on for longer than its last attempt.
  const attempt = Math.max(0, Math.min(like.attempt, attempts - 1));
  const runs = data.runs.filter(
    ({ source, profile }) => source === "published" && profile.name === "default",
  );
  const own = outcomeCode(verdict);
  const published = runs.flatMap((run): PublishedOutcome[] => {
    const trial = { technique, scenario, placement: "same-host", scheme };
    const outcome = agreed(
      repetitionsIn(data, run, trial).flatMap((one) => outcomeOfAttempt(one, attempt) ?? []),
    );
    if (outcome === undefined) return [];
    const isTold = outcome !== "decided-before" && isConclusive(outcome) && isConclusive(own);
    return [{ run, outcome, isAlike: isTold ? outcome === own : null }];
  });
  const leftOut = runs
    .flatMap((run) => run.leftOut)
    .find((one) => one.technique === technique && "scenario" in one && one.scenario === scenario);
  return { scenario, scheme, attempt, attempts, published, leftOut: leftOut?.reason ?? null };
}

/** The attempt that is like this; null: no trial presents a good token twice, or goes on after that. */
function attemptLike({
  presented,
  before,
}: TriedConnection): { readonly scenario: string; readonly attempt: number } | null {
  const attempt = before.filter((one) => one === "good" || one === "single-use").length;
  switch (presented) {
    case "good":
      if (before.includes("again")) return null;
      return { scenario: attempt === 0 ? "valid" : "rotation", attempt };
    case "single-use":
      return before.includes("again") ? null : { scenario: "rotation-single-use", attempt };
    case "missing":
    case "forged":
    case "expired":
      return { scenario: presented, attempt: 0 };
    case "again":
      return null;
  }
}
