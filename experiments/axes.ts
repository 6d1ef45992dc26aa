import type { ProfileName } from "../model/results.ts";
import type { Placement, Scheme } from "../model/trial.ts";

/** From near to far: the order in which they are tried and shown. */
export const placements: readonly Placement[] = [
  "same-origin",
  "same-host",
  "same-site",
  "cross-site",
];
/** Those that techniques are tried over. */
export const schemes: readonly Scheme[] = ["ws", "wss"];
/** The default first, for the others are compared with it. */
export const profiles: readonly ProfileName[] = [
  "default",
  "third-party-allowed",
  "third-party-blocked",
  "private",
  "reconnect-backoff",
];
