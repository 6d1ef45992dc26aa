import { availableParallelism } from "node:os";
import type { Findings, Plot } from "../benchmark.ts";
import { growthGoal, overallGoal, ratioGoal } from "./goals.ts";
import { costOf, floorCostOf, partsOf, type Part, type Round } from "./part.ts";
import {
  phaseTable,
  processorTable,
  ratioTable,
  slowestTable,
  waitTable,
  type ByBrowser,
} from "./tables.ts";

/** Compares runs with their floors. `absent`: browsers that are not here, in words. */
export function findingsOf(rounds: readonly Round[], absent: readonly string[]): Findings {
  const parts = rounds.flatMap(partsOf);
  const byBrowser = [...Map.groupBy(parts, ({ browser }) => browser.name)];
  return {
    goals: [
      overallGoal(rounds, parts),
      ...byBrowser.map(([name, own]) => ratioGoal(name, own)),
      ...byBrowser.flatMap(([name, own]) => {
        const [small, large] = [own.at(0), own.at(-1)];
        return small === undefined || large === undefined || small === large
          ? []
          : [growthGoal(name, small, large)];
      }),
    ],
    tables: [
      ratioTable(rounds, parts),
      phaseTable(byBrowser),
      slowestTable(byBrowser),
      waitTable(byBrowser),
      processorTable(rounds, availableParallelism()),
    ],
    plots: rounds.length > 1 ? [costPlot(rounds, byBrowser)] : [],
    notes: [
      ...notesOf(parts, byBrowser),
      ...absent.map((one) => `Not here, and left out: ${one}.`),
    ],
  };
}

function costPlot(rounds: readonly Round[], byBrowser: ByBrowser): Plot {
  return {
    id: "cost-a-trial",
    title: "What a trial costs as their number grows, and a page of the floor",
    kind: "lines",
    labels: rounds.map(({ size }) => `${size}×`),
    unit: "ms",
    series: byBrowser.flatMap(([name, parts]) => [
      { name: `${name}, run`, values: parts.map(costOf) },
      { name: `${name}, floor`, values: parts.map(floorCostOf) },
    ]),
  };
}

function notesOf(parts: readonly Part[], byBrowser: ByBrowser): readonly string[] {
  const browsers = byBrowser.map(([name, [part]]) => `${name} ${part?.browser.version ?? ""}`);
  const trials = parts.flatMap((part) => part.trials);
  const failed = trials.filter(({ failure }) => failure !== null).length;
  return [
    `${browsers.join(", ")}, side by side.`,
    "The floor launches the same browsers as often, and opens a blank page on a host of its own for every top-level page of a trial, with as many connections to a bare ws server as that page made, which have the same conversation.",
    ...(failed === 0
      ? []
      : [`${failed} of ${trials.length} trials ended without a result, and took their time too.`]),
  ];
}
