import type { Results } from "../../../model/results.ts";
import { columnsOf } from "../columns.ts";
import { counted } from "./words.ts";

/** How much was measured, aspects included, and when: "36 techniques, 7 scenarios, 3 browsers: 100 trials, …". */
export function extentText({ runs }: Pick<Results, "runs">): string {
  if (runs.length === 0) return "No browser was measured.";
  const { columns } = columnsOf({ runs });
  const trials = runs.flatMap((run) => run.trials);
  const techniques = new Set(trials.map(({ technique }) => technique));
  const scenarios = new Set(trials.map(({ scenario }) => scenario));
  const dates = runs.map(({ endedAt }) => endedAt.slice(0, 10)).toSorted();
  const when = dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
  const extent = [
    counted(techniques.size, "technique"),
    counted(scenarios.size, "scenario"),
    counted(columns.length, columns.some(({ note }) => note !== null) ? "run" : "browser"),
  ].join(", ");
  return `${extent}: ${counted(trials.length, "trial")}, each judged from what both ends saw. Measured ${when}.`;
}
