import { placements, schemes } from "../experiments/axes.ts";
import { plan } from "../experiments/plan.ts";
import { scenarios } from "../experiments/scenarios/index.ts";
import type { Placement, Trial } from "../model/trial.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";

/** The whole plan, each trial once. */
export const allTrials: readonly Trial[] = plan({
  techniques,
  techniquesDirectory,
  scenarios,
  placements,
  schemes,
  repeat: 1,
});

/**
 * Those that say whether a technique works, without most of the repetition: every technique meets
 * every scenario at one placement, and the first scenario at each. All of them everywhere is what
 * `npm run experiments` is for.
 */
export const provingTrials: readonly Trial[] = allTrials.filter((trial) => {
  const { technique, scenario, placement, scheme, aspect } = trial;
  if (aspect !== undefined) return false;
  const isAtHome = placement === placementFor(technique);
  return scheme === "wss" ? isAtHome || scenario === "valid" : isAtHome && scenario === "valid";
});

/** Which token fits and what goes wrong, asked of a few techniques that differ in what carries the token. */
export const aspectTrials: readonly Trial[] = allTrials.filter(
  ({ technique, scenario, placement, aspect }) =>
    aspect !== undefined &&
    ["first-message", "query-parameter", "session-cookie-unchecked", "cookie-iframe"].includes(
      technique,
    ) &&
    (placement === "same-host" || scenario === "hijack-cross-site") &&
    // It waits for its frame until the deadline, and proves nothing.
    (scenario !== "caller-sandboxed-frame" || technique !== "cookie-iframe") &&
    // A restart takes seconds.
    (scenario !== "ambient-restart" || technique === "cookie-iframe"),
);

function placementFor(technique: string): Placement | undefined {
  const tried = allTrials.filter((trial) => trial.technique === technique);
  return (tried.find(({ placement }) => placement === "same-host") ?? tried[0])?.placement;
}
