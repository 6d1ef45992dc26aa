import type { JudgedTrial, Results, Run, Verdict } from "../../model/results.ts";
import { verdict } from "../verdict.ts";

/** What a trial was expected to show, and why. `either`: its published repetitions disagree. */
export type Expectation =
  | { readonly outcome: "pass" | "fail" | "either"; readonly from: "published"; readonly run: Run }
  | { readonly outcome: "pass"; readonly from: "ideal" };

/** A trial that did not show what was expected of it. */
export interface Surprise {
  readonly trial: JudgedTrial;
  readonly expected: Expectation;
  readonly actual: Verdict["outcome"];
  readonly reason: string;
}

/**
 * Compares a run with what is known, trial by trial: the newest published run of the same browser
 * id that made this trial, if by the same definition. Where nothing is known, a trial should pass.
 */
export function surprises(run: Run, published: readonly Results[]): Surprise[] {
  const known = published
    .flatMap(({ runs }) => runs)
    .filter(({ browser }) => browser.id === run.browser.id)
    .toSorted((a, b) => Date.parse(b.endedAt) - Date.parse(a.endedAt));
  return run.trials.flatMap((trial) => {
    const expected = expectation(trial, known);
    const { outcome, reason } = trial.verdict;
    return isAsExpected(outcome, expected) ? [] : [{ trial, expected, actual: outcome, reason }];
  });
}

/** A surprise in one sentence: "user-information, rotation: expected pass, as it should be; got fail: …". */
export function describeSurprise({ trial, expected, actual, reason }: Surprise): string {
  const { technique, scenario, placement, scheme } = trial;
  const wanted = `${expected.outcome === "either" ? "pass or fail" : expected.outcome}, ${sourceText(expected)}`;
  return `${technique}, ${scenario} (${placement}, ${scheme}): expected ${wanted}; got ${actual}: ${reason}`;
}

function sourceText(expected: Expectation): string {
  switch (expected.from) {
    case "ideal":
      return "as it should be";
    case "published": {
      const { name, version } = expected.run.browser;
      const browser = version === null ? name : `${name} ${version}`;
      return `as ${browser} did on ${expected.run.endedAt.slice(0, 10)}`;
    }
  }
}

/** `known` is every published run of the browser, the newest first. */
function expectation(trial: JudgedTrial, known: readonly Run[]): Expectation {
  const ideal = { outcome: "pass", from: "ideal" } as const;
  const run = known.find(({ trials }) => trials.some((other) => isSameTrial(other, trial)));
  if (run === undefined) return ideal;
  const outcomes = new Set(
    run.trials
      .filter((other) => isSameTrial(other, trial) && other.definition === trial.definition)
      .map((other) => verdict(other).outcome)
      .filter((outcome) => outcome === "pass" || outcome === "fail"),
  );
  const [outcome] = outcomes;
  if (outcome === undefined) return ideal;
  return { outcome: outcomes.size > 1 ? "either" : outcome, from: "published", run };
}

function isSameTrial(a: JudgedTrial, b: JudgedTrial): boolean {
  return (
    a.technique === b.technique &&
    a.scenario === b.scenario &&
    a.placement === b.placement &&
    a.scheme === b.scheme
  );
}

function isAsExpected(outcome: Verdict["outcome"], expected: Expectation): boolean {
  if (outcome !== "pass" && outcome !== "fail") return false;
  return expected.outcome === "either" || expected.outcome === outcome;
}
