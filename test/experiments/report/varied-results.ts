import type { Attempt } from "../../../model/observation.ts";
import type {
  JudgedTrial,
  ProfileName,
  Results,
  Run,
  TrustObservation,
} from "../../../model/results.ts";
import type { Placement, Scheme } from "../../../model/trial.ts";
import { verdict } from "../../../experiments/verdict.ts";
import { accepted, refused } from "./sample-attempts.ts";
import { sampleResults, sampleTrial } from "./sample-results.ts";

const placements: readonly Placement[] = ["same-origin", "same-host", "same-site", "cross-site"];
const schemes: readonly Scheme[] = ["ws", "wss"];
/** What is tried with profiles other than the default. */
const profileScenarios = ["missing", "rotation"];

/** The same trial at another placement and over another scheme. */
export function at(placement: Placement, scheme: Scheme, trial: JudgedTrial): JudgedTrial {
  return { ...trial, placement, scheme };
}

/** A trial at every placement over every scheme. */
export function everywhere(trial: JudgedTrial): JudgedTrial[] {
  return placements.flatMap((placement) => schemes.map((scheme) => at(placement, scheme, trial)));
}

/** The same run with another profile, of which `change` makes the trials. */
export function withProfile(
  run: Run,
  name: ProfileName,
  change: (trial: JudgedTrial) => JudgedTrial = (trial) => trial,
): Run {
  return {
    ...run,
    id: `${run.id}-${name}`,
    profile: { ...run.profile, name, means: [`browser.setting=${name}`] },
    trials: run.trials.filter(({ scenario }) => profileScenarios.includes(scenario)).map(change),
  };
}

/** The trial as it goes when its cookie does not come: good tokens are not accepted. */
export function withoutCookie(trial: JudgedTrial): JudgedTrial {
  const observed = {
    ...trial,
    attempts: trial.attempts.map((attempt): Attempt => {
      const lost = refused(attempt.present, attempt.given, "no credential");
      const evidence = lost.evidence.map((entry) => ({ ...entry, presented: null, via: null }));
      return { ...lost, user: attempt.user, expect: attempt.expect, evidence };
    }),
  };
  return { ...observed, verdict: verdict(observed) };
}

/** The trial in a browser that cannot make it. */
export function unsupported(trial: JudgedTrial, reason: string): JudgedTrial {
  const failure = { outcome: "unsupported", reason } as const;
  return { ...trial, attempts: [], failure, verdict: failure };
}

/** What a browser did under a condition: a good token with these events, then a refused one. */
export function trustObservation(
  condition: string,
  { browser, profile }: Run,
  good: Partial<Attempt> = {},
  dialogs: readonly string[] = [],
): TrustObservation {
  const attempts = [{ ...accepted("#1"), ...good }, refused("forged", "#2", "unknown token")];
  const { verdict: _, ...trial } = sampleTrial("query-parameter", condition, attempts);
  return { condition, browser, profile, dialogs, trial };
}

/** A good token that never reached the server, and ended as a refused one does. */
export const unreached: Partial<Attempt> = {
  events: refused("fresh", "#1", "").events,
  evidence: [],
};

/**
 * The sample's browsers over every placement and scheme, with profiles, certificates, and the first
 * one's features. Cookies do
 * not come cross-site in the first browser unless allowed; the third has no such names and no private
 * profile.
 */
export function variedResults(): Results {
  const [allowing, firefox, webkit] = sampleResults().runs.map(spread);
  if (allowing === undefined || firefox === undefined || webkit === undefined) {
    throw new Error("the sample has three runs");
  }
  const features = [
    { id: "websocket-stream", supported: true, detail: "there is a WebSocketStream" },
    { id: "webtransport-headers", supported: false, detail: "reads protocols" },
  ];
  const chromium = { ...allowing, features, trials: allowing.trials.map(blocked) };
  const nameless = { ...webkit, trials: webkit.trials.map(withoutNames) };
  return {
    schema: "websocket-auth-results/1",
    runs: [
      chromium,
      withProfile(allowing, "third-party-allowed"),
      withProfile(chromium, "third-party-blocked"),
      withProfile(chromium, "private"),
      firefox,
      withProfile(firefox, "third-party-allowed"),
      withProfile(firefox, "third-party-blocked", blocked),
      withProfile(firefox, "private"),
      nameless,
      withProfile(nameless, "third-party-blocked"),
      withProfile(nameless, "private", (trial) => unsupported(trial, "it has no private window")),
    ],
    trust: [chromium, firefox, nameless].flatMap((run) => [
      trustObservation("no-tls", run),
      trustObservation("untrusted", run, unreached),
      trustObservation("authority", run, {}, run === nameless ? ["Select a certificate"] : []),
    ]),
  };
}

/** The same run over every placement and scheme, but for one placement that a technique leaves out. */
function spread(run: Run): Run {
  const leftOut = {
    technique: "cookie-iframe",
    placement: "same-origin",
    reason: "the page can set the cookie itself",
  } as const;
  const isLeftOut = ({ technique, placement }: JudgedTrial): boolean =>
    technique === leftOut.technique && placement === leftOut.placement;
  const trials = run.trials.flatMap(everywhere).filter((trial) => !isLeftOut(trial));
  return { ...run, trials, leftOut: [leftOut] };
}

function blocked(trial: JudgedTrial): JudgedTrial {
  const isThirdParty = trial.technique === "cookie-iframe" && trial.placement === "cross-site";
  return isThirdParty ? withoutCookie(trial) : trial;
}

function withoutNames(trial: JudgedTrial): JudgedTrial {
  return ["same-site", "cross-site"].includes(trial.placement)
    ? unsupported(trial, "it takes no names of one's own")
    : trial;
}
