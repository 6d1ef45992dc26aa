import type { JudgedTrial } from "../../model/results.ts";
import { accessOf, closeSeen, unsaidCodes } from "./access.ts";
import { outlivesItsSession } from "../verdict.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskOutcome } from "./risk.ts";

const outcomes = {
  stays: {
    word: "stays open",
    severity: "danger",
    advice: "Close every socket of a session with the session, and give sockets a longest life.",
  },
  letsBackIn: {
    word: "lets back in",
    severity: "danger",
    advice:
      "Have the server ask, at every handshake, whether the session still is one: a signature alone cannot be taken back.",
  },
  selfContained: {
    word: "a JWT stays open",
    severity: "danger",
    advice:
      "Let tokens that are verified without asking anybody live for minutes only, or look every one up in a list of those that were revoked.",
  },
  unwatched: {
    word: "only the session watch",
    severity: "mind",
    advice: "Keep the watch: a server that judges a credential once never hears that it is over.",
  },
  unsaid: {
    word: "closed without saying why",
    severity: "mind",
    advice:
      "Close with a code of your own, 4401 for one, so that pages log in again instead of trying again.",
  },
  ends: { word: "ends with it", severity: "fine", advice: "Nothing to do." },
  notTried: {
    word: "no session to end",
    severity: "unknown",
    advice: "Nothing follows from this: not even a good token got in here.",
    moot: true,
  },
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** Whether a session that is over is over for its sockets too. */
export const sessionEnd: Risk = {
  id: "session-end",
  title: "End of a session",
  question:
    "When the user logs out, the token is revoked or runs out: is the open socket closed, and is the next one refused?",
  outcomes: Object.values(outcomes),
  assess: (trials, context) => cellsOf(sessionEnd, context, trials.map(draftOf)),
};

const abouts: Readonly<Record<string, string>> = {
  "revoked-open": "revoked",
  "revoked-unwatched": "revoked, unwatched",
  "revoked-jwt": "revoked, a JSON Web Token",
  "expired-open": "ran out",
  "expired-unwatched": "ran out, unwatched",
  "logged-out": "logged out",
};

function draftOf(trial: JudgedTrial): Draft {
  const { attempts } = trial;
  const [open] = attempts;
  const about = abouts[trial.scenario] ?? trial.scenario;
  const draft = (outcome: RiskOutcome, sentence: string, ...shown: number[]): Draft => {
    const made = shown.filter((index) => index in attempts);
    return { outcome, trial, about, say: () => sentence, attempts: made };
  };
  const missing = trial.failure?.reason ?? "it was not tried";
  const first = accessOf(open, missing);
  if (first.state === "refused") {
    return draft(outcomes.notTried, `A good token was not accepted: ${first.why}.`, 0);
  }
  if (first.state === "unknown" || open === undefined) {
    const why = first.state === "unknown" ? first.why : missing;
    return draft(outcomes.unknown, `It is unknown whether there was a session: ${why}.`, 0);
  }
  const later = attempts.slice(1).map((attempt) => accessOf(attempt));
  const back = later.findIndex(({ state }) => state === "in");
  const returned = later[back];
  const comesBack =
    returned?.state === "in" ? `, and a new connection was let in as ${returned.user}` : "";
  const close = closeSeen(open);
  if (outlivesItsSession(open)) {
    const stayed = `socket stayed open when the session was over (${about})${comesBack}.`;
    const shown = [0, ...(back === -1 ? [] : [back + 1])];
    if (open.without === "session-watch") {
      // That a socket stays open is what the watch is for; that somebody comes back is not.
      const outcome = back === -1 ? outcomes.unwatched : outcomes.letsBackIn;
      return draft(outcome, `Without the watch, the ${stayed}`, ...shown);
    }
    const outcome = open.shape === "jwt" ? outcomes.selfContained : outcomes.stays;
    return draft(outcome, `The ${stayed}`, ...shown);
  }
  if (close === undefined) {
    const sentence = `It is unknown how the socket ended: the page saw ${open.end}.`;
    return draft(outcomes.unknown, sentence, 0);
  }
  const how = `The socket was closed with ${close.code}${close.reason === "" ? "" : ` (${close.reason})`}`;
  if (returned !== undefined) return draft(outcomes.letsBackIn, `${how}${comesBack}.`, 0, back + 1);
  const unknown = later.findIndex(({ state }) => state === "unknown");
  const doubt = later[unknown];
  if (doubt?.state === "unknown") {
    return draft(
      outcomes.unknown,
      `${how}, and it is unknown whether the old credential gets back in: ${doubt.why}.`,
      unknown + 1,
    );
  }
  if (trial.failure !== null) {
    return draft(
      outcomes.unknown,
      `${how}, and it is unknown whether anybody gets back in: ${missing}.`,
      0,
    );
  }
  const old = attempts.findIndex(({ present }) => present === "again");
  const refusal = later[old - 1];
  if (refusal?.state === "refused" && refusal.presented !== attempts[old]?.given) {
    return draft(
      outcomes.unknown,
      `${how}, and it is unknown whether the old credential gets back in: it was not presented again (${refusal.why}).`,
      old,
    );
  }
  const after =
    refusal?.state === "refused" ? `, and the old credential was refused: ${refusal.why}` : "";
  return draft(
    unsaidCodes.includes(close.code) ? outcomes.unsaid : outcomes.ends,
    `${how}${after}.`,
    0,
    1,
  );
}
