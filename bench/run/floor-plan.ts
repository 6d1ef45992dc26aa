import type { Results, Run } from "../../model/results.ts";
import type { ObservedTrial } from "../../model/observation.ts";
import type { Caller, Trial } from "../../model/trial.ts";
import { domainsOf } from "../../server/host-names.ts";

/** A blank page of the floor, where a trial's are, with as many connections as one of them made. */
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
      pages: trials.flatMap(pagesOf),
      loopbackDomains: [...new Set(trials.flatMap(domainsOf))],
    };
  });
}

/** Whether a trial had a page that did something. */
export function isBegun({ attempts }: Pick<ObservedTrial, "attempts">): boolean {
  return attempts.length > 0;
}

/** A page for each top-level page that the trial's attempts were made in, one after the other. */
function pagesOf({ placement, scheme, attempts }: ObservedTrial): readonly BlankPage[] {
  const pages: { readonly place: Caller; readonly connections: number }[] = [];
  for (const { from = "page", plants } of attempts) {
    if (from === "program") continue;
    const place = inPageOfItsOwn.has(from) ? from : "page";
    const same = pages.at(-1)?.place === place ? pages.pop() : undefined;
    pages.push({ place, connections: (same?.connections ?? 0) + (plants === true ? 0 : 1) });
  }
  return pages.map(({ connections }) => ({ placement, scheme, connections }));
}

/** The others are the trial's page, and frames and workers in it. */
const inPageOfItsOwn: ReadonlySet<Caller> = new Set<Caller>([
  "tab",
  "restarted",
  "cross-site-page",
  "cross-site-sandbox",
  "sibling-page",
  "other-port-page",
]);

function launchesOf({ timing }: Run): number {
  return timing?.phases.launch.count ?? 1;
}
