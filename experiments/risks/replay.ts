import type { Attempt } from "../../model/observation.ts";
import type { JudgedTrial } from "../../model/results.ts";
import { accessOf, viaOf } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import type { Risk, RiskOutcome } from "./risk.ts";

const outcomes = {
  inTheOpen: {
    word: "replayed, and in the open",
    severity: "danger",
    advice: "Use TLS: whoever is on the way reads the credential here and gets in with it.",
  },
  replayed: {
    word: "let in again",
    severity: "mind",
    advice:
      "Make tokens good for one use or for seconds: whoever gets hold of what was sent, from a log for one, gets in with it.",
  },
  not: {
    word: "refused",
    severity: "fine",
    advice: "Nothing to do: what was sent is of no use to whoever recorded it.",
  },
  nothing: {
    word: "nothing to replay",
    severity: "fine",
    advice:
      "Nothing to do: the proof is made anew for every TLS connection, with a key that is never sent.",
  },
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** Whether what was on the wire lets somebody else in. */
export const replay: Risk = {
  id: "replay",
  title: "Replay",
  question:
    "A program repeats what the page put on the wire, while the first connection is open and after it closed: is it let in?",
  outcomes: Object.values(outcomes),
  assess: (trials, context) => cellsOf(replay, context, trials.map(draftOf)),
};

const abouts: Readonly<Record<string, string>> = {
  "replay-open": "while it is open",
  "replay-closed": "after it closed",
};

function draftOf(trial: JudgedTrial): Draft {
  const { attempts, scheme } = trial;
  const again = attempts.findIndex(({ present }) => present === "replayed");
  const about = abouts[trial.scenario] ?? trial.scenario;
  const draft = (outcome: RiskOutcome, sentence: string, index = again): Draft => {
    return { outcome, trial, about, say: () => sentence, attempts: index === -1 ? [] : [index] };
  };
  const missing = trial.failure?.reason ?? "it was not tried";
  const access = accessOf(attempts[again], missing);
  if (access.state === "in") {
    const isInTheOpen = scheme === "ws" || scheme === "https+ws";
    return draft(
      isInTheOpen ? outcomes.inTheOpen : outcomes.replayed,
      `A program that repeated it ${about} was let in as ${access.user}.`,
    );
  }
  const first = accessOf(attempts[0], missing);
  if (first.state !== "in") {
    return draft(outcomes.unknown, `There was nothing to repeat: ${first.why}.`, 0);
  }
  if (access.state === "unknown") {
    return draft(outcomes.unknown, `It is unknown whether a repetition gets in: ${access.why}.`);
  }
  // A refusal counts only where what was repeated held a credential for the server to judge.
  if (access.presented === null) {
    if (isProvenInTls(attempts[0]) && isHandshakeRepeated(attempts[again])) {
      return draft(
        outcomes.nothing,
        `A program that repeated it ${about} had nothing to present (${access.why}): the credential (${viaOf(attempts[0])}) is no part of what can be repeated.`,
      );
    }
    return draft(
      outcomes.unknown,
      `The repetition held nothing that a server took for a credential (${access.why}), which proves nothing.`,
    );
  }
  return draft(outcomes.not, `A program that repeated it ${about} was refused: ${access.why}.`);
}

/**
 * Whether the server took the credential from TLS, where a client signs what is different in every
 * connection: https://www.rfc-editor.org/rfc/rfc8446#section-4.4.3
 */
function isProvenInTls(attempt: Attempt | undefined): boolean {
  return viaOf(attempt) === "client certificate";
}

/** Whether a server judged the repeated handshake, which is all that the first client said before it was let in. */
function isHandshakeRepeated(attempt: Attempt | undefined): boolean {
  return (
    attempt?.end === "completed" &&
    attempt.evidence.some(
      (entry) => entry.type === "request" && entry.upgrade && entry.refusal === "no credential",
    )
  );
}
