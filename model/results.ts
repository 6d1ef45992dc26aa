import type { ObservedTrial, TrialFailure } from "./observation.ts";

/**
 * What a trial shows. `fail` names what went wrong: a good token was not accepted; another
 * credential or user than the one given was accepted; somebody got in who should not have; or a
 * refusal proves nothing, because the credential was never presented.
 */
export type Verdict =
  | { readonly outcome: "pass"; readonly reason: string }
  | {
      readonly outcome: "fail";
      readonly kind: "not-accepted" | "wrong-credential" | "let-in" | "not-presented";
      /** The index of the attempt that decided, from 0. */
      readonly attempt: number;
      readonly reason: string;
    }
  | TrialFailure;

/** A trial as it is stored and reported: the observation, and the verdict computed from it. */
export interface JudgedTrial extends ObservedTrial {
  readonly verdict: Verdict;
}

/** What all trials of one technique in one browser amount to. */
export type SummaryWord = "works" | "partly" | "broken" | "unsafe" | "unknown";

/** The browser that a run was made with, as far as it could be found out. */
export interface BrowserIdentity {
  /** The name used on the command line: "chrome", "firefox", "webkit". */
  readonly id: string;
  /** What the browser calls itself: "Chromium", "Firefox", "WebKitGTK MiniBrowser". */
  readonly name: string;
  readonly version: string | null;
  readonly engine: string;
  readonly os: string;
  readonly userAgent: string | null;
  /** "puppeteer-cdp", "puppeteer-bidi", "webdriver"; "visit" when a person came. */
  readonly driver: string;
  /** Who told us the version: the driver, or the user agent string. */
  readonly versionSource: "driver" | "ua" | "none";
}

/** Settings of the browser that can change an answer. */
export interface Profile {
  readonly thirdPartyCookies: "default";
  readonly headless: boolean;
  /** Firefox delays reconnections after failures (`network.websocket.delay-failed-reconnects`). */
  readonly reconnectBackoff: "default" | "off";
  /** Whose certificates the browser trusts: those it trusts anyway, or any. */
  readonly certificates: "default" | "accept-any";
}

/** The code that measured. `revision` is null outside a git checkout. */
export interface Harness {
  readonly version: string;
  readonly revision: string | null;
  readonly dirty: boolean | null;
}

/** All trials of one browser. Times are ISO 8601 in UTC. */
export interface Run {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly harness: Harness;
  readonly browser: BrowserIdentity;
  readonly profile: Profile;
  readonly trials: readonly JudgedTrial[];
}

/** The results file, and the only input of every report. */
export interface Results {
  readonly schema: "websocket-auth-results/1";
  readonly runs: readonly Run[];
}
