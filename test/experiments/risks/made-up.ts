import type { Attempt, Evidence, Serial, TrialFailure } from "../../../model/observation.ts";
import type { JudgedTrial } from "../../../model/results.ts";
import type { Risk, RiskCell, RiskContext, RiskId } from "../../../experiments/risks/risk.ts";
import { verdict } from "../../../experiments/verdict.ts";
import { accepted, refused, request } from "../report/sample-attempts.ts";
import { sampleFirefoxRun } from "../report/sample-results.ts";

/** A trial of a risk, judged. */
export function trialOf(
  aspect: RiskId,
  scenario: string,
  attempts: readonly Attempt[],
  more: Partial<JudgedTrial> = {},
): JudgedTrial {
  const observed = {
    technique: "session-cookie",
    scenario,
    aspect,
    placement: "same-host",
    scheme: "wss",
    definition: `sha256-${scenario}`,
    attempts,
    failure: null,
    ...more,
  } as const;
  return { ...observed, verdict: verdict(observed) };
}

/** A trial that ended before its first attempt. */
export function unmade(
  aspect: RiskId,
  scenario: string,
  failure: TrialFailure = crash,
): JudgedTrial {
  return trialOf(aspect, scenario, [], { failure });
}

const crash: TrialFailure = { outcome: "crash", reason: "the browser stopped answering" };

/** The page's own good connection. */
export const own: Attempt = accepted("#1", "alice", "cookie");

/** Let in as that user while nothing was handed over. */
export function letIn(
  plan: Partial<Attempt> = {},
  user = "alice",
  presented: Serial = "#1",
): Attempt {
  return {
    ...accepted(presented, user, "cookie"),
    present: "none",
    given: null,
    expect: "any",
    ...plan,
  };
}

/** Refused while nothing was handed over. */
export function keptOut(plan: Partial<Attempt> = {}, refusal = "no credential"): Attempt {
  return { ...refused("none", null, refusal), expect: "any", ...plan };
}

/** Nothing reached any server, and the page saw an error. */
export function lost(plan: Partial<Attempt> = {}): Attempt {
  return { ...keptOut(plan), evidence: [] };
}

/** The page's code threw before there was a socket. */
export function threw(plan: Partial<Attempt> = {}, name = "SecurityError"): Attempt {
  return {
    ...lost(plan),
    end: "threw",
    events: [{ at: 1, type: "exception", name, message: "wss://t1.localhost:1 is not for you" }],
  };
}

/** A page that waited in vain. */
export function waited(attempt: Attempt): Attempt {
  return {
    ...attempt,
    end: "timeout",
    events: attempt.events.filter(({ type }) => type !== "close"),
  };
}

/** An answer that sets a cookie with these attributes. */
export function setting(...sets: readonly string[]): Evidence {
  return request({ status: 204, upgrade: false, method: "POST", sets });
}

/** What a risk makes of trials of one technique. */
export function assess(
  risk: Risk,
  trials: readonly JudgedTrial[],
  context: Partial<RiskContext> = {},
): readonly RiskCell[] {
  const run = sampleFirefoxRun(trials);
  return risk.assess(
    trials.filter(({ aspect }) => aspect === risk.id),
    { technique: "session-cookie", run, all: trials, ...context },
  );
}
