import type { Attempt, AttemptEnd, PageEvent, Serial } from "./observation.ts";
import type { Verdict } from "./results.ts";

/** A technique, as far as a page needs to know it: `GET /api/techniques` lists them in display order. */
export interface TechniqueInfo {
  readonly id: string;
  readonly title: string;
  readonly stage: "handshake" | "first-message";
  /** Where the server finds the credential, in words. */
  readonly via: string;
}

/** What the lab hands out for one connection. `credential` is null when nothing is to be presented. */
export interface AttemptTask {
  readonly technique: string;
  /** The technique's own origin, with the attempt's id in the query. */
  readonly endpoint: string;
  readonly credential: { readonly user: string; readonly token: string } | null;
  /** How long the page waits for the connection's end, in milliseconds. */
  readonly deadlineMs: number;
}

/** The page's half of an observation. */
export interface PageReport {
  readonly end: AttemptEnd;
  readonly events: readonly PageEvent[];
}

/** The answer to `POST /api/attempts`: a connection outside of any trial, with a fresh token. */
export interface LiveTask extends AttemptTask {
  readonly id: string;
  /** The token's serial. */
  readonly given: Serial;
}

/** The answer to `POST /api/attempts/:id`: both ends of an attempt, and what they amount to. */
export interface JudgedAttempt {
  readonly attempt: Attempt;
  readonly verdict: Verdict;
}

/** The answer to a post of a trial's page: one more attempt, the next page (null: none), or what went wrong. */
export type TrialAnswer = { readonly progress: TrialProgress } & (
  | { readonly task: AttemptTask }
  | { readonly next: string | null }
  | { readonly error: string; readonly next: string | null }
);

/** How far the walk has come. */
export interface TrialProgress {
  readonly done: number;
  readonly total: number;
  /** The trial whose turn it is, in words; null when all have ended. */
  readonly current: string | null;
}
