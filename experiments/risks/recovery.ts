import type { Attempt, Evidence } from "../../model/observation.ts";
import type { JudgedTrial } from "../../model/results.ts";
import { accessOf, tokenText } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskContext, RiskOutcome } from "./risk.ts";

const outcomes = {
  badLetIn: {
    word: "bad one let in",
    severity: "danger",
    advice:
      "Do not use it where users change: what worked before is presented instead of what was given.",
  },
  poisoned: {
    word: "stays broken",
    severity: "danger",
    advice: "Do not use it: after one bad token good ones do not get in either.",
  },
  stale: {
    word: "another token presented",
    severity: "danger",
    advice:
      "Do not use it where tokens change: the server hears an older one than the page was given.",
  },
  heldBack: {
    word: "held back",
    severity: "mind",
    advice:
      "Tell users that it takes a while, and do not try faster: the browser delays the next try by itself.",
  },
  recovers: { word: "recovers", severity: "fine", advice: "Nothing to do." },
  notTried: {
    word: "nothing to recover",
    severity: "unknown",
    advice: "Nothing follows from this: a good token did not get in before the bad one either.",
    moot: true,
  },
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** What a bad token does to good ones after it. */
export const recovery: Risk = {
  id: "recovery",
  title: "After failure",
  question:
    "Good, bad, good again: does a bad token spoil what worked, and how soon is the next try made?",
  outcomes: Object.values(outcomes),
  assess: (trials, context) =>
    cellsOf(
      recovery,
      context,
      trials.flatMap((trial) => {
        if (trial.scenario !== "backoff") return [draftOf(trial)];
        return canHoldBack(context) ? [backoffOf(trial)] : [];
      }),
    ),
};

/** A run in which the delay is switched off shows nothing of what a user's browser does. */
function canHoldBack({ run }: RiskContext): boolean {
  return run.profile.reconnectBackoff !== "off";
}

function draftOf(trial: JudgedTrial): Draft {
  const { attempts } = trial;
  const draft = (outcome: RiskOutcome, sentence: string, ...shown: number[]): Draft => {
    const made = shown.filter((index) => index in attempts);
    return { outcome, trial, say: () => sentence, attempts: made };
  };
  const missing = trial.failure?.reason ?? "it was not tried";
  const [good, bad, again] = [0, 1, 2].map((index) => accessOf(attempts[index], missing));
  if (bad?.state === "in") {
    return draft(
      outcomes.badLetIn,
      `Given a bad token, the page presented ${tokenText(trial, bad.presented)} and was let in as ${bad.user}.`,
      1,
    );
  }
  if (good === undefined || good.state === "unknown") {
    return draft(
      outcomes.unknown,
      `It is unknown what the first token did: ${good?.why ?? missing}.`,
      0,
    );
  }
  if (good.state === "refused") {
    return draft(outcomes.notTried, `A good token was not accepted: ${good.why}.`, 0);
  }
  if (bad?.state !== "refused") {
    return draft(
      outcomes.unknown,
      `It is unknown what the bad token did: ${bad?.why ?? missing}.`,
      1,
    );
  }
  switch (again?.state) {
    case "in": {
      const { given = null, user } = attempts[2] ?? {};
      const isOwn = again.presented === given && again.user === user;
      return isOwn
        ? draft(
            outcomes.recovers,
            `After a refusal (${bad.why}) the next good token was accepted.`,
            1,
            2,
          )
        : draft(
            outcomes.stale,
            `After a refusal the page presented ${tokenText(trial, again.presented)} instead of its own, and was let in as ${again.user}.`,
            2,
          );
    }
    case "refused":
      return draft(
        outcomes.poisoned,
        `After a refusal (${bad.why}) the next good token was refused too: ${again.why}.`,
        1,
        2,
      );
    case "unknown":
    case undefined:
      return draft(
        outcomes.unknown,
        `It is unknown whether the next good token gets in: ${again?.why ?? missing}.`,
        2,
      );
  }
}

/** A try that takes that much longer than those before any failure was held back: some techniques do a lot before. */
const patienceMs = 500;

function backoffOf(trial: JudgedTrial): Draft {
  const { attempts, failure } = trial;
  const draft = (outcome: RiskOutcome, sentence: string, ...shown: number[]): Draft => {
    const made = shown.filter((index) => index in attempts);
    return { outcome, trial, about: "delay", say: () => sentence, attempts: made };
  };
  const unknown = (why: string, ...shown: number[]): Draft =>
    draft(outcomes.unknown, `It is unknown how soon the next try is made: ${why}.`, ...shown);
  const [good] = attempts;
  const missing = failure?.reason ?? "no try after a failure reached the server";
  const first = accessOf(good, missing);
  if (first.state === "refused") {
    return draft(outcomes.notTried, `A good token was not accepted: ${first.why}.`, 0);
  }
  const firstTry = handshakeOf(good);
  if (first.state === "unknown" || good === undefined || firstTry === undefined) {
    return unknown(first.state === "unknown" ? first.why : missing, 0);
  }
  const failed = attempts.findIndex(
    (attempt, index) => index > 0 && accessOf(attempt).state === "refused",
  );
  // Of what no failure was before, the quickest: the very first one may have had to wake something up.
  const unhindered = attempts.slice(0, failed + 1).map((attempt) => handshakeOf(attempt)?.at);
  const usualMs = Math.min(firstTry.at, ...unhindered.filter((at) => at !== undefined));
  const later = attempts.flatMap((attempt, index) =>
    failed !== -1 && index > failed ? [{ attempt, index, handshake: handshakeOf(attempt) }] : [],
  );
  const tries = later.flatMap(({ index, handshake }) =>
    handshake === undefined ? [] : [{ index, at: handshake.at }],
  );
  const never = later.find(({ attempt }) => waitsInVain(attempt, good));
  if (never !== undefined) {
    return draft(
      outcomes.heldBack,
      "After failures the next try was held back for longer than the page waits.",
      never.index,
    );
  }
  const slowest = tries.toSorted((a, b) => b.at - a.at)[0];
  if (slowest !== undefined && slowest.at - usualMs > patienceMs) {
    const seconds = Math.max(1, Math.round(slowest.at / 1_000));
    return draft(
      outcomes.heldBack,
      `After failures the next try reached the server about ${seconds} s after the page made it.`,
      slowest.index,
    );
  }
  if (slowest === undefined || failure !== null) return unknown(missing);
  for (const { attempt, index, handshake } of later) {
    const access = accessOf(attempt);
    if (handshake === undefined && access.state === "unknown") return unknown(access.why, index);
  }
  return draft(outcomes.recovers, "After failures the next try is made at once.", slowest.index);
}

type Request = Extract<Evidence, { type: "request" }>;

function handshakeOf(attempt: Attempt | undefined): Request | undefined {
  return attempt?.evidence.find(
    (entry): entry is Request => entry.type === "request" && entry.upgrade,
  );
}

/** Whether the page waited for a socket of which no handshake came, having asked for all that it asked for the first time. */
function waitsInVain(attempt: Attempt, good: Attempt): boolean {
  const before = good.evidence.findIndex((entry) => entry.type === "request" && entry.upgrade);
  return (
    attempt.end === "timeout" &&
    handshakeOf(attempt) === undefined &&
    attempt.evidence.length >= before
  );
}
