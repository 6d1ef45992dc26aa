import type { Run } from "../model/results.ts";
import type { BrowserTarget } from "./browsers/browser.ts";
import { joined, runSessions, type SessionsOptions } from "./certified-sessions.ts";
import { isOtherBrowser, type KeptRun } from "./recorded.ts";
import type { UnstartedBrowser } from "./run-browser.ts";

/**
 * Runs what is left of a run's trials, and resolves with the whole run, as if it had not been cut off.
 * If the browser is another version by now, everything is made again. `kept` null: nothing was made.
 */
export async function runRest(
  kept: KeptRun | null,
  target: BrowserTarget,
  unstarted: UnstartedBrowser,
  options: SessionsOptions,
): Promise<Run> {
  if (kept === null) return await runSessions(target, unstarted, options);
  const before = { ...kept.run, trials: [] };
  const whole = (now: Run): Run => (isOtherBrowser(before, now) ? now : join([before, now], []));
  const run = (places: readonly number[], doneBefore: number): Promise<Run> =>
    runSessions(target, unstarted, {
      ...options,
      trials: places.flatMap((place) => options.trials[place] ?? []),
      onTrial({ trial, done, place, run: now }) {
        options.onTrial({
          trial,
          done: doneBefore + done,
          total: options.trials.length,
          place: places[place] ?? place,
          run: whole(now),
        });
      },
    });
  const left = [...options.trials.keys()].filter((place) => !kept.places.includes(place));
  if (left.length === 0) return kept.run;
  const rest = await run(left, kept.places.length);
  if (!isOtherBrowser(before, rest)) return join([kept.run, rest], [...kept.places, ...left]);
  options.onProblem(
    `${rest.browser.name} is ${rest.browser.version} now, and was ${before.browser.version} when the run began: what that had shown in ${kept.places.length} trials is measured again, for one run is of one version`,
  );
  const again = await run(kept.places, left.length);
  return join([rest, again], [...left, ...kept.places]);
}

function join(runs: readonly Run[], places: readonly number[]): Run {
  const tookMs = runs.reduce((sum, { timing }) => sum + (timing?.tookMs ?? 0), 0);
  const run = joined(runs, places, tookMs);
  const isDirty = runs.some(({ harness }) => harness.dirty === true);
  return { ...run, harness: { ...run.harness, dirty: isDirty || run.harness.dirty } };
}
