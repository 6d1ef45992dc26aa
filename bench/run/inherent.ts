import type { Run } from "../../model/results.ts";
import type { Attempt } from "../../model/observation.ts";
import { defaultConfig } from "../../server/config.ts";

/** Frames and workers are waited for for half of a page's deadline, which is the least that a timeout takes. */
const shortestDeadlineMs = defaultConfig.attemptDeadlineMs / 2;

/**
 * How long a run waited for what it measures, at the least, in milliseconds: tokens that run out on open
 * connections, sessions that are over and stay open, servers that say nothing, deadlines that pass
 * because nothing comes, and restarts of the browser.
 */
export function inherentMs({ timing, trials }: Pick<Run, "timing" | "trials">): number {
  const waits = trials.flatMap(({ attempts }) => attempts.map(waitOf));
  return waits.reduce((sum, ms) => sum + ms, timing?.phases.restarts.ms ?? 0);
}

function waitOf({ afterwards = "goodbye", fault, end, events }: Attempt): number {
  const lastAt = events.at(-1)?.at ?? 0;
  if (end === "timeout") return Math.max(shortestDeadlineMs, lastAt);
  const isLong = fault === "silence" || ["stay", "be-revoked", "log-out"].includes(afterwards);
  // A server that says nothing does so from the moment of opening.
  const from = events.findLast(({ type }) => type === "message" || type === "open");
  return isLong && from !== undefined ? lastAt - from.at : 0;
}
