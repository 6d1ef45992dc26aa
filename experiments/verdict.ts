import type {
  Attempt,
  Judgement,
  ObservedTrial,
  PageEvent,
  TrialFailure,
} from "../model/observation.ts";
import type { Afterwards } from "../model/trial.ts";
import { foreignOrigin, judgements, noneInTime } from "./judgements.ts";
import type { JudgedTrial, SummaryWord, Verdict } from "../model/results.ts";

type Fail = Extract<Verdict, { outcome: "fail" }>;
type Finding = Pick<Fail, "kind" | "reason">;

/**
 * What a trial shows, from its observation alone. A break-in is one, whatever else happened;
 * otherwise the first attempt that falls short decides.
 */
export function verdict(trial: ObservedTrial): Verdict {
  const numbered = (index: number, reason: string): string =>
    trial.attempts.length === 1 ? reason : `attempt ${index + 1} ${reason}`;
  const fail = (index: number, { kind, reason }: Finding): Verdict => {
    return { outcome: "fail", kind, attempt: index, reason: numbered(index, reason) };
  };
  for (const [index, attempt] of trial.attempts.entries()) {
    if (attempt.expect === "any") continue;
    const breach =
      attempt.expect === "refused" ? breachFinding(trial, attempt) : takeoverFinding(attempt);
    if (breach !== undefined) return fail(index, breach);
  }
  if (trial.failure !== null) return trial.failure;
  for (const [index, attempt] of trial.attempts.entries()) {
    const inconclusive = whyNothingCanBeSaid(attempt);
    if (inconclusive !== undefined) {
      return { ...inconclusive, reason: numbered(index, inconclusive.reason) };
    }
    if (attempt.expect === "any") continue;
    const finding =
      attempt.expect === "accepted"
        ? acceptanceFinding(trial, index)
        : emptyRefusalFinding(attempt);
    if (finding !== undefined) return fail(index, finding);
  }
  if (trial.attempts.length === 0) {
    return { outcome: "harness-error", reason: "no attempt was made" };
  }
  return { outcome: "pass", reason: trial.attempts.map(describeSuccess).join("; ") };
}

/** The word for a technique in a browser, with the counts and the sentence that explain it. */
export interface Summary {
  readonly word: SummaryWord;
  readonly passed: number;
  readonly failed: number;
  /** Trials of which nothing can be said. */
  readonly inconclusive: number;
  /** All of these; placements and schemes that this browser cannot be given are not counted, unless there are no others. */
  readonly total: number;
  readonly reason: string;
}

/** Placement and scheme of a trial, in words: "same-host, ws". */
export function variantOf({
  placement,
  scheme,
}: Pick<ObservedTrial, "placement" | "scheme">): string {
  return `${placement}, ${scheme}`;
}

/**
 * What all trials of one technique in one browser amount to. Each placement and scheme is summarised
 * by itself first: a technique that works at some and is broken at others works `partly`. Trials of
 * an aspect are not counted, but for a page of somebody else that got in, and a forged token that did
 * after a good one: then it is `unsafe`. `rotates` is false for
 * one whose credential cannot change, so that rotation was left out.
 */
export function summarise(
  all: readonly JudgedTrial[],
  { rotates = true }: { readonly rotates?: boolean } = {},
): Summary {
  const trials = all.filter((trial) => trial.aspect === undefined || isBreached(trial));
  const variants = [...Map.groupBy(trials, variantOf)].map(([variant, own]) => {
    return { variant, summary: summariseVariant(own, rotates), isSupported: own.some(isSupported) };
  });
  const supported = variants.filter((variant) => variant.isSupported);
  const counted = supported.length > 0 ? supported : variants;
  const sum = (count: "passed" | "failed" | "inconclusive" | "total"): number =>
    counted.reduce((total, { summary }) => total + summary[count], 0);
  const decisive = decisiveVariant(counted);
  const word =
    decisive?.summary.word === "broken" && counted.some(({ summary }) => summary.word !== "broken")
      ? "partly"
      : (decisive?.summary.word ?? "unknown");
  const reason = decisive?.summary.reason ?? "nothing was tried";
  return {
    word,
    passed: sum("passed"),
    failed: sum("failed"),
    inconclusive: sum("inconclusive"),
    total: sum("total"),
    reason: counted.length > 1 && word !== "works" ? `${decisive?.variant}: ${reason}` : reason,
  };
}

const mostDecisiveFirst: readonly SummaryWord[] = [
  "unsafe",
  "broken",
  "partly",
  "unknown",
  "works",
];

function decisiveVariant<Variant extends { readonly summary: Summary }>(
  variants: readonly Variant[],
): Variant | undefined {
  const rank = ({ summary }: Variant): number => mostDecisiveFirst.indexOf(summary.word);
  return variants.toSorted((a, b) => rank(a) - rank(b))[0];
}

/** Whether somebody got in who should not: with what the user's browser presents by itself, or after a good token. */
function isBreached({ aspect, verdict: shown }: JudgedTrial): boolean {
  return (
    (aspect === "hijacking" || aspect === "recovery") &&
    shown.outcome === "fail" &&
    shown.kind === "let-in"
  );
}

function isSupported({ verdict: { outcome } }: JudgedTrial): boolean {
  return outcome !== "unsupported";
}

/** `works` needs all three kinds of proof, or two where there is nothing to rotate. */
function summariseVariant(all: readonly JudgedTrial[], rotates: boolean): Summary {
  const trials = all.filter(({ aspect }) => aspect === undefined);
  const breached = all.find(isBreached);
  const fails = trials.flatMap((trial) =>
    trial.verdict.outcome === "fail" ? [{ trial, verdict: trial.verdict }] : [],
  );
  const passed = trials.filter((trial) => trial.verdict.outcome === "pass");
  const counts = {
    passed: passed.length,
    failed: fails.length,
    inconclusive: trials.length - passed.length - fails.length,
    total: trials.length,
  };
  const because = (word: SummaryWord, fail: (typeof fails)[number]): Summary => ({
    word,
    ...counts,
    reason: `${fail.trial.scenario}: ${fail.verdict.reason}`,
  });

  if (breached?.verdict.outcome === "fail") {
    return because("unsafe", { trial: breached, verdict: breached.verdict });
  }
  const letIn = fails.find((fail) => fail.verdict.kind === "let-in");
  if (letIn !== undefined) return because("unsafe", letIn);
  const firstGoodTokenRefused = fails.find(
    (fail) => fail.verdict.kind === "not-accepted" && fail.verdict.attempt === 0,
  );
  if (firstGoodTokenRefused !== undefined) return because("broken", firstGoodTokenRefused);
  if (fails[0] !== undefined) return because("partly", fails[0]);
  const open = trials.find(({ verdict: { outcome } }) => outcome !== "pass" && outcome !== "fail");
  if (open !== undefined) {
    const reason = `${open.scenario}: ${open.verdict.outcome}, ${open.verdict.reason}`;
    return { word: "unknown", ...counts, reason };
  }
  const missing = missingProof(passed, rotates);
  if (missing.length > 0) {
    return { word: "unknown", ...counts, reason: `not tried: ${missing.join(", ")}` };
  }
  return {
    word: "works",
    ...counts,
    reason: `accepts the good, refuses the bad${rotates ? ", survives rotation" : ""}`,
  };
}

function missingProof(trials: readonly ObservedTrial[], rotates: boolean): string[] {
  const tried = (test: (trial: ObservedTrial) => boolean): boolean => trials.some(test);
  return [
    tried(({ attempts }) => attempts.some(({ expect }) => expect === "accepted"))
      ? []
      : ["a good token"],
    tried(({ attempts }) => attempts.some(({ expect }) => expect === "refused"))
      ? []
      : ["a bad token"],
    !rotates ||
    tried(({ attempts }) => attempts.filter(({ present }) => present === "fresh").length > 1)
      ? []
      : ["rotation"],
  ].flat();
}

/** What the servers say to who presents nothing. */
const emptyHanded: readonly string[] = ["no credential", noneInTime, foreignOrigin];

/** What the servers must have said for a refusal to prove what the plan is about. */
const refusalOf: Readonly<Record<"forged" | "expired", string>> = {
  forged: "unknown token",
  expired: "expired token",
};

/** Opened; refused for its credential; refused for the size of its header, which a credential made large. */
const telling: readonly number[] = [101, 401, 431];

function whyNothingCanBeSaid(attempt: Attempt): TrialFailure | undefined {
  const turnedAway = attempt.evidence.find(
    (entry) =>
      entry.type === "request" &&
      entry.upgrade &&
      !telling.includes(entry.status) &&
      entry.refusal === null &&
      // A server that is down answers nothing.
      (attempt.fault === undefined || attempt.fault === "down"),
  );
  if (turnedAway?.type === "request") {
    const reason = `was turned away by the lab itself, with status ${turnedAway.status}`;
    return { outcome: "harness-error", reason };
  }
  const judged = judgements(attempt).filter(({ refusal }) => refusal !== null);
  if (attempt.given !== null && isLateOnly(judged)) {
    return { outcome: "timeout", reason: "presented nothing before the server's deadline" };
  }
  switch (attempt.end) {
    case "completed":
    case "threw":
      return undefined;
    case "timeout":
      // That the server does not end the connection is what such an attempt is about.
      if (attempt.afterwards === "stay" && outlivesItsSession(attempt)) return undefined;
      // That a page may wait for ever shows what it can see of that server.
      if (attempt.fault !== undefined && attempt.expect === "any") return undefined;
      // A frame or a worker in which the code waits for what it never gets is no place to connect from.
      if (waitsInVain(attempt)) return undefined;
      return {
        outcome: "timeout",
        reason: `did not end in time; the page saw ${lastSeen(attempt)}`,
      };
    case "harness-error":
      return { outcome: "harness-error", reason: `broke our own code: ${exceptionText(attempt)}` };
  }
}

/** Whether nothing else was refused than what did not come: a refused exchange explains why it did not. */
function isLateOnly(refused: readonly Judgement[]): boolean {
  return refused.length > 0 && refused.every(({ refusal }) => refusal === noneInTime);
}

/** Whether an attempt from a frame or a worker of the page ended by its deadline, and no handshake was sent. */
export function waitsInVain({ from = "page", end, events, evidence }: Attempt): boolean {
  return (
    /^(?:frame|sandboxed-frame|(?:dedicated|shared|service)-worker)$/u.test(from) &&
    end === "timeout" &&
    events.length === 0 &&
    !evidence.some((entry) => entry.type === "request" && entry.upgrade)
  );
}

function acceptanceFinding(trial: ObservedTrial, index: number): Finding | undefined {
  const attempt = trial.attempts[index];
  if (attempt === undefined) return undefined;
  const letIn = judgements(attempt).find(({ user }) => user !== null);
  if (letIn === undefined) {
    const last = judgements(attempt).findLast(({ presented }) => presented !== null);
    if (last !== undefined && last.presented !== attempt.given) {
      return {
        kind: attempt.present === "fresh" && index > 0 ? "wrong-credential" : "not-accepted",
        reason: `${presentedInstead(trial, index, last)}, and was refused: ${last.refusal}`,
      };
    }
    return { kind: "not-accepted", reason: whyNotAccepted(attempt, last) };
  }
  if (letIn.presented !== attempt.given) {
    return {
      kind: "wrong-credential",
      reason: `${presentedInstead(trial, index, letIn)}, and was let in as ${letIn.user}`,
    };
  }
  const stale = judgements(attempt).find(
    ({ presented }) =>
      presented !== null && presented !== attempt.given && presented !== attempt.renewedWith,
  );
  if (stale !== undefined) {
    return {
      kind: "wrong-credential",
      reason: `${presentedInstead(trial, index, stale)}, was refused: ${stale.refusal}, and tried again with its own`,
    };
  }
  if (letIn.user !== attempt.user) {
    return {
      kind: "wrong-credential",
      reason: `was let in as ${letIn.user} although the token is ${attempt.user}'s`,
    };
  }
  const renewal = renewalFinding(attempt);
  if (renewal !== undefined) return renewal;
  const talk = withoutFarewells(attempt, withoutPreliminaries(attempt.events)).map(eventText);
  const ideal = [
    "open",
    `message Hello ${attempt.user}!`,
    ...endings[attempt.afterwards ?? "goodbye"],
  ];
  if (talk.join("\n") !== ideal.join("\n")) {
    return {
      kind: "not-accepted",
      reason: `was let in by the server, but the page saw ${talk.join(", ") || "nothing"}`,
    };
  }
  return undefined;
}

/** What the page should see after the greeting. The codes above 4000 are the technique's own. */
const endings: Readonly<Record<Afterwards, readonly string[]>> = {
  goodbye: ["close 1000"],
  renew: ["message Renewed.", "close 1000"],
  "renew-as-another": ["close 4403"],
  stay: ["close 4401"],
  "be-revoked": ["close 4401"],
  "log-out": ["close 4401"],
  hold: ["close 1000"],
};

/** What should end an open connection, and what it is said to have survived when it does not. */
const sessionEnds: Readonly<Partial<Record<Afterwards, string>>> = {
  stay: "its token had run out",
  "be-revoked": "its token was revoked",
  "log-out": "its user had logged out",
};

/** A protocol may say in its own words that a session is over, before the connection is closed for that. */
function withoutFarewells(
  { afterwards = "goodbye" }: Attempt,
  events: Attempt["events"],
): Attempt["events"] {
  return sessionEnds[afterwards] === undefined
    ? events
    : events.filter(({ type }) => type !== "refusal");
}

/** The code that the lab ends a connection with which nothing else has ended. */
const stillOpen = 4000;

/** The code that servers end a connection with whose session is over. */
const sessionOver = 4401;

function survivalFinding({
  afterwards = "goodbye",
  end,
  events,
  evidence,
}: Attempt): Finding | undefined {
  const survived = sessionEnds[afterwards];
  if (survived === undefined || !outlivesItsSession({ afterwards, end, events, evidence })) {
    return undefined;
  }
  return { kind: "let-in", reason: `stayed connected although ${survived}` };
}

/** Whether the connection was still open when its session was over, and the lab or the page's deadline had to end it. */
export function outlivesItsSession({
  afterwards,
  end,
  events,
  evidence,
}: Pick<Attempt, "afterwards" | "end" | "events" | "evidence">): boolean {
  const isStillOpen = [...events, ...evidence].some(
    (entry) => entry.type === "close" && entry.code === stillOpen,
  );
  if (isStillOpen) return true;
  // The server has done its part then, even if the page did not hear of it in time.
  const isEnded = evidence.some((entry) => entry.type === "close" && entry.code === sessionOver);
  return afterwards === "stay" && end === "timeout" && !isEnded && events.some(greets);
}

function renewalFinding(attempt: Attempt): Finding | undefined {
  const survival = survivalFinding(attempt);
  if (survival !== undefined) return survival;
  if (attempt.renewedWith === undefined) return undefined;
  const renewal = judgements(attempt).find(({ presented }) => presented === attempt.renewedWith);
  if (renewal === undefined) {
    return { kind: "not-presented", reason: "did not present the token that it was to renew with" };
  }
  if (attempt.afterwards === "renew" && renewal.refusal !== null) {
    const reason = `presented a new token on the open connection and was refused: ${renewal.refusal}`;
    return { kind: "not-accepted", reason };
  }
  if (attempt.afterwards === "renew-as-another" && renewal.refusal !== "token of another user") {
    const reason = `was refused the token of another user for another reason: ${renewal.refusal}`;
    return { kind: "not-presented", reason };
  }
  return undefined;
}

function takeoverFinding({ afterwards, evidence, renewedWith }: Attempt): Finding | undefined {
  if (afterwards !== "renew-as-another") return undefined;
  const taken = evidence.find(
    (entry) => entry.type === "message" && entry.presented === renewedWith && entry.user !== null,
  );
  if (taken?.type !== "message") return undefined;
  return { kind: "let-in", reason: `became ${taken.user} on the open connection` };
}

function breachFinding(trial: ObservedTrial, attempt: Attempt): Finding | undefined {
  const letIn = judgements(attempt).find(({ user }) => user !== null);
  if (letIn !== undefined) {
    return {
      kind: "let-in",
      reason: `was let in as ${letIn.user} ${withWhat(trial, attempt, letIn)}`,
    };
  }
  const greeting = attempt.events.find(greets);
  if (greeting?.type === "message") {
    return { kind: "let-in", reason: `was answered "${greeting.data}" although refused` };
  }
  return undefined;
}

/** What a server says before it greets lets nobody in: a challenge, the socket's id. */
function withoutPreliminaries(events: Attempt["events"]): Attempt["events"] {
  const greetingAt = events.findIndex(greets);
  return events.filter((event, index) => event.type !== "message" || index >= greetingAt);
}

function greets(event: PageEvent): boolean {
  return event.type === "message" && event.data.startsWith("Hello ");
}

function withWhat(trial: ObservedTrial, attempt: Attempt, { presented }: Judgement): string {
  if (presented === null) return "while presenting nothing";
  if (presented === attempt.given) return `with ${tokenText(attempt)}`;
  const owner = trial.attempts.findIndex(({ given }) => given === presented);
  return owner === -1
    ? `with ${presented}, which it was not given`
    : `with the token of attempt ${owner + 1}, which it was not given`;
}

function emptyRefusalFinding(attempt: Attempt): Finding | undefined {
  const judged = judgements(attempt).filter(({ refusal }) => refusal !== null);
  if (judged.length === 0) {
    return {
      kind: "not-presented",
      reason: `never asked the server to be let in; the page saw ${lastSeen(attempt)}`,
    };
  }
  if (attempt.given === null) {
    const other = judged.find(({ refusal }) => !emptyHanded.includes(refusal ?? ""));
    if (other !== undefined && judged.every(({ presented }) => presented === null)) {
      return {
        kind: "not-presented",
        reason: `presented nothing, but was refused for another reason: ${other.refusal}`,
      };
    }
    if (judged.every(({ presented }) => presented === null)) return undefined;
    return {
      kind: "not-presented",
      reason: "presented a token although it was given none, so the refusal proves nothing",
    };
  }
  const refusal = judged.find(({ presented }) => presented === attempt.given)?.refusal;
  if (refusal === undefined || refusal === null) {
    return {
      kind: "not-presented",
      reason: `did not present ${tokenText(attempt)}, so the refusal proves nothing`,
    };
  }
  const wanted =
    attempt.present === "forged" || attempt.present === "expired"
      ? refusalOf[attempt.present]
      : refusal;
  if (refusal !== wanted) {
    return {
      kind: "not-presented",
      reason: `presented ${tokenText(attempt)}, but was refused for another reason: ${refusal}`,
    };
  }
  return undefined;
}

/** Tells tokens of this trial by their attempt, and only others by serial, so that a reason reads the same in every run. */
function presentedInstead(trial: ObservedTrial, index: number, { presented }: Judgement): string {
  if (presented === null) return "presented nothing instead of its own token";
  if (presented === "unrecognised")
    return "presented something unrecognised instead of its own token";
  const owner = trial.attempts.findIndex(({ given }) => given === presented);
  return owner === -1
    ? `presented ${presented}, which is none of this trial's tokens, instead of ${trial.attempts[index]?.given}`
    : `presented the token of attempt ${owner + 1} instead of its own`;
}

function whyNotAccepted(attempt: Attempt, last: Judgement | undefined): string {
  // Where that is checked, it is before anybody looks at the token.
  if (last === undefined && judgements(attempt).some(({ refusal }) => refusal === foreignOrigin)) {
    return `was refused for the page that it came from: ${foreignOrigin}`;
  }
  if (attempt.end === "threw") return `the page could not even try: ${exceptionText(attempt)}`;
  if (last !== undefined) {
    return `presented its own token and was refused: ${last.refusal}`;
  }
  const tooLarge = attempt.evidence.some(
    (entry) => entry.type === "request" && entry.status === 431,
  );
  if (tooLarge) return "was refused with status 431, for its header is too large";
  return judgements(attempt).length === 0
    ? `never reached the server; the page saw ${lastSeen(attempt)}`
    : "presented nothing instead of its own token";
}

function tokenText({ present }: Attempt): string {
  switch (present) {
    case "none":
      return "nothing";
    case "forged":
      return "the forged token";
    case "expired":
      return "the expired token";
    case "fresh":
      return "its own token";
    case "again":
      return "the first token again";
    case "replayed":
      return "what was captured";
  }
}

function describeSuccess(attempt: Attempt): string {
  const presented = `presented ${tokenText(attempt)}`;
  if (attempt.expect === "accepted") {
    return `${presented} and was let in as ${attempt.user}${afterwardsText[attempt.afterwards ?? "goodbye"]}`;
  }
  const refusal = judgements(attempt).findLast((judgement) => judgement.refusal !== null)?.refusal;
  if (attempt.expect === "any") {
    const letIn = judgements(attempt).find(({ user }) => user !== null);
    const outcome =
      letIn === undefined
        ? `was not let in: ${refusal ?? lastSeen(attempt)}`
        : `was let in as ${letIn.user}`;
    return `from ${attempt.from ?? "page"} ${presented} and ${outcome}`;
  }
  return `${presented} and was refused: ${refusal}`;
}

const afterwardsText: Readonly<Record<Afterwards, string>> = {
  goodbye: "",
  renew: ", and renewed it with another of its own",
  "renew-as-another": ", and was refused the token of another user",
  stay: ", and was disconnected when it ran out",
  "be-revoked": ", and was disconnected when that was revoked",
  "log-out": ", and was disconnected when it logged out",
  hold: "",
};

function exceptionText({ events }: Attempt): string {
  const exception = events.findLast((event) => event.type === "exception");
  return exception === undefined ? "no reason given" : `${exception.name}: ${exception.message}`;
}

function lastSeen({ events }: Attempt): string {
  const last = events.at(-1);
  return last === undefined ? "nothing" : eventText(last);
}

function eventText(event: Attempt["events"][number]): string {
  switch (event.type) {
    case "open":
    case "error":
      return event.type;
    case "message":
      return `message ${event.data}`;
    case "close":
      return `close ${event.code}`;
    case "refusal":
      return `refusal ${event.code}: ${event.reason}`;
    case "exception":
      return `${event.name}: ${event.message}`;
  }
}
