import type { OutcomeCode } from "./data.ts";
import type { TrialReference } from "./outcomes-in.ts";
import type { TryInput } from "./try-query.ts";

/**
 * What is asked before the result is shown. `outcome`: what one trial showed, by the verdicts that an
 * option stands for. `which`: which of several trials passed.
 */
export type LessonQuestion =
  | {
      readonly kind: "outcome";
      readonly trial: TrialReference;
      readonly options: readonly {
        readonly id: string;
        readonly outcomes: readonly OutcomeCode[];
      }[];
    }
  | { readonly kind: "which"; readonly trials: readonly TrialReference[] };

/** A step of the path: what it is about, and the experiment that answers its question. Its words are in `text/learn.ts`. */
export interface Lesson {
  readonly id: LessonId;
  /** All that the step is about, by id; its page is that of the first. */
  readonly techniques: readonly [string, ...string[]];
  readonly question: LessonQuestion;
  /** What a visitor may hand to the technique, to see something like it live. */
  readonly input: TryInput;
}

/** The path, in its order. An id is the value of `step` in the address. */
export const lessonIds = [
  "why",
  "first-message",
  "protocols",
  "query-parameter",
  "ticket",
  "address",
  "subprotocol",
  "custom-header",
  "user-information",
  "cached-basic",
  "session-cookie",
  "origin-check",
  "cookie-elsewhere",
  "shared-cookie",
  "storage-access",
  "forward-auth",
  "client-certificate",
  "challenge-response",
  "in-band-renewal",
  "channel-grant",
  "session-end",
  "choosing",
] as const;
export type LessonId = (typeof lessonIds)[number];

const here = { placement: "same-host", scheme: "wss" } as const;
const shapes = { placement: "same-host", scheme: "ws" } as const;
const elsewhere = { placement: "cross-site", scheme: "wss" } as const;

/** Refusing is what was hoped for. */
const refusedOrLetIn = [
  { id: "refused", outcomes: ["pass"] },
  { id: "let-in", outcomes: ["let-in"] },
] as const;
/** Getting in is what was hoped for. */
const yesOrNo = [
  { id: "yes", outcomes: ["pass"] },
  { id: "no", outcomes: ["not-accepted"] },
] as const;
const whichToken = [
  { id: "own", outcomes: ["pass"] },
  { id: "other", outcomes: ["wrong-credential"] },
  { id: "none", outcomes: ["not-accepted"] },
] as const;

function outcome(
  trial: TrialReference,
  options: Extract<LessonQuestion, { kind: "outcome" }>["options"],
): LessonQuestion {
  return { kind: "outcome", trial, options };
}

function which(
  techniques: readonly string[],
  scenario: string,
  place: Pick<TrialReference, "placement" | "scheme">,
): LessonQuestion {
  return {
    kind: "which",
    trials: techniques.map((technique) => ({ technique, scenario, ...place })),
  };
}

const steps: Readonly<Record<LessonId, Omit<Lesson, "id">>> = {
  why: {
    techniques: ["first-message"],
    question: outcome({ technique: "first-message", scenario: "missing", ...here }, refusedOrLetIn),
    input: "missing",
  },
  "first-message": {
    techniques: ["first-message"],
    question: outcome({ technique: "first-message", scenario: "rotation", ...here }, whichToken),
    input: "good",
  },
  protocols: {
    techniques: ["stomp-connect", "mqtt-connect", "graphql-ws", "socket-io"],
    question: which(
      ["stomp-connect", "mqtt-connect", "graphql-ws", "socket-io"],
      "rotation-single-use",
      here,
    ),
    input: "single-use",
  },
  "query-parameter": {
    techniques: ["query-parameter"],
    question: which(["first-message", "stomp-connect", "query-parameter"], "token-16k", shapes),
    input: "good",
  },
  ticket: {
    techniques: ["ticket"],
    question: outcome(
      { technique: "ticket", scenario: "caller-sandboxed-frame", ...elsewhere },
      yesOrNo,
    ),
    input: "good",
  },
  address: {
    techniques: ["capability-path", "pre-signed-url"],
    question: which(
      ["query-parameter", "capability-path", "pre-signed-url"],
      "token-awkward",
      shapes,
    ),
    input: "good",
  },
  subprotocol: {
    techniques: ["subprotocol", "subprotocol-unselected", "subprotocol-raw"],
    question: outcome({ technique: "subprotocol-unselected", scenario: "valid", ...here }, yesOrNo),
    input: "good",
  },
  "custom-header": {
    techniques: ["custom-header", "custom-header-options", "websocket-stream"],
    question: which(["custom-header", "custom-header-options", "websocket-stream"], "valid", here),
    input: "good",
  },
  "user-information": {
    techniques: ["user-information"],
    question: outcome({ technique: "user-information", scenario: "rotation", ...here }, whichToken),
    input: "good",
  },
  "cached-basic": {
    techniques: ["cached-basic", "cached-basic-fetch", "cached-basic-frame"],
    question: which(["cached-basic", "cached-basic-fetch", "cached-basic-frame"], "valid", here),
    input: "good",
  },
  "session-cookie": {
    techniques: ["session-cookie", "session-cookie-unchecked"],
    question: outcome(
      { technique: "session-cookie-unchecked", scenario: "hijack-cross-site", ...here },
      refusedOrLetIn,
    ),
    input: "missing",
  },
  "origin-check": {
    techniques: ["session-cookie-unchecked", "session-cookie"],
    question: outcome(
      { technique: "session-cookie-unchecked", scenario: "hijack-other-port", ...here },
      refusedOrLetIn,
    ),
    input: "missing",
  },
  "cookie-elsewhere": {
    techniques: [
      "cookie-cors-none",
      "cookie-cors-strict",
      "cookie-cors-lax",
      "cookie-cors-partitioned",
      "cookie-iframe",
      "cookie-iframe-strict",
      "cookie-iframe-lax",
      "cookie-iframe-none",
      "cookie-iframe-partitioned",
    ],
    question: which(
      ["cookie-cors-strict", "cookie-cors-lax", "cookie-cors-none", "cookie-cors-partitioned"],
      "valid",
      elsewhere,
    ),
    input: "good",
  },
  "shared-cookie": {
    techniques: ["parent-domain-cookie", "session-cookie", "session-cookie-host"],
    question: {
      kind: "which",
      trials: [
        {
          technique: "parent-domain-cookie",
          scenario: "plant-other-port",
          placement: "same-site",
          scheme: "wss",
        },
        {
          technique: "session-cookie",
          scenario: "plant-other-port",
          placement: "same-origin",
          scheme: "wss",
        },
        {
          technique: "session-cookie-host",
          scenario: "plant-other-port",
          placement: "same-origin",
          scheme: "wss",
        },
      ],
    },
    input: "good",
  },
  "storage-access": {
    techniques: ["storage-access"],
    question: outcome({ technique: "storage-access", scenario: "valid", ...elsewhere }, yesOrNo),
    input: "good",
  },
  "forward-auth": {
    techniques: ["forward-auth", "forward-auth-redirect"],
    question: outcome(
      { technique: "forward-auth-redirect", scenario: "expired", ...here },
      refusedOrLetIn,
    ),
    input: "expired",
  },
  "client-certificate": {
    techniques: ["client-certificate", "client-certificate-alone"],
    question: outcome(
      { technique: "client-certificate-alone", scenario: "valid", ...here },
      yesOrNo,
    ),
    input: "good",
  },
  "challenge-response": {
    techniques: ["challenge-response"],
    question: outcome(
      {
        technique: "challenge-response",
        scenario: "valid",
        placement: "cross-site",
        scheme: "ws",
      },
      yesOrNo,
    ),
    input: "good",
  },
  "in-band-renewal": {
    techniques: ["in-band-renewal"],
    question: outcome(
      { technique: "in-band-renewal", scenario: "renewal-other-user", ...here },
      refusedOrLetIn,
    ),
    input: "good",
  },
  "channel-grant": {
    techniques: ["channel-grant"],
    question: outcome({ technique: "channel-grant", scenario: "expired-open", ...here }, [
      { id: "closed", outcomes: ["pass"] },
      { id: "stays", outcomes: ["let-in"] },
    ]),
    input: "good",
  },
  "session-end": {
    techniques: ["session-cookie", "first-message"],
    question: outcome({ technique: "session-cookie", scenario: "revoked-unwatched", ...here }, [
      { id: "closed", outcomes: ["pass"] },
      { id: "stays", outcomes: ["let-in"] },
    ]),
    input: "good",
  },
  choosing: {
    techniques: ["first-message", "ticket", "subprotocol", "user-information", "cookie-cors-none"],
    question: which(
      ["first-message", "ticket", "subprotocol", "user-information", "cookie-cors-none"],
      "rotation",
      elsewhere,
    ),
    input: "good",
  },
};

/** The guided path through the techniques. */
export const lessons: readonly Lesson[] = lessonIds.map((id) => ({ id, ...steps[id] }));

/** The trials that a question is about. */
export function trialsOf(question: LessonQuestion): readonly TrialReference[] {
  return question.kind === "outcome" ? [question.trial] : question.trials;
}

/** The scenario that the live page's first connection is like; null: it is like none. */
const liveScenarios: Readonly<Record<TryInput, string | null>> = {
  good: "valid",
  missing: "missing",
  forged: "forged",
  expired: "expired",
  again: null,
  "single-use": null,
};

/** Whether the connection that a visitor makes first is what the question asks about. */
export function isAskedLive({ question, input }: Lesson): boolean {
  return trialsOf(question).every(
    ({ scenario, placement }) => placement === "same-host" && scenario === liveScenarios[input],
  );
}
