import type { PackedTrial, SiteRun } from "./data.ts";

/** A visit with trials that have ended since. One that is known already may come again. */
export function withTrials(run: SiteRun, newer: readonly PackedTrial[]): SiteRun {
  const latest = new Map(newer.map((trial) => [placeOf(trial), trial]));
  const kept = run.trials.filter((trial) => !latest.has(placeOf(trial)));
  return { ...run, trials: [...kept, ...latest.values()] };
}

function placeOf(trial: PackedTrial): string {
  return trial.slice(0, 4).join(" ");
}
