import type { JudgedTrial } from "../../model/results.ts";
import { accessOf, tokenText } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskOutcome } from "./risk.ts";

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
      trials.map((trial) => (trial.scenario === "backoff" ? backoffOf(trial) : draftOf(trial))),
    ),
};

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

/** A try that takes that much longer than the first one was held back: some techniques do a lot before. */
const patienceMs = 500;

function backoffOf(trial: JudgedTrial): Draft {
  const { attempts } = trial;
  const draft = (outcome: RiskOutcome, sentence: string, ...shown: number[]): Draft => {
    return { outcome, trial, about: "delay", say: () => sentence, attempts: shown };
  };
  const [first, ...later] = attempts.map(({ evidence }) =>
    evidence.find((entry) => entry.type === "request" && entry.upgrade),
  );
  const tries = later.flatMap((entry, index) =>
    entry === undefined ? [] : [{ index: index + 1, at: entry.at }],
  );
  const slowest = tries.toSorted((a, b) => b.at - a.at)[0];
  if (first === undefined || slowest === undefined || attempts.length < 3) {
    const why = trial.failure?.reason ?? "no try after a failure reached the server";
    return draft(outcomes.unknown, `It is unknown how soon the next try is made: ${why}.`);
  }
  if (slowest.at - first.at > patienceMs) {
    const seconds = Math.max(1, Math.round(slowest.at / 1_000));
    return draft(
      outcomes.heldBack,
      `After failures the next try reached the server about ${seconds} s after the page made it.`,
      slowest.index,
    );
  }
  return draft(outcomes.recovers, "After failures the next try is made at once.", slowest.index);
}
