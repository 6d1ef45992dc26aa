import { html, type SafeHtml } from "@remix-run/html-template";
import { counted } from "../../experiments/report/html/words.ts";
import type { Caller } from "../../model/trial.ts";

/** How the first lifeline of a diagram is called. */
export const callerLabels: Readonly<Record<Caller, string>> = {
  page: "Page",
  tab: "Page in another tab",
  restarted: "Page after a restart",
  frame: "Page in a frame",
  "sandboxed-frame": "Sandboxed frame",
  "dedicated-worker": "Dedicated worker",
  "shared-worker": "Shared worker",
  "service-worker": "Service worker",
  "cross-site-frame": "Frame of another site",
  "cross-site-page": "Page on another site",
  "cross-site-sandbox": "Sandboxed frame on another site",
  "sibling-page": "Page on a sibling subdomain",
  "other-port-page": "Page on another port",
  program: "Program",
};

/** The words of the sequence diagram. Parts that are not ours come as safe HTML. */
export const sequenceText = {
  caption: "What both ends measured, in the order in which it can have happened",
  frame: "Technique’s frame",
  proxy: "Proxy",
  app: "HTTP app",
  websocket: "WebSocket server",
  servers: "HTTP app and WebSocket server",
  pageClock: "page’s clock",
  serverClock: "servers’ clock",
  milliseconds: (ms: string): string => `${ms} ms`,
  /** Read to those who hear the diagram. */
  timeOnPage: (ms: string): string => `${ms} ms on the page’s clock`,
  timeOnServer: (ms: string): string => `${ms} ms on the servers’ clock`,
  between: (from: string, to: string): string => `${from} → ${to}:`,
  betweenBoth: (one: string, other: string): string => `${one} ↔ ${other}:`,
  on: (who: string): string => `${who}:`,
  handedOut: (serial: SafeHtml, kind: string, user: SafeHtml): SafeHtml =>
    html`${kind} ${serial} for ${user}`,
  renewal: (serial: SafeHtml): SafeHtml => html`, and ${serial} to renew it with`,
  tokenKinds: {
    fresh: "token",
    none: "token",
    forged: "forged token",
    expired: "expired token",
    again: "the first token again,",
    replayed: "token",
  },
  planted: (serial: SafeHtml): SafeHtml => html`stores ${serial} in a cookie, and does not connect`,
  upgrade: "upgrade",
  frameDocument: "document of a frame",
  presents: (what: SafeHtml, via: SafeHtml | null): SafeHtml =>
    via === null ? html`presents ${what}` : html`presents ${what} by ${via}`,
  presentsNothing: "presents nothing",
  unrecognised: "something unrecognised",
  notGiven: (given: SafeHtml | null): SafeHtml =>
    given === null ? html`≠ given nothing` : html`≠ given ${given}`,
  letIn: (user: SafeHtml): SafeHtml => html`let in as ${user}`,
  refused: (reason: SafeHtml): SafeHtml => html`refused: ${reason}`,
  setsCookie: (attributes: SafeHtml): SafeHtml => html`sets a cookie: ${attributes}`,
  credential: "message",
  missed: (reason: SafeHtml | null): SafeHtml =>
    reason === null ? html`no credential` : html`no credential: ${reason}`,
  said: "message",
  open: "open",
  subprotocol: (name: SafeHtml): SafeHtml => html`open, subprotocol ${name}`,
  error: "error, without a reason",
  refusal: (text: SafeHtml): SafeHtml => html`refusal ${text}`,
  exception: (text: SafeHtml): SafeHtml => html`the code threw ${text}`,
  closedAlike: (code: number): string => `closed with ${code}, as both ends saw it`,
  closed: (code: number): string => `closed with ${code}`,
  clean: "clean",
  notClean: "not clean",
  stopped: {
    timeout: "the page’s deadline passed",
    "harness-error": "the harness’s own code failed",
  },
  nothing: "Neither the page nor a server saw anything.",
  clocks: (shift: string): string =>
    shift === "0.0"
      ? "Two clocks, which nobody set by each other: the page’s counts from when it began, the servers’ from when the attempt was handed out. Taken as they are, nothing comes before its cause."
      : `Two clocks, which nobody set by each other: the page’s counts from when it began, the servers’ from when the attempt was handed out. For the order, the page’s is taken ${shift} ms later: the least with which nothing comes before its cause.`,
  shared: {
    "one-origin": "App and WebSocket server share an origin here, so they are drawn as one.",
    unrecorded: "This run did not record which of the two servers a plain request went to.",
  },
  unsure:
    "What sent a plain request was not recorded: the page itself, or a frame or script in it.",
  throughProxy:
    "A proxy was in front: servers saw what it made of the browser’s requests, and what it asked by itself.",
  fromProxy: "A proxy was in front: what the browser asked it was not recorded.",
} as const;

/** The words of the handshake as a server received it. */
export const handshakeText = {
  title: "The handshake as the server received it",
  legend: "Marked: where a token stands.",
  found: (via: string): string => `The server found the credential by ${via}.`,
  foundNothing: "The server found no credential in it.",
  counted: (index: number, count: number): string => `Handshake ${index} of ${count}`,
  answered: (status: string): string => `Answered with ${status}.`,
  unrecorded: "This run did not record the handshake’s head.",
  none: "No handshake reached the server.",
  redacted: "Each token stands as its public serial, and … for what nobody may read.",
} as const;

/** The words around an attempt. */
export const attemptText = {
  attempt: (number: number): string => `Attempt ${number}`,
  decides: "decides the verdict",
  searches: "Where the token was searched for",
} as const;

/** The words of the page that shows all that was observed of a technique in a run. */
export const evidenceText = {
  title: (technique: string, run: string): string => `${technique} in ${run}`,
  noTitle: "What was observed",
  choose: "Choose a technique and a browser to see every connection that was made, from both ends.",
  back: "Back to the matrix",
  technique: "About this technique",
  code: "Code of both halves",
  tryIt: "Try it yourself",
  others: "The same technique in other runs",
  otherProfiles: (count: number): string =>
    count === 1 ? "1 run with another profile" : `${count} runs with other profiles`,
  passed: (passed: number, total: number): string => `${passed} of ${total} pass`,
  loading: "Loading what was observed…",
  unknownRun: (key: string): string =>
    `There is no run named “${key}” here. A visit is gone when its lab has ended.`,
  unknownTechnique: (id: string): string => `There is no technique named “${id}” here.`,
  measured: (day: string): string => `measured on ${day}`,
  fromUserAgent: "version from its user agent",

  filters: {
    label: "Choose trials, technique or browser",
    run: "Browser",
    technique: "Technique",
    placement: "Where the server is",
    scheme: "Page and socket",
    scenario: "Question",
    all: "all",
    apply: "Show",
    chosen: (ids: readonly string[]): string => `as in the address: ${ids.join(", ")}`,
  },

  summary: {
    heading: "What it amounts to",
    proof: (passed: number, total: number): string =>
      `Of ${counted(total, "trial")} of the proof that are shown, ${passed === total ? "all" : passed} pass.`,
    beyond: (passed: number, total: number): string =>
      `Of ${counted(total, "trial")} beyond the proof, which are no part of that word, ${passed === total ? "all" : passed} pass.`,
    whole: "That is said of all placements and schemes.",
    why: "Why trials of the proof fail, in the words of their verdicts:",
    whyBeyond: "What fails beyond the proof:",
    open: "Trials that show nothing, neither for nor against:",
    where: (count: number): string => (count === 1 ? "1 trial" : `${count} trials: see the first`),
    more: (count: number): string => `and ${count} more reasons`,
    meanings: {
      works:
        "It works: good tokens are accepted, bad ones refused, and each connection presents its own.",
      partly: "It works partly: some trials of the proof fail.",
      broken: "It is broken: a good token is not accepted.",
      unsafe: "It is unsafe: somebody got in who should not.",
      unknown: "Nothing can be said: too little could be shown.",
    },
  },

  trials: {
    heading: "Trials",
    nothing: "No trial fits what is chosen above.",
    noAttempts: "No attempt was recorded.",
    repetition: (number: number): string => `repetition ${number}`,
    link: "Link to this trial",
    otherRuns: "The same trial in other runs",
    proof: "The proof that it works",
    attempts: (count: number): string => counted(count, "attempt"),
  },

  outcomes: {
    pass: "pass",
    "not-accepted": "fail: not accepted",
    "wrong-credential": "fail: wrong credential",
    "let-in": "fail: let in",
    "not-presented": "fail: not presented",
    timeout: "timeout",
    crash: "crash",
    "harness-error": "harness error",
    unsupported: "unsupported",
    unstable: "unstable",
  },

  noScript: "This page is drawn by a script, from data next to it.",
} as const;

/** The words around source code. */
export const sourceText = {
  heading: "The code that ran",
  /** Where that cannot be said: the code, or what is tried with it, has changed since. */
  headingNow: "The code as it is now",
  changed:
    "Since this was measured, this technique’s code, or what is tried with it, has changed: what ran may have been different.",
  roles: {
    server: "Server half",
    browser: "Browser half",
    program: "What a program does",
    frame: "The frame’s half",
  },
  marked: "hands over, or reads, the credential",
  legend: "Marked lines hand over, or read, the credential.",
  line: (number: number): string => `line ${number}`,
} as const;
