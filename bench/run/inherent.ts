import type { Run } from "../../model/results.ts";
import type { Attempt } from "../../model/observation.ts";
import { defaultConfig } from "../../server/config.ts";

/** Frames and workers are waited for for half of a page's deadline, which is the least that a timeout takes. */
const shortestDeadlineMs = defaultConfig.attemptDeadlineMs / 2;

/**
 * How long a run waited for what it measures, at the least, in milliseconds: tokens that ran out on open
 * connections, deadlines that passed because nothing came, and restarts of the browser.
 */
export function inherentMs({ timing, trials }: Pick<Run, "timing" | "trials">): number {
  const waits = trials.flatMap(({ attempts }) => attempts.map(waitOf));
  return waits.reduce((sum, ms) => sum + ms, timing?.phases.restarts.ms ?? 0);
}

function waitOf({ afterwards, end, events }: Attempt): number {
  const lastAt = events.at(-1)?.at ?? 0;
  if (end === "timeout") return Math.max(shortestDeadlineMs, lastAt);
  const greetedAt = events.find(({ type }) => type === "message")?.at;
  return afterwards === "stay" && greetedAt !== undefined ? lastAt - greetedAt : 0;
}
