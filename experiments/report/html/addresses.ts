import type { JudgedTrial } from "../../../model/results.ts";
import type { Column } from "../columns.ts";

/** Where the evidence is that a report's sections lead to, and what their own parts are called. */
export interface Addresses {
  /** The id of a run's facts, on the same page. */
  runId(column: Column): string;
  /** The address of all that was observed of a technique in a run. */
  cell(column: Column, technique: string): string;
  /** The address of what was observed in a trial of a run. */
  trial(column: Column, trial: JudgedTrial): string;
}
