import { placements, schemes } from "../experiments/axes.ts";
import { plan } from "../experiments/plan.ts";
import { scenarios } from "../experiments/scenarios/index.ts";
import type { Trial } from "../model/trial.ts";
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
