import type { Run } from "../model/results.ts";
import type { AttemptPlan, Trial } from "../model/trial.ts";
import type { Installed } from "../server/attempts.ts";
import type { InstalledCertificate } from "../server/lab.ts";
import { joinTimings } from "../server/stopwatch.ts";
import type { Walk } from "../server/walks.ts";
import type { BrowserTarget } from "./browsers/browser.ts";
import { runBrowser, type RunOptions, type UnstartedBrowser } from "./run-browser.ts";

/** As RunOptions, for trials some of which are about what a browser is given before it starts. */
export interface SessionsOptions extends Omit<RunOptions, "startWalk" | "clientCertificate"> {
  readonly startWalk: (trials: readonly Trial[], installed: Installed | null) => Walk;
  /** The techniques whose servers ask for a certificate. */
  readonly certified: readonly string[];
  readonly certify: (plan: AttemptPlan) => Promise<InstalledCertificate>;
}

/**
 * Runs all trials in one browser. Those about a certificate come last, in a session of its own for
 * each: none, a good one, a forged one, an expired one, one that is to be revoked. All are one run, in the order of the plan.
 */
export async function runSessions(
  target: BrowserTarget,
  unstarted: UnstartedBrowser,
  { certified, certify, startWalk, ...options }: SessionsOptions,
): Promise<Run> {
  const startedAtMs = performance.now();
  const planned = options.trials.map((trial, place) => {
    return { trial, place, session: certified.includes(trial.technique) ? sessionOf(trial) : "" };
  });
  const sessions = [...Map.groupBy(planned, ({ session }) => session)].toSorted(ordinaryFirst);
  const runs: Run[] = [];
  const places: number[] = [];
  const join = (all: readonly Run[]): Run => joined(all, places, performance.now() - startedAtMs);
  for (const [name, session] of sessions) {
    const trials = session.map(({ trial }) => trial);
    const plan = name === "" ? undefined : trials[0]?.attempts[0];
    const installed = plan === undefined ? null : await certify(plan);
    const doneBefore = places.length;
    runs.push(
      await runBrowser(target, unstarted, {
        ...options,
        ...(installed !== null && { clientCertificate: installed.certificate }),
        trials,
        startWalk: (some) => startWalk(some, installed),
        onTrial({ trial, done, place, run }) {
          options.onTrial({
            trial,
            done: doneBefore + done,
            total: planned.length,
            place: session[place]?.place ?? place,
            run: join([...runs.map((one) => ({ ...one, trials: [] })), run]),
          });
        },
      }),
    );
    places.push(...session.map(({ place }) => place));
  }
  return join(runs);
}

/** Trials with the same certificate share a session, but for those that revoke it. */
function sessionOf({ technique, scenario, attempts }: Trial): string {
  const present = attempts[0]?.present ?? "";
  const isRevoked = attempts.some(({ afterwards }) => afterwards === "be-revoked");
  return isRevoked ? `${present}, ${technique}, ${scenario}` : present;
}

function ordinaryFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return Number(a !== "") - Number(b !== "");
}

/**
 * One run of several sessions, which took `tookMs` together; what it says of the browser is what the
 * first that started found out. `places`: where each trial belongs, session after session.
 */
export function joined(runs: readonly Run[], places: readonly number[], tookMs: number): Run {
  const [first] = runs;
  if (first === undefined) throw new Error("there is nothing to try");
  const main = runs.find(({ browser }) => browser.driver !== "none") ?? first;
  const trials = runs.flatMap((run) => run.trials);
  return {
    ...main,
    startedAt: first.startedAt,
    endedAt: runs.at(-1)?.endedAt ?? first.endedAt,
    profile: { ...main.profile, means: [...new Set(runs.flatMap(({ profile }) => profile.means))] },
    dialogs: runs.flatMap(({ dialogs }) => dialogs),
    timing: joinTimings(
      runs.flatMap(({ timing }) => timing ?? []),
      tookMs,
    ),
    trials: trials
      .map((trial, index) => ({ trial, place: places[index] ?? index }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ trial }) => trial),
  };
}
