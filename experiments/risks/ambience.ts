import type { JudgedTrial } from "../../model/results.ts";
import type { Caller } from "../../model/trial.ts";
import { foreignOrigin } from "../judgements.ts";
import { accessOf } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskContext, RiskOutcome } from "./risk.ts";

const outcomes = {
  elsewhere: {
    word: "let in for others",
    severity: "danger",
    advice:
      "Check the Origin header: what others embed or run in the browser acts as the user who is logged in.",
  },
  somebodyElse: {
    word: "let in as another",
    severity: "danger",
    advice: "Do not rely on what the browser remembers: it is not what the user presented last.",
  },
  restarted: {
    word: "let in after restart",
    severity: "mind",
    advice:
      "End sessions on the server: closing the browser is no log-out, on a shared computer either.",
  },
  again: {
    word: "let in again",
    severity: "mind",
    advice:
      "Offer a log-out that ends the session on the server: until then the browser presents it by itself.",
  },
  foreign: {
    word: "refused for its origin",
    severity: "mind",
    advice:
      "Keep the Origin check: what the browser would have presented there by itself was not looked at.",
  },
  not: {
    word: "not let in",
    severity: "fine",
    advice: "Nothing to do: every connection has to present its credential itself.",
  },
  notTried: {
    word: "nothing remembered",
    severity: "unknown",
    advice: "Nothing follows from this: not even a good token got in here.",
    moot: true,
  },
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** Whether the browser presents a credential by itself, once one was presented. */
export const ambience: Risk = {
  id: "ambience",
  title: "Ambience",
  question: "After a good connection, who is let in that presents nothing, and from where?",
  outcomes: Object.values(outcomes),
  assess: (trials, context) => {
    if (trials.length === 0) return [];
    const own = trials.flatMap((trial) => draftOf(trial));
    const asked = new Set(own.map(({ caller }) => caller));
    return cellsOf(ambience, context, [...own, ...(asked.has("page") ? [] : alsoTried(context))]);
  },
};

const callers: Readonly<Record<string, Caller>> = {
  "ambient-page": "page",
  "ambient-tab": "tab",
  "ambient-frame": "cross-site-frame",
  "ambient-restart": "restarted",
};

/** Attempts at hijacking begin with the page itself, which presents nothing. */
function alsoTried({ all }: RiskContext): Draft[] {
  return all.filter(({ aspect }) => aspect === "hijacking").flatMap((trial) => draftOf(trial));
}

function draftOf(trial: JudgedTrial): Draft[] {
  const { attempts } = trial;
  const again = attempts.findIndex(({ present }) => present === "none");
  const caller = attempts[again]?.from ?? callers[trial.scenario] ?? "page";
  const draft = (outcome: RiskOutcome, say: Draft["say"], index: number): Draft[] => [
    { outcome, say, trial, caller, attempts: index === -1 ? [] : [index] },
  ];
  const missing = trial.failure?.reason ?? "it was not tried";
  const first = accessOf(attempts[0], missing);
  const access = accessOf(attempts[again], missing);
  if (access.state === "in") {
    const say: Draft["say"] = (who) => `Without a token, ${who} was let in as ${access.user}.`;
    if (first.state === "in" && access.user !== first.user) {
      return draft(outcomes.somebodyElse, say, again);
    }
    if (caller === "cross-site-frame") return draft(outcomes.elsewhere, say, again);
    return draft(caller === "restarted" ? outcomes.restarted : outcomes.again, say, again);
  }
  if (first.state === "refused") {
    return draft(outcomes.notTried, () => `A good token was not accepted: ${first.why}.`, 0);
  }
  if (first.state === "unknown" || access.state === "unknown") {
    const { why } = first.state === "unknown" ? first : access;
    return draft(outcomes.unknown, (who) => `It is unknown whether ${who} gets in: ${why}.`, again);
  }
  if (access.why === foreignOrigin) {
    return draft(
      outcomes.foreign,
      (who) => `Without a token, ${who} was refused for its origin.`,
      again,
    );
  }
  return draft(outcomes.not, (who) => `Without a token, ${who} was refused: ${access.why}.`, again);
}
