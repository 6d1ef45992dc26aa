import type { BrowserIdentity, JudgedTrial } from "../../model/results.ts";
import type { Phase, PhaseTime } from "../../model/timing.ts";
import type { BrowserFloor, Floor } from "./floor.ts";
import { isBegun } from "./floor-plan.ts";
import { inherentMs } from "./inherent.ts";
import type { MadeRun } from "./subject.ts";

/** A run at one size, and its floor, measured right after it. */
export interface Round {
  /** How often every trial was made. */
  readonly size: number;
  readonly run: MadeRun;
  readonly floor: Floor;
}

/** All that one browser did at one size, with all its profiles. */
export interface Part {
  readonly size: number;
  readonly browser: BrowserIdentity;
  /** Those that were begun. */
  readonly trials: readonly JudgedTrial[];
  readonly tookMs: number;
  phase(phase: Phase): PhaseTime;
  /** As in `inherentMs`. */
  readonly inherentMs: number;
  readonly floor: BrowserFloor;
}

/** The phases in which a trial's time goes. */
export const trialPhases: readonly Phase[] = ["navigation", "lab", "attempts", "restarts"];

/** What each browser did in a round; those that did nothing are left out. */
export function partsOf({ size, run, floor }: Round): readonly Part[] {
  return floor.browsers.flatMap((own): Part[] => {
    const runs = run.results.runs.filter(({ browser }) => browser.id === own.browser);
    const main = runs.find(({ browser }) => browser.driver !== "none");
    if (main === undefined) return [];
    const timings = runs.flatMap(({ timing }) => timing ?? []);
    return [
      {
        size,
        browser: main.browser,
        trials: runs.flatMap(({ trials }) => trials).filter(isBegun),
        tookMs: sum(timings.map(({ tookMs }) => tookMs)),
        phase: (phase) => ({
          ms: sum(timings.map(({ phases }) => phases[phase].ms)),
          count: sum(timings.map(({ phases }) => phases[phase].count)),
        }),
        inherentMs: sum(runs.map(inherentMs)),
        floor: own,
      },
    ];
  });
}

/** What a trial costs in milliseconds, with loading its page, and without what is the browser's own. */
export function costOf(part: Part): number {
  return sum(trialPhases.map((phase) => part.phase(phase).ms)) / part.trials.length;
}

/** What a page of the floor costs in milliseconds, with its connections. */
export function floorCostOf({ floor }: Part): number {
  return floor.pagesMs / floor.pages;
}

/** The sum; 0 of none. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
