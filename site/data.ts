import type { JudgedTrial, Run } from "../model/results.ts";
import type { Aspect, AttemptPlan, Placement, Scheme } from "../model/trial.ts";

/** A technique as pages name it. */
export interface SiteTechnique {
  readonly id: string;
  readonly title: string;
  readonly stage: "handshake" | "first-message";
  /** Where the server finds the credential, in words. */
  readonly via: string;
  /** Its folder below `techniques/`, which variants share. */
  readonly folder: string;
  /** Whether there is always a proxy between browser and servers. */
  readonly isProxied: boolean;
  /** Why the lab cannot connect with it from a page that somebody just opened; null when it can. */
  readonly leftOut: string | null;
}

/** A scenario as pages name it. `attempts` says what is tried. */
export interface SiteScenario {
  readonly id: string;
  readonly question: string;
  readonly aspect: Aspect | null;
  readonly attempts: readonly AttemptPlan[];
}

/** What a trial showed, without its reason: the kind of a failure, or why nothing can be said. */
export const outcomeCodes = [
  "pass",
  "not-accepted",
  "wrong-credential",
  "let-in",
  "not-presented",
  "timeout",
  "crash",
  "harness-error",
  "unsupported",
] as const;
export type OutcomeCode = (typeof outcomeCodes)[number];

/**
 * A trial in as few characters as can be: the index of its technique, scenario, placement, scheme and
 * outcome in the lists of `SiteData` and `outcomeCodes`; for a failure, also the index of the attempt that decided.
 */
export type PackedTrial = readonly [
  technique: number,
  scenario: number,
  placement: number,
  scheme: number,
  outcome: number,
  attempt?: number,
];

/** Where a run comes from: committed results, a run on this machine, or somebody's visit to this lab. */
export type RunSource = "published" | "local" | "visit";

/** A run without what was observed in its trials. */
export interface SiteRun extends Omit<Run, "trials"> {
  /** Names it in URLs and paths, as long as its source is there: "chrome", "firefox.private", "visit-4f…". */
  readonly key: string;
  readonly source: RunSource;
  readonly trials: readonly PackedTrial[];
  /** How many trials a visit makes, those of which nothing can be said included; absent: it is a run. */
  readonly planned?: number;
}

/** What answers rest on that outcomes do not say: a kind of observation, of which each has its own words in `says`. */
export type FactKind = "risk" | "fault" | "trust" | "leak" | "shape";

/** One thing that was seen in a run, and that an answer rests on. */
export interface AnswerFact {
  /** The run's id. */
  readonly run: string;
  readonly kind: FactKind;
  readonly technique: string;
  /** What was looked at: a risk, a scenario, a condition of trust, a place that was searched, a shape of token. */
  readonly about: string;
  /** A word to compare: "found", "looks like an outage"; null: nothing can be said. */
  readonly says: string | null;
  /** What readers see, in words. */
  readonly text: string;
  /** Where it was seen; null: not in a trial of the run. */
  readonly trial: {
    readonly scenario: string;
    readonly placement: Placement;
    readonly scheme: Scheme;
  } | null;
}

/** All that the pages know but for the evidence. `data/site.js` holds it. */
export interface SiteData {
  readonly techniques: readonly SiteTechnique[];
  readonly scenarios: readonly SiteScenario[];
  readonly placements: readonly Placement[];
  readonly schemes: readonly Scheme[];
  readonly runs: readonly SiteRun[];
  /** What the answers to users' questions rest on, beyond outcomes. */
  readonly answerFacts: readonly AnswerFact[];
}

/** Everything that was observed of one technique in one run: `data/evidence/<run>/<technique>.js`. */
export interface EvidenceData {
  readonly run: string;
  readonly technique: string;
  readonly trials: readonly JudgedTrial[];
}

/** The two halves of a technique as they ran: `data/sources/<technique>.js`. */
export interface SourcesData {
  readonly technique: string;
  /** What trials with these sources have as their definition: one with another ran other code. */
  readonly definitions: readonly string[];
  readonly files: readonly SourceFile[];
}

/** A source file, as HTML whose spans say what each word is (highlight.js's classes), a string a line. */
export interface SourceFile {
  /** "server.ts" */
  readonly name: string;
  readonly role: "server" | "browser" | "program" | "frame";
  readonly lines: readonly {
    readonly html: string;
    /** Whether it is one of those that hand over, or read, the credential. */
    readonly isMarked: boolean;
  }[];
}
