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

/** What an attempt hands to the technique: a token of its own, nothing, one that was never issued, one that ran out. */
export type Present = "fresh" | "none" | "forged" | "expired";

/**
 * What a token looks like. `opaque`: 34 letters, digits, `-` and `_`. `jwt`: signed, and verified
 * without asking whoever issued it. `awkward`: with `= + / : ; @ %` and characters beyond ASCII.
 * `4k`, `8k`, `16k`: opaque, of that many times 1024 characters.
 */
export type TokenShape = "opaque" | "jwt" | "awkward" | "4k" | "8k" | "16k";

/**
 * What the page does once it was let in: says goodbye; presents a fresh token of the same user, or of
 * another one; or stays until its token, which runs out soon, has run out.
 */
export type Afterwards = "goodbye" | "renew" | "renew-as-another" | "stay";

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
  /** What an engineer would want of this attempt. */
  readonly expect: "accepted" | "refused";
}

/** One technique × scenario × placement × scheme, with the attempts in the order in which they are made. */
export interface Trial {
  readonly technique: string;
  readonly scenario: string;
  readonly placement: Placement;
  readonly scheme: Scheme;
  /** A hash of what is tried: changes when the scenario or the technique's code does. */
  readonly definition: string;
  readonly attempts: readonly AttemptPlan[];
}
