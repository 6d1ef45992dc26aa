import type { SummaryWord } from "../../model/results.ts";
import type { Placement, Scheme } from "../../model/trial.ts";
import { counted } from "../../experiments/report/html/words.ts";

/** Every word of the page that compares browsers. */
export const compareText = {
  title: "Who is at the other end of a WebSocket?",
  lead: (techniques: number, browsers: readonly string[]): string =>
    `A page cannot set headers on a WebSocket’s handshake, so tokens travel in other ways. Here ${techniques === 1 ? "is one" : `are ${techniques}`} of them, ${
      browsers.length === 0 ? "not measured yet" : `measured in ${browsers.join(", ")}`
    }.`,
  proof:
    "One works if it accepts good tokens, refuses missing, forged and expired ones, and presents the new token on each new connection.",

  measure: {
    heading: "And your browser?",
    button: "Measure this browser",
    hint: "Opens a small window that tries everything by itself, while a column fills here. Then this page says what differs, and why.",
    opened: "A window of its own is at work. No window?",
    open: "Open it as a tab",
    failed: (reason: string): string => `This browser cannot be measured: ${reason}`,
    userHeading: "Watch them connect",
    user: "User name",
    connect: "Connect",
    userHint: "No password: tokens are issued for any name.",
    noLab: "To measure your own, run the lab:",
    command: "npm ci && npm start",
  },

  filters: {
    label: "What the matrix shows",
    scenario: "Question",
    proof: "Does it work? (the proof)",
    proofGroup: "One step of the proof",
    allOf: (aspect: string): string => `${aspect}: all`,
    asInAddress: (ids: readonly string[]): string => `As in the address: ${ids.join(", ")}`,
    search: "Technique",
    searchPlaceholder: "cookie, subprotocol…",
    differ: "Only where browsers differ",
    more: "Browsers, placements, schemes…",
    browser: "Browser",
    source: "Measured",
    profile: "Browser profile",
    placement: "Where the server is",
    scheme: "Page and socket",
    stage: "Token is judged",
    anyStage: "any time",
    technique: "Techniques",
    allHint: "Nothing chosen means all.",
    apply: "Show",
    reset: "Reset",
    copy: "Copy link",
    copied: "The link to this view is copied.",
    copyByHand: "Copy the selected address:",
    address: "Address of this view",
  },

  matrix: {
    heading: "The matrix",
    caption: "Trials passed of trials made. A cell opens its evidence.",
    extent: (techniques: number, columns: number): string =>
      `${counted(techniques, "technique")} in ${counted(columns, "column")}`,
    nothing: "Nothing was measured that fits these filters.",
    technique: "Technique",
    untried: "not tried",
    leftOut: "left out",
    brokenWhere: (where: string): string => `broken ${where}`,
    unstable: "unstable",
    soFarSign: "…",
    unsafeElsewhere: "unsafe elsewhere",
    notKeptOut: (count: number): string => `${count} not kept out`,
    passed: "trials passed",
    legend: "What the words and marks mean",
    marks: (rows: readonly string[], columns: readonly string[]): string =>
      `The marks of a cell: ${rows.length === 1 ? `${rows.join("")} alone` : rows.join(" above ")}; from left to right ${columns.join(", ")}.`,
  },

  words: {
    works: "works",
    partly: "partly",
    broken: "broken",
    unsafe: "unsafe",
    unknown: "unknown",
    all: "all pass",
    some: "some fail",
    none: "all fail",
    open: "not known",
    untried: "not tried",
  },
  soFar: (word: string): string => `${word} so far`,

  marks: {
    works: "all trials pass",
    partly: "some trials fail",
    broken: "a good token is refused",
    unsafe: "somebody got in who should not",
    unknown: "not enough could be shown",
    unsupported: "this browser could not be given it",
    untried: "not tried, or left out",
  },
  countMarks: {
    works: "all pass",
    partly: "some fail",
    broken: "all fail",
    unsafe: "some fail, and somebody is not kept out",
  },
  notKeptOut: "not kept out",
  countMeanings: {
    all: "every trial that was asked for passed",
    some: "some passed, and some failed",
    none: "none passed",
    open: "none failed, but of some nothing can be said: a timeout, our own failure, or what this browser could not be given",
    unsafe: "some failed, and in these somebody was let in, or stayed in, who should not",
  },

  stages: {
    handshake: "during the handshake",
    "first-message": "by the first message",
  },
  stagesInRow: { handshake: null, "first-message": "judged once it is open" },

  sources: {
    published: "recorded results",
    local: "on this machine",
    visit: "a visit",
  },
  fromUserAgent: "version from its user agent",
  measuring: (done: number, all: number): string => `measuring: ${done} of ${all} trials`,
  progress: "Trials made",
  thisBrowser: "this browser",

  profiles: {
    default: "as it comes",
    "third-party-allowed": "third-party cookies allowed",
    "third-party-blocked": "third-party cookies blocked",
    private: "private window",
    "reconnect-backoff": "delays reconnections",
  },

  placements: {
    "same-origin": "same origin",
    "same-host": "same host, other port",
    "same-site": "same site",
    "cross-site": "another site",
  },

  schemes: {
    ws: "http page, ws",
    wss: "https page, wss",
    "http+wss": "http page, wss",
    "https+ws": "https page, ws",
  },

  aspects: {
    "token-shape": "Which token fits",
    hijacking: "Hijacking",
    planting: "Planted tokens",
    leaks: "Leaks",
    ambience: "Presented by itself",
    replay: "Replay",
    visibility: "What the page can see",
    recovery: "Recovery from failures",
    "session-end": "End of the session",
    callers: "Frames and workers",
  },

  /** What a pass of such trials says. Where it says little, the finding is elsewhere. */
  aspectNotes: {
    "token-shape": "A trial passes if a good token of that shape is accepted.",
    hijacking:
      "A trial passes if the user's own connection is accepted, and then somebody else's page is refused by a server that checks the Origin. If that page gets in, the cell says “not kept out”.",
    planting: "A trial passes if the user is let in with the user's own token.",
    leaks:
      "A trial passes if the good token is accepted and the bad one refused. Whether it leaked is no verdict: see the evidence.",
    ambience:
      "A trial passes if the good connection is made. Who gets in with nothing in hand is no verdict: see the evidence.",
    replay:
      "A trial passes if the good connection is made. Whether a replay gets in is no verdict: see the evidence.",
    visibility:
      "A trial passes if it went as planned. What the page saw is no verdict: see the evidence.",
    recovery:
      "A trial passes if good tokens are accepted, also after bad ones, which are refused. How long the browser holds back is no verdict: see the evidence.",
    "session-end":
      "A trial passes if the connection ends with its session, and what is over opens no other. If it stays open, the cell says “not kept out”. Some trials leave the server’s watch away, to show what it is for.",
    callers: "A trial passes if a good token is accepted from there.",
  },
  risksLink: "What goes wrong, in words",
  proofStep: "One step proves little by itself, so cells count trials, and give no verdict.",
  mixed: "These trials answer different questions, so cells count them, and give no verdict.",

  summary: {
    heading: (name: string): string => name,
    yours: (name: string): string => `Your browser: ${name}`,
    running: (done: number, all: number): string =>
      `Measuring: ${done} of ${all} trials. What follows is not final.`,
    count: (count: number, word: SummaryWord): string => `${count} ${word}`,
    same: (name: string, common: number): string =>
      `Does as ${name} in all ${counted(common, "technique")} that both tried.`,
    differs: (name: string, different: number, common: number): string =>
      `Differs from ${name} in ${different} of ${counted(common, "technique")}`,
    wordThere: (here: string, there: string): string => `${here} here, ${there} there`,
    wordWhere: (word: SummaryWord, where: string): string => `${word} (broken ${where})`,
    comparison: "Compared are only trials that both made, and what could be said of both.",
    nothingCommon: (name: string): string =>
      `Too little is known to compare a whole technique with ${name}.`,
    failing: "Fails here, and works elsewhere",
    failingAlone: "Fails here",
    failingToo: (count: number): string =>
      `${counted(count, "technique")} ${count === 1 ? "fails" : "fail"} here where none of the others does better`,
    elsewhere: "Nothing fails here that works elsewhere.",
    noneFails: "Nothing that could be tried fails.",
    place: (placement: Placement, scheme: Scheme): string => `${placement}, ${scheme}`,
    failsAlso: (names: readonly string[]): string => `The same in ${names.join(", ")}.`,
    worksIn: (names: readonly string[]): string => `Works in ${names.join(", ")}.`,
    worksInTrials: (name: string, where: string | null): string =>
      `Works in ${name} in these trials${where === null ? "" : `: ${where}`}.`,
    nothingYet: "No trial has ended yet.",
    unsupported: (count: number): string =>
      `${counted(count, "trial")} could not be made in this browser from here, and count for nothing: their evidence says why.`,
  },

  kinds: {
    "not-accepted": "a good token was not accepted",
    "wrong-credential": "another token or user than the one given was accepted",
    "let-in": "somebody got in who should not",
    "not-presented": "the token was never presented, so that its refusal proves nothing",
    pass: "passed",
    timeout: "did not end in time",
    crash: "the browser stopped",
    "harness-error": "our own code failed",
    unsupported: "could not be tried",
  },

  status: {
    begun: (name: string): string => `${name} is being measured.`,
    ended: (name: string): string => `${name} has been measured.`,
    shown: (rows: number): string => `${counted(rows, "technique")} shown.`,
  },

  problems: "Not all of this address was understood:",
  unknownValue: (name: string, value: string, known: readonly string[]): string => {
    const some = known.length > 12 ? `${known.slice(0, 12).join(", ")} …` : `${known.join(", ")}.`;
    return `“${value}” is no ${name} here. Known ${known.length === 1 ? "is" : "are"} ${some}`;
  },
  onlyOne: (name: string): string => `Only one ${name} can be chosen.`,
  unknownRun: (key: string): string =>
    key.startsWith("visit-")
      ? `The visit “${key}” is not here: a lab forgets visits that were not saved when it ends.`
      : `There is no run “${key}” here.`,
  unknownParameter: (name: string): string => `“${name}” is no filter of this page.`,
} as const;
