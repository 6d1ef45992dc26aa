import type { Results, Run } from "../../model/results.ts";
import type { ObservedTrial } from "../../model/observation.ts";
import type { Trial } from "../../model/trial.ts";
import { domainsOf } from "../../server/host-names.ts";

/** A blank page of the floor, where a trial's is, with as many connections as the trial made. */
export interface BlankPage extends Pick<Trial, "placement" | "scheme"> {
  readonly connections: number;
}

/** What one browser has to do for the floor, at the least, for what it did in a run. */
export interface FloorPlan {
  /** "chrome", "firefox", "webkit". */
  readonly browser: string;
  readonly launches: number;
  readonly pages: readonly BlankPage[];
  /** Domains whose names have to mean this machine. */
  readonly loopbackDomains: readonly string[];
}

/** What the browsers of a run have to do for its floor; those that did nothing in it have nothing to do. */
export function planFloor({ runs }: Pick<Results, "runs">): readonly FloorPlan[] {
  const began = runs.filter(({ trials }) => trials.some(isBegun));
  return [...Map.groupBy(began, ({ browser }) => browser.id)].map(([browser, own]) => {
    const trials = own.flatMap((run) => run.trials).filter(isBegun);
    return {
      browser,
      launches: own.reduce((sum, run) => sum + launchesOf(run), 0),
      pages: trials.map(({ placement, scheme, attempts }) => {
        const connections = attempts.filter(({ from, plants }) => from !== "program" && !plants);
        return { placement, scheme, connections: connections.length };
      }),
      loopbackDomains: [...new Set(trials.flatMap(domainsOf))],
    };
  });
}

/** Whether a trial had a page that did something. */
export function isBegun({ attempts }: Pick<ObservedTrial, "attempts">): boolean {
  return attempts.length > 0;
}

function launchesOf({ timing }: Run): number {
  return timing?.phases.launch.count ?? 1;
}
