import type { AttemptPlan, Trial } from "./trial.ts";

/** A credential's public name, `#1`, `#2`, …: tells tokens apart without revealing one. */
export type Serial = `#${number}`;

/** What a server recognised in a credential: a serial, or `unrecognised` for bytes that the lab never made. */
export type Presented = Serial | "unrecognised";

/** One thing that the page saw. `at` is milliseconds since the attempt began, on the page's clock. */
export type PageEvent =
  | { readonly at: number; readonly type: "open"; readonly protocol: string }
  | { readonly at: number; readonly type: "message"; readonly data: string }
  /** A refusal in the words of the protocol that a client library speaks. */
  | {
      readonly at: number;
      readonly type: "refusal";
      readonly code: string;
      readonly reason: string;
    }
  | { readonly at: number; readonly type: "error" }
  | {
      readonly at: number;
      readonly type: "close";
      readonly code: number;
      readonly reason: string;
      readonly wasClean: boolean;
    }
  | {
      readonly at: number;
      readonly type: "exception";
      readonly name: string;
      readonly message: string;
    };

/** How a server judged what it was handed. `presented` is null when it found no credential at all. */
export interface Judgement {
  readonly presented: Presented | null;
  /** Where the credential was found: "query parameter", "cookie", … */
  readonly via: string | null;
  /** Who was let in; null when nobody was. */
  readonly user: string | null;
  /** Why nobody was let in; null when somebody was, or when nothing was judged. */
  readonly refusal: string | null;
}

/** One thing that a server saw. `at` is milliseconds since the attempt was handed out, on the server's clock. */
export type Evidence =
  /** An HTTP request, upgrades included, with the status that answered it. */
  | (Judgement & {
      readonly at: number;
      readonly type: "request";
      readonly method: string;
      readonly upgrade: boolean;
      /** The request's `Origin` header. */
      readonly origin: string | null;
      readonly status: number;
      /** The attributes of the cookies that the answer sets, without names and values: "HttpOnly; SameSite=Lax". Absent: none. */
      readonly sets?: readonly string[];
      /**
       * The request line and header fields as they came, in their order, one a line: all of them in a
       * live attempt, those that say who asks and with what in a trial. Tokens are replaced by their
       * serial, `‹#12›`, and what else nobody may read by `…`. Absent: nobody wrote them down.
       */
      readonly head?: readonly string[];
    })
  /** A credential that came, or failed to come, after the connection opened. */
  | (Judgement & { readonly at: number; readonly type: "message" })
  /** The end of a connection as the server saw it. */
  | {
      readonly at: number;
      readonly type: "close";
      readonly code: number;
      readonly reason: string;
    };

/** Where a token may turn up that nobody meant to write down. */
export type LeakPlace =
  | "access log"
  | "proxy's access log"
  | "Referer"
  | "answer to the handshake"
  | "socket's url"
  | "document.cookie"
  | "performance entries"
  | "history"
  | "console";

/** How a token was written where it was found. */
export type TokenEncoding = "raw" | "percent" | "base64" | "base64url";

/** One place that was searched for the attempt's token. `excerpt` shows it by its serial; `unsearched` says why nobody could look. */
export type Search = { readonly place: LeakPlace } & (
  | { readonly state: "clean" }
  | { readonly state: "found"; readonly encoding: TokenEncoding; readonly excerpt: string }
  | { readonly state: "unsearched"; readonly reason: string }
);

/**
 * How an attempt ended: the socket closed; the page's code threw before there was a socket; the
 * page's deadline passed; or the harness's own code in the page failed.
 */
export type AttemptEnd = "completed" | "threw" | "timeout" | "harness-error";

/** One connection, planned and observed from both ends. Raw: nothing in it is a judgement of ours. */
export interface Attempt extends AttemptPlan {
  /** The credential handed to the page; null when the plan was to present none. */
  readonly given: Serial | null;
  /** The credential handed over for a renewal; absent when none was planned. */
  readonly renewedWith?: Serial;
  /** Absent when the plan was not to search. */
  readonly searches?: readonly Search[];
  readonly end: AttemptEnd;
  readonly events: readonly PageEvent[];
  readonly evidence: readonly Evidence[];
}

/** Why nothing can be said about a trial. None of these counts for or against a technique. */
export interface TrialFailure {
  readonly outcome: "timeout" | "crash" | "harness-error" | "unsupported";
  readonly reason: string;
}

/** A trial after it was run. `failure` is null when it was observed to its end. */
export interface ObservedTrial extends Omit<Trial, "attempts"> {
  readonly attempts: readonly Attempt[];
  readonly failure: TrialFailure | null;
  /** From the trial before, or from opening its page: with loading it, and waits that belong to it. Absent: nobody looked. */
  readonly tookMs?: number;
}
