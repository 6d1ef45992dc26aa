import type { JudgedTrial, Results } from "../../model/results.ts";
import { type Summary, summarise } from "../verdict.ts";
import type { Catalogue, TechniqueEntry } from "./catalogue.ts";
import { type Column, columnsOf } from "./columns.ts";
import { inOrder } from "./display-order.ts";
import { type Repetitions, repetitionsOf } from "./repetitions.ts";

/** What one technique did in one run. */
export interface Cell {
  readonly column: Column;
  readonly summary: Summary;
  /** Empty when the technique was not tried in this run. */
  readonly repetitions: readonly Repetitions[];
}

/** One technique across all runs. */
export interface Row {
  readonly technique: TechniqueEntry;
  /** One per column, in the order of the columns. */
  readonly cells: readonly Cell[];
  /** What was tried with it in any run: the runs of all columns together. */
  readonly trials: readonly Repetitions[];
}

/** Techniques against runs: what every report draws. */
export interface Matrix {
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Whether placements or schemes differ within the results, so that trials must name theirs. */
  readonly hasVariants: boolean;
}

/** Arranges results for display. Techniques that do not occur have no row. */
export function matrixOf(results: Results, catalogue: Catalogue): Matrix {
  const columns = columnsOf(results);
  const trials = results.runs.flatMap((run) => run.trials);
  const titles = new Map(catalogue.techniques.map(({ id, title }) => [id, title]));
  const techniques = inOrder(
    trials.map(({ technique }) => technique),
    catalogue.techniques.map(({ id }) => id),
  );
  const rows = techniques.map((id): Row => {
    const ofTechnique = ({ technique }: JudgedTrial): boolean => technique === id;
    return {
      technique: { id, title: titles.get(id) ?? id },
      cells: columns.map((column) => {
        const own = column.run.trials.filter(ofTechnique);
        return { column, summary: summarise(own), repetitions: repetitionsOf(own, catalogue) };
      }),
      trials: repetitionsOf(trials.filter(ofTechnique), catalogue),
    };
  });
  const variants = new Set(trials.map(({ placement, scheme }) => `${placement}, ${scheme}`));
  return { columns, rows, hasVariants: variants.size > 1 };
}
