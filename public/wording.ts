import type { Evidence, Judgement, PageEvent, Presented, Serial } from "../model/observation.ts";
import type { Verdict } from "../model/results.ts";

/** How a run stands. The last two say nothing about the technique. */
export type State = "waiting" | "ok" | "ko" | "unknown" | "lab-failed";

/** A state in a word and a sign, so that colour is never the only difference. */
export const stateWords: Readonly<Record<State, { readonly sign: string; readonly word: string }>> =
  {
    waiting: { sign: "…", word: "Waiting" },
    ok: { sign: "✓", word: "OK" },
    ko: { sign: "✗", word: "KO" },
    unknown: { sign: "?", word: "Unknown" },
    "lab-failed": { sign: "!", word: "The lab failed" },
  };

/** One line of a timeline: what happened, and what the server made of it. */
export interface Line {
  readonly what: string;
  readonly judgement: string | null;
  readonly tone: "good" | "bad" | "plain";
}

/** The state that a verdict puts a run into. */
export function stateOf({ outcome }: Verdict): State {
  switch (outcome) {
    case "pass":
      return "ok";
    case "fail":
      return "ko";
    case "timeout":
    case "crash":
    case "unsupported":
      return "unknown";
    case "harness-error":
      return "lab-failed";
  }
}

/** When the credential is judged, for people. */
export function describeStage(stage: "handshake" | "first-message"): string {
  switch (stage) {
    case "handshake":
      return "judged during the handshake";
    case "first-message":
      return "judged by the first message";
  }
}

/** What the page saw, in a line. */
export function describeEvent(event: PageEvent): Line {
  switch (event.type) {
    case "open":
      return plain(event.protocol === "" ? "open" : `open, protocol ${event.protocol}`);
    case "message":
      return plain(`message “${event.data}”`);
    case "refusal":
      return plain(`refusal ${event.code}: ${event.reason}`);
    case "error":
      // https://websockets.spec.whatwg.org/#feedback-from-the-protocol keeps the reason from scripts.
      return plain("error, with no reason given");
    case "close":
      return plain(closeText(event) + (event.wasClean ? "" : ", not clean"));
    case "exception":
      return plain(`${event.name}: ${event.message}`);
  }
}

/** What a server saw, in a line and its judgement. `given` is the serial that should have been presented. */
export function describeEvidence(entry: Evidence, given: Serial | null): Line {
  switch (entry.type) {
    case "request": {
      const what = `${entry.method} ${entry.upgrade ? "upgrade" : "request"} → ${entry.status}`;
      return entry.upgrade ? judged(what, entry, given) : mentioned(what, entry);
    }
    case "message":
      return judged("first message", entry, given);
    case "close":
      return plain(closeText(entry));
  }
}

/** A presented credential's public name, for the middle of a sentence. */
export function presentedText(presented: Presented | null): string {
  switch (presented) {
    case null:
      return "nothing";
    case "unrecognised":
      return "an unrecognised token";
    default:
      return presented;
  }
}

/** The serial that the servers went by: of whoever was let in, else of the last credential they were shown. */
export function presentedSerial(evidence: readonly Evidence[]): Presented | null {
  const judgements = evidence.filter((entry) => entry.type !== "close");
  const decisive =
    judgements.find(({ user }) => user !== null) ??
    judgements.findLast(({ presented }) => presented !== null);
  return decisive?.presented ?? null;
}

/** A reason as a sentence: with a capital and a full stop. */
export function sentence(reason: string): string {
  const capitalised = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?…]$/u.test(capitalised) ? capitalised : `${capitalised}.`;
}

function plain(what: string): Line {
  return { what, judgement: null, tone: "plain" };
}

function judged(what: string, judgement: Judgement, given: Serial | null): Line {
  const { presented, user, refusal } = judgement;
  const wrong = presented !== null && presented !== given;
  const parts = [
    presentation(judgement),
    ...(wrong && given !== null ? [`not the given ${given}`] : []),
    ...(user === null ? [] : [`let in as ${user}`]),
    ...(refusal === null ? [] : [`refused: ${refusal}`]),
  ];
  // To refuse a request without a credential is half of HTTP authentication, and no bad news yet.
  const bad = wrong || (refusal !== null && presented !== null);
  const tone = bad ? "bad" : user === null ? "plain" : "good";
  return { what, judgement: parts.join(", "), tone };
}

/** A frame or its script is handed out to anybody; a credential that comes along is worth a mention. */
function mentioned(what: string, judgement: Judgement): Line {
  if (judgement.presented === null) return plain(what);
  return { what, judgement: presentation(judgement), tone: "plain" };
}

function presentation({ presented, via }: Judgement): string {
  if (presented === null) return "presented nothing";
  return presentedText(presented) + (via === null ? "" : ` by ${via}`);
}

function closeText({ code, reason }: { readonly code: number; readonly reason: string }): string {
  return reason === "" ? `close ${code}` : `close ${code} “${reason}”`;
}
