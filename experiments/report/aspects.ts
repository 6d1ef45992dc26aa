import type { JudgedTrial, Results } from "../../model/results.ts";
import { shapeTried } from "../scenarios/token-shapes.ts";

/** Whether a trial is part of the proof that a technique works. Older results say it only by the token's shape. */
export function isProof(trial: JudgedTrial): boolean {
  return trial.aspect === undefined && shapeTried(trial) === undefined;
}

/** The results without what is shown in sections of its own: what goes wrong, and which token fits. */
export function withoutAspects(results: Results): Results {
  const runs = results.runs.map((run) => ({ ...run, trials: run.trials.filter(isProof) }));
  return { ...results, runs };
}
