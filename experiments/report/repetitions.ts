import type { JudgedTrial } from "../../model/results.ts";
import { variantOf } from "../verdict.ts";
import type { Catalogue, ScenarioEntry } from "./catalogue.ts";
import { inOrder } from "./display-order.ts";
import { variantsInOrder } from "./variants.ts";

/** One trial, with everything that was observed when it was made once or many times. */
export interface Repetitions {
  readonly scenario: ScenarioEntry;
  /** Placement and scheme: "same-host, ws". */
  readonly variant: string;
  readonly trials: readonly JudgedTrial[];
  /** "unstable: 3 pass, 2 fail" when the repetitions disagree; null when they agree. */
  readonly unstable: string | null;
}

/** Brings repetitions of the same trial together, scenarios and variants in display order. */
export function repetitionsOf(trials: readonly JudgedTrial[], catalogue: Catalogue): Repetitions[] {
  const ids = trials.map(({ scenario }) => scenario);
  return scenariosOf(ids, catalogue).flatMap((scenario) => {
    const own = trials.filter((trial) => trial.scenario === scenario.id);
    return variantsInOrder(own.map(variantOf)).map((variant) => {
      const repeated = own.filter((trial) => variantOf(trial) === variant);
      return { scenario, variant, trials: repeated, unstable: disagreement(repeated) };
    });
  });
}

/** The distinct scenarios that occur, in display order. */
export function scenariosOf(
  occurring: readonly string[],
  { scenarios }: Catalogue,
): ScenarioEntry[] {
  const known = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  return inOrder(occurring, [...known.keys()]).map((id) => known.get(id) ?? { id, question: "" });
}

function disagreement(trials: readonly JudgedTrial[]): string | null {
  const outcomes = Map.groupBy(trials, ({ verdict }) => verdict.outcome);
  if (outcomes.size < 2) return null;
  const counts = [...outcomes].map(([outcome, group]) => ({ outcome, count: group.length }));
  const sorted = counts.toSorted((a, b) => b.count - a.count);
  return `unstable: ${sorted.map(({ outcome, count }) => `${count} ${outcome}`).join(", ")}`;
}
