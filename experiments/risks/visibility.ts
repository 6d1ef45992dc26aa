import type { Attempt } from "../../model/observation.ts";
import type { JudgedTrial } from "../../model/results.ts";
import { accessOf, closeSeen, unsaidCodes } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskOutcome } from "./risk.ts";
import { tellsApart, visibleFailure } from "./visible-failure.ts";

const outcomes = {
  alike: {
    word: "looks like an outage",
    severity: "mind",
    advice:
      "Ask over HTTP whether the session still is one before you try again, or refuse after opening, with a close code of your own.",
  },
  apart: {
    word: "can be told, unsaid",
    severity: "mind",
    advice:
      "Do not build on it: the two look different, but neither says what happened, so ask over HTTP.",
  },
  saysOverHttp: {
    word: "says why over HTTP",
    severity: "fine",
    advice:
      "Act on the status of that answer, and ask over HTTP again when a socket fails: a handshake by itself says nothing.",
  },
  says: {
    word: "says why",
    severity: "fine",
    advice:
      "Act on the code and the reason: log in again for a refusal, and try again for the rest.",
  },
  nothingRefused: {
    word: "nothing was refused",
    severity: "unknown",
    advice: "Nothing follows from this: no expired token was refused that a page could see.",
  },
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** The scenario that compares a refusal with an outage, technique by technique. */
export const expiredOrDown = "expired-or-down";

/** Whether a page learns why it was not let in. */
export const visibility: Risk = {
  id: "visibility",
  title: "Failure visibility",
  question: "Can the page tell an expired token from a server that is down?",
  outcomes: Object.values(outcomes),
  assess: (trials, context) =>
    cellsOf(
      visibility,
      context,
      trials.filter(({ scenario }) => scenario === expiredOrDown).map(draftOf),
    ),
};

function draftOf(trial: JudgedTrial): Draft {
  const { attempts } = trial;
  const places = {
    expired: attempts.findIndex(({ present }) => present === "expired"),
    down: attempts.findIndex(({ fault }) => fault === "down"),
  };
  const draft = (outcome: RiskOutcome, sentence: string): Draft => {
    const shown = Object.values(places).filter((index) => index !== -1);
    return { outcome, trial, say: () => sentence, attempts: shown };
  };
  const missing = trial.failure?.reason ?? "it was not tried";
  const [expired, down] = [attempts[places.expired], attempts[places.down]];
  const refusal = accessOf(expired, missing);
  if (refusal.state !== "refused" || expired === undefined) {
    const why = refusal.state === "in" ? `it was let in as ${refusal.user}` : refusal.why;
    return draft(
      refusal.state === "in" ? outcomes.nothingRefused : outcomes.unknown,
      `No refusal was seen of the expired token: ${why}.`,
    );
  }
  // Otherwise it is the refusal of something else that the page sees.
  if (refusal.presented === null) {
    return draft(outcomes.nothingRefused, `The expired token was never presented: ${refusal.why}.`);
  }
  if (down === undefined || down.end === "harness-error") {
    return draft(outcomes.unknown, `It is unknown what the page sees of an outage: ${missing}.`);
  }
  const { apart, difference } = tellsApart(expired, down);
  if (!apart) return draft(outcomes.alike, `The page cannot tell them: ${difference}.`);
  const { saw } = visibleFailure(expired);
  if (isRefusedOverHttp(expired)) {
    return draft(outcomes.saysOverHttp, `No socket was opened: the page sees ${saw}.`);
  }
  return saysWhy(expired)
    ? draft(outcomes.says, `Of the refusal the page sees ${saw}.`)
    : draft(outcomes.apart, `The page sees ${difference}.`);
}

/** Whether an HTTP request was refused, whose status a page can read, and so no socket was opened. */
function isRefusedOverHttp({ end, evidence }: Attempt): boolean {
  const isRefused = evidence.some(
    (entry) => entry.type === "request" && !entry.upgrade && entry.refusal !== null,
  );
  return end === "threw" && isRefused;
}

/** Whether the refusal has words or a code for it, in whatever way a page may get them. */
function saysWhy(attempt: Attempt): boolean {
  const close = closeSeen(attempt);
  const isSaid = close !== undefined && !unsaidCodes.includes(close.code);
  return isSaid || attempt.events.some(({ type }) => type === "refusal" || type === "exception");
}
