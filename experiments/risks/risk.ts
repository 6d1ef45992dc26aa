import type { Attempt } from "../../model/observation.ts";
import type { JudgedTrial, Run } from "../../model/results.ts";
import type { Aspect, Caller } from "../../model/trial.ts";

/** What can go wrong with a technique that works. */
export type RiskId = Exclude<Aspect, "token-shape">;

/** How bad that is: see `severityMeanings`. */
export type Severity = "fine" | "mind" | "danger" | "unknown";

/** What severities mean, for whoever gives one and whoever reads it. */
export const severityMeanings: Readonly<Record<Severity, string>> = {
  danger:
    "somebody gets or stays in who should not, a good user is kept out, or a token is written down where others read it",
  mind: "it can be lived with, by those who do what the advice says",
  unknown: "nothing was shown, which is never as good as fine",
  fine: "nothing has to be done",
};

/** The sign that goes with a severity, so that colour is never the only one. */
export const severitySigns: Readonly<Record<Severity, string>> = {
  danger: "‼",
  mind: "!",
  unknown: "?",
  fine: "✓",
};

/** Severities from the one that a reader has to see first to the one that can wait. */
export const worstFirst: readonly Severity[] = ["danger", "mind", "unknown", "fine"];

/** A kind of outcome: what it is called, how bad it is and what to do about it, whatever the technique and the browser. */
export interface RiskOutcome {
  /** Two to four words, the same in every cell of this outcome, and different from those of all other outcomes of the risk. */
  readonly word: string;
  readonly severity: Severity;
  /** One sentence. */
  readonly advice: string;
  /** Whether it means that there was nothing to look at, so that it counts only where nothing else was found. */
  readonly moot?: true;
}

/** Where something was found. */
export interface RiskWhere {
  /** Placements and schemes, "same-host, wss", in display order. */
  readonly variants: readonly string[];
  /** All in which it was looked for, as `variants`: when they are as many, it was found wherever it was looked for. */
  readonly of: readonly string[];
  /** Who attacks, or who opens the socket; empty when that is always the trial's own page. */
  readonly callers: readonly Caller[];
}

/** What was observed: `attempt` is an index into the trial's attempts, null when there is none to point at. */
export interface RiskEvidence {
  readonly trial: JudgedTrial;
  readonly attempt: number | null;
}

/** One thing that was found of one technique in one run. */
export interface RiskCell extends RiskOutcome {
  readonly risk: RiskId;
  readonly technique: string;
  /** What this cell is about, beyond its risk, when a risk has several questions: "sibling-page", "access log", "expired"; else null. */
  readonly about: string | null;
  /** What was observed, or why nothing could be. */
  readonly sentence: string;
  readonly where: RiskWhere;
  readonly evidence: readonly RiskEvidence[];
}

/** What an assessment may look at, beyond the technique's own trials of the risk's aspect. */
export interface RiskContext {
  readonly technique: string;
  /** The run that the trials are of. */
  readonly run: Pick<Run, "profile" | "through" | "browser">;
  /** All trials of the technique in the run, of every aspect and of none. */
  readonly all: readonly JudgedTrial[];
}

/** One way in which a technique that works goes wrong: a column of the report. */
export interface Risk {
  readonly id: RiskId;
  /** "Hijacking" */
  readonly title: string;
  /** What is asked, for readers. */
  readonly question: string;
  /** Every outcome that a cell can have, to explain and to rank them. */
  readonly outcomes: readonly RiskOutcome[];
  /**
   * What trials show, worst first; the same said of several placements, schemes, or callers that were
   * tried at the same, is one cell. `trials` are those of one technique in one run that are about this risk; none: no cells.
   */
  assess(trials: readonly JudgedTrial[], context: RiskContext): readonly RiskCell[];
}

/** An attempt with its place in its trial. */
export interface Placed {
  readonly trial: JudgedTrial;
  readonly index: number;
  readonly attempt: Attempt;
}
