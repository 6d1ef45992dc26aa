import type { FeatureObservation } from "./features.ts";
import type { ObservedTrial, TrialFailure } from "./observation.ts";
import type { RunTiming } from "./timing.ts";
import type { Placement, Scheme } from "./trial.ts";

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

/** How a browser was set up before it was started: as it comes, or with its own setting for one thing changed. */
export type ProfileName =
  | "default"
  | "third-party-allowed"
  | "third-party-blocked"
  | "private"
  | "reconnect-backoff";

/**
 * Whose certificates a browser trusts: those it trusts anyway; any; those too that a user accepted at
 * a warning; those too of the lab's own authority.
 */
export type CertificateTrust = "default" | "accept-any" | "exception" | "authority";

/** Settings of the browser that can change an answer. */
export interface Profile {
  readonly name: ProfileName;
  /** What was set to make it so: "network.cookie.cookieBehavior=1", "--incognito". */
  readonly means: readonly string[];
  readonly headless: boolean;
  /** Firefox delays reconnections after failures (`network.websocket.delay-failed-reconnects`). */
  readonly reconnectBackoff: "default" | "off";
  readonly certificates: CertificateTrust;
}

/** The code that measured. `revision` is null outside a git checkout. */
export interface Harness {
  readonly version: string;
  readonly revision: string | null;
  readonly dirty: boolean | null;
}

/** A placement, a scheme or a scenario that a technique was not tried with, because it has no meaning there. */
export type LeftOut = { readonly technique: string; readonly reason: string } & (
  | { readonly placement: Placement }
  | { readonly scheme: Scheme }
  | { readonly scenario: string }
);

/** All trials of one browser with one profile. Times are ISO 8601 in UTC. */
export interface Run {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly harness: Harness;
  readonly browser: BrowserIdentity;
  readonly profile: Profile;
  /** The reverse proxy between browser and servers, "nginx/1.22.1"; null: none. */
  readonly through: string | null;
  /** Dialogs that the browser showed, in words; they were dismissed. */
  readonly dialogs: readonly string[];
  /** Empty when nobody looked. */
  readonly features: readonly FeatureObservation[];
  readonly leftOut: readonly LeftOut[];
  /** Absent: nobody looked. */
  readonly timing?: RunTiming;
  readonly trials: readonly JudgedTrial[];
}

/** What one browser did under one condition of trust: `trial` is not for or against a technique. */
export interface TrustObservation {
  /** Which question about certificates it answers: "untrusted", "mixed-content", … */
  readonly condition: string;
  readonly browser: BrowserIdentity;
  readonly profile: Profile;
  readonly dialogs: readonly string[];
  readonly trial: ObservedTrial;
}

/** The results file, and the only input of every report. */
export interface Results {
  readonly schema: "websocket-auth-results/1";
  readonly runs: readonly Run[];
  readonly trust: readonly TrustObservation[];
}
