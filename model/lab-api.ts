import type { FeatureFinding } from "./features.ts";
import type { Attempt, AttemptEnd, LeakPlace, PageEvent, Serial } from "./observation.ts";
import type { Verdict } from "./results.ts";
import type { Afterwards, Caller, Present } from "./trial.ts";

/** A place in a page's viewport, in CSS pixels: where a trial's page wants a click. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A technique, as far as a page needs to know it: `GET /api/techniques` lists them in display order. */
export interface TechniqueInfo {
  readonly id: string;
  readonly title: string;
  readonly stage: "handshake" | "first-message";
  /** Where the server finds the credential, in words. */
  readonly via: string;
  /** Why it makes no sense on the live page, whose servers are on other ports of its host; null when it does. */
  readonly leftOut: string | null;
}

/** How other devices come to the lab: `GET /api/join`. */
export interface JoinInfo {
  /** Whether other devices reach it at all. */
  readonly isOpen: boolean;
  /** Where they open it: one for each address of the machine. */
  readonly addresses: readonly { readonly url: string; readonly qr: QrDrawing }[];
  /** The domain of the DNS service whose names their trials have; null: they share one host. */
  readonly names: string | null;
}

/** A QR code: `path` is the dark modules as an SVG path in a square of `size` by `size`. */
export interface QrDrawing {
  readonly size: number;
  readonly path: string;
}

/** What the lab hands out for one connection. `credential` is null when nothing is to be presented. */
export interface AttemptTask {
  readonly technique: string;
  /** The technique's own origin, with the attempt's id in the query. */
  readonly endpoint: string;
  /** The technique's own pages and routes on the page's origin, with the attempt's id in the query. */
  readonly home: string;
  readonly credential: { readonly user: string; readonly token: string } | null;
  readonly afterwards: Afterwards;
  readonly from: Caller;
  /** The page that stands for the caller in a frame: on this origin, or on another site's; null when there is none. */
  readonly callerPage: string | null;
  /** The cookie to store the token in, for whoever may present it, instead of a connection; null: connect. */
  readonly plants: PlantedCookie | null;
  /** Whether the page is to report what it holds after the connection; see `PageTrace`. */
  readonly searched: boolean;
  /** What is to be presented on the open connection; null when nothing is. */
  readonly renewal: { readonly user: string; readonly token: string } | null;
  /** How long the page waits for the connection's end, in milliseconds. */
  readonly deadlineMs: number;
}

/** A cookie that one origin plants for another: without a value, which is the token's. */
export interface PlantedCookie {
  readonly name: string;
  /** "Path=/; Domain=t1.example.com" */
  readonly attributes: string;
}

/** What a page found in one place that a token may leak to. */
export interface PageTrace {
  readonly place: Extract<
    LeakPlace,
    "socket's url" | "document.cookie" | "performance entries" | "history"
  >;
  readonly text: string;
}

/** The page's half of an observation. `traces`: what the token is searched in, when the task says so. */
export interface PageReport {
  readonly end: AttemptEnd;
  readonly events: readonly PageEvent[];
  readonly traces?: readonly PageTrace[];
}

/** What a live attempt can present; `again`: the token of an earlier live attempt. */
export type LivePresent = Extract<Present, "fresh" | "none" | "forged" | "expired" | "again">;

/** The answer to `POST /api/attempts`: a connection outside of any trial. */
export interface LiveTask extends AttemptTask {
  readonly id: string;
  /** The token's serial; null when none is to be presented. */
  readonly given: Serial | null;
  /** What an engineer would want. */
  readonly expect: "accepted" | "refused";
}

/** The answer to `POST /api/attempts/:id`: both ends of an attempt, and what they amount to. */
export interface JudgedAttempt {
  readonly attempt: Attempt;
  readonly verdict: Verdict;
}

/** What a walk's first page is to find out: whether these addresses, by domain, answer with the walk's id. */
export interface PreflightTask {
  readonly walk: string;
  readonly probes: Readonly<Record<string, string>>;
}

/** What a walk's first page found out. */
export interface PreflightReport {
  /** By domain, why names under it do not reach the lab; null when they do. */
  readonly domains: Readonly<Record<string, string | null>>;
  /** By the feature's id. */
  readonly features: Readonly<Record<string, FeatureFinding>>;
}

/** The page to go to after the preflight. */
export interface PreflightAnswer {
  readonly next: string | null;
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

/** The answer to `POST /runs` of a script: the visit's name among the runs, and its first page, which has to be a top-level one. */
export interface BegunVisit {
  readonly key: string;
  readonly entrance: string;
}
