import type { JudgedTrial } from "../../model/results.ts";
import type { Catalogue, ScenarioEntry } from "./catalogue.ts";
import { inOrder } from "./display-order.ts";

/** One trial, with everything that was observed when it was made once or many times. */
export interface Repetitions {
  readonly scenario: ScenarioEntry;
  /** Placement and scheme: "same-host, ws". */
  readonly variant: string;
  readonly trials: readonly JudgedTrial[];
  /** "unstable: 3 pass, 2 fail" when the repetitions disagree; null when they agree. */
  readonly unstable: string | null;
}

/** Brings repetitions of the same trial together, scenarios in display order. */
export function repetitionsOf(
  trials: readonly JudgedTrial[],
  { scenarios }: Catalogue,
): Repetitions[] {
  const known = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
  const ids = inOrder(
    trials.map(({ scenario }) => scenario),
    scenarios.map(({ id }) => id),
  );
  return ids.flatMap((id) => {
    const scenario = known.get(id) ?? { id, question: "" };
    const variants = Map.groupBy(
      trials.filter((trial) => trial.scenario === id),
      ({ placement, scheme }) => `${placement}, ${scheme}`,
    );
    return [...variants].map(([variant, repeated]) => ({
      scenario,
      variant,
      trials: repeated,
      unstable: disagreement(repeated),
    }));
  });
}

function disagreement(trials: readonly JudgedTrial[]): string | null {
  const outcomes = Map.groupBy(trials, ({ verdict }) => verdict.outcome);
  if (outcomes.size < 2) return null;
  const counts = [...outcomes].map(([outcome, group]) => ({ outcome, count: group.length }));
  const sorted = counts.toSorted((a, b) => b.count - a.count);
  return `unstable: ${sorted.map(({ outcome, count }) => `${count} ${outcome}`).join(", ")}`;
}
