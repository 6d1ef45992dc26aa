import type { JudgedTrial } from "../../model/results.ts";
import type { Caller } from "../../model/trial.ts";
import { foreignOrigin } from "../judgements.ts";
import { variantOf, waitsInVain } from "../verdict.ts";
import { accessOf, tokenText } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskContext, RiskOutcome } from "./risk.ts";

const outcomes = {
  another: {
    word: "another credential",
    severity: "danger",
    advice: "Do not connect from there: what the server hears is not what the code was given.",
  },
  origin: {
    word: "refused for its origin",
    severity: "mind",
    advice:
      "Connect from the page and pass messages on, or allow that origin, which others may share.",
  },
  nothing: {
    word: "nothing presented",
    severity: "mind",
    advice: "Connect from the page, or hand the credential over in a way that works there.",
  },
  cannot: {
    word: "cannot try",
    severity: "mind",
    advice: "Connect from the page and pass messages on: the code needs what is not there.",
  },
  waits: {
    word: "waits in vain",
    severity: "mind",
    advice: "Give the code a deadline of its own, and connect from the page's own window.",
  },
  requestFailed: {
    word: "request failed",
    severity: "mind",
    advice:
      "Connect from the page and pass messages on, or have the server answer that origin: a request is made first, which failed there.",
  },
  refused: {
    word: "refused",
    severity: "mind",
    advice: "Connect from the page and pass messages on.",
  },
  letIn: { word: "let in", severity: "fine", advice: "Nothing to do." },
  notEven: {
    word: "not even the page",
    severity: "unknown",
    advice: "Nothing follows from this: the page itself does not get in here either.",
    moot: true,
  },
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** Whether the technique works from somewhere else than the page's own window. */
export const callers: Risk = {
  id: "callers",
  title: "Callers",
  question:
    "From a frame, a sandboxed frame or a worker instead of the page: what is presented, and is it let in?",
  outcomes: Object.values(outcomes),
  assess: (trials, context) =>
    cellsOf(
      callers,
      context,
      trials.map((trial) => draftOf(trial, context)),
    ),
};

function draftOf(trial: JudgedTrial, context: RiskContext): Draft {
  const [attempt] = trial.attempts;
  const caller = attempt?.from ?? callerOf(trial.scenario);
  const draft = (outcome: RiskOutcome, say: Draft["say"]): Draft => {
    const attempts = attempt === undefined ? [] : [0];
    return { outcome, trial, ...(caller !== undefined && { caller }), say, attempts };
  };
  if (attempt !== undefined && waitsInVain(attempt) && isPageLetIn(trial, context) === true) {
    return draft(
      outcomes.waits,
      (who) =>
        `Where ${who} runs it, the code waits for what it never gets: no handshake was sent.`,
    );
  }
  const access = accessOf(attempt, trial.failure?.reason);
  const hasRequestFailed = access.state === "unknown" && access.hasRequestFailed === true;
  if (attempt === undefined || (access.state === "unknown" && !hasRequestFailed)) {
    const why = access.state === "unknown" ? access.why : "it was not tried";
    return draft(outcomes.unknown, (who) => `It is unknown whether ${who} gets in: ${why}.`);
  }
  if (access.state === "in") {
    return access.presented === attempt.given && access.user === attempt.user
      ? draft(outcomes.letIn, (who) => `With its own token, ${who} was let in.`)
      : draft(outcomes.another, (who) => {
          const presented = tokenText(trial, access.presented);
          return `Given a token, ${who} presented ${presented} and was let in as ${access.user}.`;
        });
  }
  const isPageIn = isPageLetIn(trial, context);
  if (isPageIn === undefined) {
    return draft(
      outcomes.unknown,
      (who) =>
        `It is unknown what keeps ${who} out (${access.why}): whether the page itself gets in was not shown.`,
    );
  }
  if (!isPageIn) {
    return draft(
      outcomes.notEven,
      (who) => `Neither ${who} (${access.why}) nor the page itself gets in.`,
    );
  }
  if (access.state === "unknown") {
    return draft(
      outcomes.requestFailed,
      (who) => `A request that ${who} makes before its socket failed: ${access.why}.`,
    );
  }
  if (access.by === "browser") {
    return draft(outcomes.cannot, (who) => `No socket was opened by ${who}: ${access.why}.`);
  }
  if (access.why === foreignOrigin) {
    return draft(outcomes.origin, (who) => `Refused to ${who}: ${access.why}.`);
  }
  if (access.presented === null) {
    return draft(
      outcomes.nothing,
      (who) => `Given a token, ${who} presented nothing, and was refused: ${access.why}.`,
    );
  }
  const isOwn = access.presented === attempt.given;
  return draft(
    outcomes.refused,
    (who) =>
      `With ${isOwn ? "its own token" : `${tokenText(trial, access.presented)} instead of its own`}, ${who} was refused: ${access.why}.`,
  );
}

/** Whether a good token is accepted from the page there; undefined: that was not shown. */
function isPageLetIn(trial: JudgedTrial, { all }: RiskContext): boolean | undefined {
  const outcomesThere = all
    .filter((other) => other.scenario === "valid" && variantOf(other) === variantOf(trial))
    .map(({ verdict }) => verdict.outcome);
  if (outcomesThere.includes("fail")) return false;
  return outcomesThere.includes("pass") ? true : undefined;
}

const known: readonly Caller[] = [
  "frame",
  "sandboxed-frame",
  "dedicated-worker",
  "shared-worker",
  "service-worker",
];

function callerOf(scenario: string): Caller | undefined {
  return known.find((caller) => scenario === `caller-${caller}`);
}
