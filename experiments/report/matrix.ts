import type { JudgedTrial, Results } from "../../model/results.ts";
import { type Summary, summarise, variantOf } from "../verdict.ts";
import { withoutAspects } from "./aspects.ts";
import type { Catalogue, ScenarioEntry, TechniqueEntry } from "./catalogue.ts";
import { type Column, type Columns, columnsOf } from "./columns.ts";
import { inOrder } from "./display-order.ts";
import { type Repetitions, repetitionsOf, scenariosOf } from "./repetitions.ts";
import { variantsInOrder, whereAdverbially } from "./variants.ts";

/** What one technique did in one run at one placement over one scheme. */
export interface VariantSummary {
  /** "same-host, ws" */
  readonly variant: string;
  readonly summary: Summary;
  /** Whether the browser could be given this variant at all. */
  readonly isSupported: boolean;
}

/** What one technique did in one run. */
export interface Cell {
  readonly column: Column;
  readonly summary: Summary;
  /** The same for each placement and scheme, in display order. */
  readonly variants: readonly VariantSummary[];
  /** Where a technique that works `partly` is broken: "cross-site over ws"; null when that takes a list. */
  readonly brokenWhere: string | null;
  /** Empty when the technique was not tried in this run. */
  readonly repetitions: readonly Repetitions[];
}

/** One technique across all runs. */
export interface Row {
  readonly technique: TechniqueEntry;
  /** One per column, in the order of the columns. */
  readonly cells: readonly Cell[];
  /** One per folded run, in their order. */
  readonly folded: readonly Cell[];
  /** What was tried with it in any of the columns. */
  readonly scenarios: readonly ScenarioEntry[];
}

/** Techniques against runs: what every report draws. */
export interface Matrix extends Columns {
  readonly rows: readonly Row[];
  /** Whether placements or schemes differ within the results, so that trials must name theirs. */
  readonly hasVariants: boolean;
}

/**
 * Arranges the proof that techniques work, for display. Trials of an aspect are in sections of their own:
 * here they can only make a technique unsafe. Techniques that do not occur have no row.
 */
export function matrixOf(all: Results, catalogue: Catalogue): Matrix {
  const results = withoutAspects(all);
  const wholeRuns = new Map(results.runs.map((run, index) => [run, all.runs[index] ?? run]));
  const { columns, folded } = columnsOf(results);
  const trials = results.runs.flatMap((run) => run.trials);
  const titles = new Map(catalogue.techniques.map(({ id, title }) => [id, title]));
  const techniques = inOrder(
    trials.map(({ technique }) => technique),
    catalogue.techniques.map(({ id }) => id),
  );
  const rows = techniques.map((id): Row => {
    const cell = (column: Column): Cell => {
      const own = column.run.trials.filter(({ technique }) => technique === id);
      const ofAspects = (wholeRuns.get(column.run)?.trials ?? []).filter(
        ({ technique, aspect }) => technique === id && aspect !== undefined,
      );
      return cellOf(column, own, ofAspects, catalogue);
    };
    const cells = columns.map(cell);
    const tried = cells.flatMap(({ repetitions }) =>
      repetitions.map(({ scenario }) => scenario.id),
    );
    return {
      technique: { id, title: titles.get(id) ?? id },
      cells,
      folded: folded.map(cell),
      scenarios: scenariosOf(tried, catalogue),
    };
  });
  return { columns, folded, rows, hasVariants: new Set(trials.map(variantOf)).size > 1 };
}

function cellOf(
  column: Column,
  trials: readonly JudgedTrial[],
  ofAspects: readonly JudgedTrial[],
  catalogue: Catalogue,
): Cell {
  const rotates = !column.run.leftOut.some(
    (one) =>
      "scenario" in one && one.scenario === "rotation" && one.technique === trials[0]?.technique,
  );
  const all = [...trials, ...ofAspects];
  const summary = summarise(all, { rotates });
  const variants = variantsInOrder(trials.map(variantOf)).map((variant): VariantSummary => {
    const own = all.filter((trial) => variantOf(trial) === variant);
    const isSupported = own.some(({ verdict }) => verdict.outcome !== "unsupported");
    return { variant, summary: summarise(own, { rotates }), isSupported };
  });
  return {
    column,
    summary,
    variants,
    brokenWhere: summary.word === "partly" ? brokenWhere(variants) : null,
    repetitions: repetitionsOf(trials, catalogue),
  };
}

function brokenWhere(variants: readonly VariantSummary[]): string | null {
  const names = (some: readonly VariantSummary[]): string[] => some.map(({ variant }) => variant);
  const broken = variants.filter(({ summary }) => summary.word === "broken");
  if (broken.length === 0) return null;
  return whereAdverbially(names(broken), names(variants));
}
