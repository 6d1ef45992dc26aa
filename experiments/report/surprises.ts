import type { JudgedTrial, Results, Run, TrustObservation, Verdict } from "../../model/results.ts";
import { reference } from "../trust/conditions.ts";
import { trustFinding } from "../trust/finding.ts";
import { verdict } from "../verdict.ts";
import { visible } from "./visible.ts";

type Known = "pass" | "fail" | "unsupported";

/** What a trial was expected to show, and why. `either`: its published repetitions disagree. */
export type Expectation =
  | { readonly outcome: Known | "either"; readonly from: "published"; readonly run: Run }
  | { readonly outcome: "pass"; readonly from: "ideal" };

type TrialIdentity = Pick<JudgedTrial, "technique" | "scenario" | "placement" | "scheme">;

/** A trial that did not show what was expected of it. */
export interface Surprise {
  readonly trial: JudgedTrial;
  readonly expected: Expectation;
  readonly actual: Verdict["outcome"];
  readonly reason: string;
}

/**
 * Compares a run with what is known, trial by trial: the newest published run of the same browser
 * id and profile that made this trial, if by the same definition. Where nothing is known, a trial
 * should pass. A reverse proxy should make no difference.
 */
export function surprises(run: Run, published: readonly Results[]): Surprise[] {
  const known = published
    .flatMap(({ runs }) => runs)
    .filter(
      ({ browser, profile }) => browser.id === run.browser.id && profile.name === run.profile.name,
    )
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
  return visible(
    `${technique}, ${scenario} (${placement}, ${scheme}): expected ${wanted}; got ${actual}: ${reason}`,
  );
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
      .filter(isKnown),
  );
  const [outcome] = outcomes;
  if (outcome === undefined) return ideal;
  return { outcome: outcomes.size > 1 ? "either" : outcome, from: "published", run };
}

/** Whether two trials are of the same technique, scenario, placement and scheme. */
export function isSameTrial(a: TrialIdentity, b: TrialIdentity): boolean {
  return (
    a.technique === b.technique &&
    a.scenario === b.scenario &&
    a.placement === b.placement &&
    a.scheme === b.scheme
  );
}

function isAsExpected(outcome: Verdict["outcome"], expected: Expectation): boolean {
  if (expected.outcome === "either") return isKnown(outcome);
  return expected.outcome === outcome;
}

/** What can be known of a trial: other outcomes say that the measuring went wrong. */
function isKnown(outcome: Verdict["outcome"]): outcome is Known {
  return outcome === "pass" || outcome === "fail" || outcome === "unsupported";
}

/**
 * Compares what browsers did about certificates with the newest published observation of the same
 * browser id and condition. A sentence for each that differs; what was never published is no surprise
 * unless nothing could be said.
 */
export function trustSurprises(
  trust: readonly TrustObservation[],
  published: readonly Results[],
): string[] {
  return trust.flatMap((observation) => {
    const { condition, browser } = observation;
    const before = published.findLast(({ trust: known }) => find(known, observation) !== undefined);
    const actual = findingText(observation, trust);
    const known = before && find(before.trust, observation);
    const expected =
      known === undefined || before === undefined ? null : findingText(known, before.trust);
    if (expected === actual) return [];
    if (expected === null && observation.trial.failure === null) return [];
    const wanted = expected ?? "an observation";
    return [`${browser.name}: certificates, ${condition}: expected ${wanted}; got ${actual}`];
  });
}

function find(
  trust: readonly TrustObservation[],
  { condition, browser }: Pick<TrustObservation, "condition" | "browser">,
): TrustObservation | undefined {
  return trust.find((other) => other.condition === condition && other.browser.id === browser.id);
}

/** Without times, which differ from run to run. */
function findingText(observation: TrustObservation, among: readonly TrustObservation[]): string {
  const finding = trustFinding(observation, find(among, { ...observation, condition: reference }));
  if (finding.outcome !== "observed") return `${finding.outcome}: ${finding.reason}`;
  const { connected, saw, distinguishable } = finding;
  const word = distinguishable === null ? "" : `, distinguishable: ${distinguishable}`;
  return `${connected ? "connected" : "not connected"} (${saw}${word})`;
}
