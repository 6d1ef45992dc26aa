/**
 * Where the WebSocket server lives relative to the page. `same-origin`: it shares the page's host and
 * port. `same-host`: it has a port of its own, and so is another origin, but the same site.
 * `same-site`: it has a host of its own under the page's registrable domain. `cross-site`: it has a
 * registrable domain of its own.
 */
export type Placement = "same-origin" | "same-host" | "same-site" | "cross-site";

/**
 * `ws`: page and socket are plain, http and ws. `wss`: both are over TLS, https and wss.
 * `http+wss`, `https+ws`: one of each, the page first.
 */
export type Scheme = "ws" | "wss" | "http+wss" | "https+ws";

/**
 * What an attempt hands to the technique: a token of its own, nothing, one that was never issued, one
 * that ran out; `again`: that of the trial's first attempt. `replayed`: nothing is handed over; a
 * program repeats what the first attempt put on the wire.
 */
export type Present = "fresh" | "none" | "forged" | "expired" | "again" | "replayed";

/**
 * Who opens the socket. `page`: the trial's own page, as are the frames and workers. `tab`: that page
 * in another tab, the first one still open. `restarted`: that page after a restart of the browser,
 * with the profile kept. `cross-site-frame`: a frame of another site in that page. The next four are
 * top-level pages of somebody else, in the same tab: on another site, in a sandboxed frame there
 * (whose origin is `null`), on a sibling subdomain of the server's host, on another port of that host.
 * `program`: no browser at all.
 */
export type Caller =
  | "page"
  | "tab"
  | "restarted"
  | "frame"
  | "sandboxed-frame"
  | "dedicated-worker"
  | "shared-worker"
  | "service-worker"
  | "cross-site-frame"
  | "cross-site-page"
  | "cross-site-sandbox"
  | "sibling-page"
  | "other-port-page"
  | "program";

/**
 * How a server answers whatever it is asked, instead of judging a credential. `down`: nothing listens.
 * `no-subprotocol`: accepts, and selects none of the subprotocols that are offered. `silence`: accepts
 * and says nothing.
 */
export type Fault =
  | "401-with-challenge"
  | "401"
  | "403"
  | "redirect"
  | "no-subprotocol"
  | "close-4401"
  | "silence"
  | "down";

/** What a server can do without in order to show what it is for. */
export type Protection = "origin-check" | "session-watch";

/**
 * What a token looks like. `opaque`: 34 letters, digits, `-` and `_`. `jwt`: signed, and verified
 * without asking whoever issued it. `awkward`: with `= + / : ; @ %` and characters beyond ASCII.
 * `4k`, `8k`, `16k`: opaque, of that many times 1024 characters.
 */
export type TokenShape = "opaque" | "jwt" | "awkward" | "4k" | "8k" | "16k";

/**
 * What happens once the page was let in: it says goodbye; presents a fresh token of the same user, or of
 * another one; or stays, until its token, which runs out soon, has run out; until the lab has revoked
 * its token; until it has logged out; or until the attempts that are made meanwhile have ended.
 */
export type Afterwards =
  | "goodbye"
  | "renew"
  | "renew-as-another"
  | "stay"
  | "be-revoked"
  | "log-out"
  | "hold";

/** Scenarios outside of the proof that a technique works: what goes wrong with it, and what fits it. */
export type Aspect =
  | "token-shape"
  | "hijacking"
  | "planting"
  | "leaks"
  | "ambience"
  | "replay"
  | "visibility"
  | "recovery"
  | "session-end"
  | "callers";

/** One WebSocket connection to be tried. Plain data: it can be hashed, stored and sent. */
export interface AttemptPlan {
  readonly present: Present;
  /** The user name that the token is issued for. */
  readonly user: string;
  /** Whether the token may be accepted once only. */
  readonly singleUse: boolean;
  /** Absent: opaque. */
  readonly shape?: TokenShape;
  /** Absent: goodbye. */
  readonly afterwards?: Afterwards;
  /** Absent: page. */
  readonly from?: Caller;
  /** Absent: the server does as the technique does. */
  readonly fault?: Fault;
  /** What the technique's server does without, for this attempt. Absent: nothing. */
  readonly without?: Protection;
  /** Instead of a connection: the page stores its credential where another page of the browser might present it. */
  readonly plants?: true;
  /** Made while the connection of the attempt before is open, which holds. */
  readonly meanwhile?: true;
  /** Whether everything that the connection leaves behind is searched for its token. */
  readonly searched?: true;
  /** What an engineer would want of this attempt. `any`: either shows something, and neither decides a verdict. */
  readonly expect: "accepted" | "refused" | "any";
}

/** One technique × scenario × placement × scheme, with the attempts in the order in which they are made. */
export interface Trial {
  readonly technique: string;
  readonly scenario: string;
  readonly placement: Placement;
  readonly scheme: Scheme;
  /** What it is about; absent: the proof that the technique works. */
  readonly aspect?: Aspect;
  /** A hash of what is tried: changes when the scenario or the technique's code does. */
  readonly definition: string;
  readonly attempts: readonly AttemptPlan[];
}
