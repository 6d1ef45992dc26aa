import type { Matrix } from "../matrix.ts";
import { counted } from "./words.ts";

/** How much was measured, and when: "36 techniques, 7 scenarios, 3 browsers: 100 trials, …". */
export function extentText({ columns, folded, rows }: Matrix): string {
  const trials = [...columns, ...folded].flatMap(({ run }) => run.trials);
  const scenarios = new Set(trials.map(({ scenario }) => scenario));
  const dates = [...columns, ...folded].map(({ run }) => run.endedAt.slice(0, 10)).toSorted();
  const when = dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
  const extent = [
    counted(rows.length, "technique"),
    counted(scenarios.size, "scenario"),
    counted(columns.length, columns.some(({ note }) => note !== null) ? "run" : "browser"),
  ].join(", ");
  return columns.length === 0
    ? "No browser was measured."
    : `${extent}: ${counted(trials.length, "trial")}, each judged from what both ends saw. Measured ${when}.`;
}
