import type { Attempt, LeakPlace, TokenEncoding } from "../../model/observation.ts";
import type { JudgedTrial } from "../../model/results.ts";
import { judgements } from "../judgements.ts";
import { accessOf } from "./access.ts";
import { cellsOf, type Draft, unknownOutcome } from "./drafts.ts";
import { replay } from "./replay.ts";
import type { Risk, RiskContext, RiskEvidence, RiskOutcome } from "./risk.ts";

const outcomes = {
  written: {
    word: "written down",
    severity: "danger",
    advice:
      "Use it only with tokens that are spent at once or run out in seconds, and keep them out of every log on the way.",
  },
  sentOn: {
    word: "sent elsewhere",
    severity: "danger",
    advice:
      "Take the token out of the page's address, and answer with Referrer-Policy: no-referrer.",
  },
  spent: {
    word: "written down, of no use",
    severity: "mind",
    advice:
      "Keep the time short between making it and using it: until it is used, whoever reads it first gets in.",
  },
  answered: {
    word: "sent back",
    severity: "mind",
    advice:
      "Answer with a constant instead: what a server repeats ends up where nobody looks for it.",
  },
  readable: {
    word: "readable in the page",
    severity: "mind",
    advice:
      "Keep the token's life short: every script in the page, and whoever gets one in there, can read it.",
  },
  clean: { word: "not found", severity: "fine", advice: "Nothing to do." },
  unsearched: unknownOutcome("not searched"),
  unknown: unknownOutcome(),
} as const satisfies Readonly<Record<string, RiskOutcome>>;

/** What it means to find a token there. Whoever reads a log or gets a request is somebody else; a script of the page is not. */
const meanings: Readonly<Record<LeakPlace, RiskOutcome>> = {
  "access log": outcomes.written,
  "proxy's access log": outcomes.written,
  console: outcomes.written,
  history: outcomes.written,
  Referer: outcomes.sentOn,
  "answer to the handshake": outcomes.answered,
  "socket's url": outcomes.readable,
  "document.cookie": outcomes.readable,
  "performance entries": outcomes.readable,
};

/** All places, in display order. */
export const leakPlaces: readonly LeakPlace[] = [
  "access log",
  "proxy's access log",
  "Referer",
  "answer to the handshake",
  "console",
  "history",
  "socket's url",
  "document.cookie",
  "performance entries",
];

/** Where a token turns up that nobody meant to write down. */
export const leaks: Risk = {
  id: "leaks",
  title: "Leaks",
  question: "Where does the token turn up after a connection that nobody meant to write down?",
  outcomes: Object.values(outcomes),
  assess(trials, context) {
    const isSpent = isOfNoUse(context);
    return cellsOf(
      leaks,
      context,
      trials.flatMap((trial) => draftsOf(trial, isSpent)),
    );
  },
};

/** What a search for a technique's tokens in one place amounts to. */
export interface LeakFinding {
  readonly place: LeakPlace;
  readonly state: "found" | "clean" | "unsearched" | "unknown";
  readonly encodings: readonly TokenEncoding[];
  /** Lines that it was found in, shortened; its serial stands for the token. */
  readonly excerpts: readonly string[];
  /** Why nothing is known; null when something is. */
  readonly why: string | null;
  readonly evidence: readonly RiskEvidence[];
}

/**
 * A finding for every place that was to be searched. Found is found; clean takes a trial that was
 * made to its end, and an attempt that really presented the token: in the console every attempt, for
 * what is written there of a good one and of a bad one differs.
 */
export function leakFindings(trials: readonly JudgedTrial[]): LeakFinding[] {
  const searched = trials.flatMap((trial) =>
    trial.attempts.flatMap((attempt, index) =>
      (attempt.searches ?? []).map((search) => ({
        search,
        isTelling: hasPresented(attempt),
        why: whyNotPresented(attempt),
        evidence: { trial, attempt: index },
      })),
    ),
  );
  const toSearch = trials
    .flatMap(({ attempts }) => attempts)
    .filter((one) => one.searched === true || one.searches !== undefined).length;
  return leakPlaces.flatMap((place): LeakFinding[] => {
    const own = searched.filter(({ search }) => search.place === place);
    if (own.length === 0) return [];
    const finding = (
      state: LeakFinding["state"],
      some: typeof own,
      why: string | null = null,
    ): LeakFinding[] => {
      const hits = some.flatMap(({ search }) => (search.state === "found" ? [search] : []));
      return [
        {
          place,
          state,
          encodings: [...new Set(hits.map(({ encoding }) => encoding))],
          excerpts: [...new Set(hits.map(({ excerpt }) => excerpt))],
          why,
          evidence: some.map(({ evidence }) => evidence),
        },
      ];
    };
    const found = own.filter(({ search }) => search.state === "found");
    if (found.length > 0) return finding("found", found);
    const cut = trials.find(({ failure }) => failure !== null);
    if (cut?.failure) return finding("unknown", own, cut.failure.reason);
    const isClean = ({ search, isTelling }: (typeof own)[number]): boolean =>
      search.state === "clean" && isTelling;
    const clean = own.filter(isClean);
    if (place !== "console") {
      if (clean.length > 0) return finding("clean", clean);
    } else {
      if (own.length < toSearch) return finding("unknown", own, "not every attempt was searched");
      if (clean.length === own.length) return finding("clean", clean);
    }
    const [first] = own.filter((one) => !isClean(one));
    return first?.search.state === "unsearched"
      ? finding("unsearched", own, first.search.reason)
      : finding("unknown", own, first?.why ?? "nothing was searched");
  });
}

/** Whether what was sent was seen to let nobody else in, before and after the connection had ended. */
function isOfNoUse(context: RiskContext): boolean {
  const trials = context.all.filter(({ aspect }) => aspect === "replay");
  const cells = replay.assess(trials, context);
  return cells.length > 0 && cells.every(({ severity }) => severity === "fine");
}

function draftsOf(trial: JudgedTrial, isSpent: boolean): Draft[] {
  const findings = leakFindings([trial]);
  if (findings.length === 0) {
    const why = trial.failure?.reason ?? "nothing was searched";
    return [draft(trial, outcomes.unknown, `It is unknown where the token turns up: ${why}.`, [])];
  }
  const found = findings
    .filter(({ state }) => state === "found")
    .map(({ place, encodings, evidence }) => {
      const sentence = `${placeTexts[place]} holds the token (${encodings.join(", ")}).`;
      const meaning = meanings[place];
      const outcome = isSpent && meaning.severity === "danger" ? outcomes.spent : meaning;
      return { ...draft(trial, outcome, sentence, evidence), about: place };
    });
  const others = [
    { state: "unsearched", outcome: outcomes.unsearched, text: "Not searched" },
    { state: "unknown", outcome: outcomes.unknown, text: "Searched to no purpose" },
    { state: "clean", outcome: outcomes.clean, text: "Not found" },
  ].flatMap(({ state, outcome, text }) => {
    const own = findings.filter((one) => one.state === state);
    return [...Map.groupBy(own, ({ why }) => why)].map(([why, some]) => {
      const places = some.map(({ place }) => place).join(", ");
      const sentence = `${text}: ${places}${why === null ? "" : ` (${why})`}.`;
      return draft(
        trial,
        outcome,
        sentence,
        some.flatMap(({ evidence }) => evidence),
      );
    });
  });
  return [...found, ...others];
}

const placeTexts: Readonly<Record<LeakPlace, string>> = {
  "access log": "The server's access log",
  "proxy's access log": "The proxy's access log",
  console: "The browser's console",
  history: "The browser's history",
  Referer: "The Referer of a later request",
  "answer to the handshake": "The server's answer to the handshake",
  "socket's url": "The socket's url property",
  "document.cookie": "document.cookie",
  "performance entries": "A performance entry",
};

function draft(
  trial: JudgedTrial,
  outcome: RiskOutcome,
  sentence: string,
  evidence: readonly RiskEvidence[],
): Draft {
  const attempts = [...new Set(evidence.flatMap(({ attempt }) => attempt ?? []))];
  return { outcome, trial, say: () => sentence, attempts };
}

function hasPresented(attempt: Attempt): boolean {
  return (
    attempt.given !== null &&
    judgements(attempt).some(({ presented }) => presented === attempt.given)
  );
}

function whyNotPresented(attempt: Attempt): string {
  const access = accessOf(attempt);
  const why = access.state === "in" ? `let in as ${access.user} with another` : access.why;
  return `the token was never presented: ${why}`;
}
