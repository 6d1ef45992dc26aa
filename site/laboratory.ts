import type { Harness } from "../model/results.ts";
import type { Trial } from "../model/trial.ts";
import { needsProxy } from "../techniques/needs-proxy.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Laboratory } from "../server/app.ts";
import { visitKey } from "../server/visits.ts";
import { dataScript } from "./data-script.ts";
import { packRun, packTrial } from "./pack.ts";
import { placements, schemes } from "../experiments/axes.ts";
import { leftOut, plan, type Selection } from "../experiments/plan.ts";
import { scenarios } from "../experiments/scenarios/index.ts";
import { verdict } from "../experiments/verdict.ts";
import { saveVisit, visitFile, visitRun } from "../experiments/visit-file.ts";
import type { TokenFinder } from "../experiments/write-reports.ts";

/**
 * What the experiments lend to a lab, so that a visitor can run them and see the results. `tokens` finds
 * those that the lab has made; without, visits do not become files.
 */
export function createLaboratory(
  techniques: readonly Technique[],
  techniquesDirectory: URL,
  harness: Harness,
  tokens?: TokenFinder,
): Laboratory {
  const selection: Selection = {
    techniques: techniques.map((technique) => {
      const reason = needsProxy(technique);
      if (reason === null) return technique;
      const leavesOut = Object.fromEntries(placements.map((placement) => [placement, reason]));
      return { ...technique, leavesOut };
    }),
    techniquesDirectory,
    // Somebody waits: what a token looks like, and what goes wrong, is left to runs that nobody looks at.
    scenarios: scenarios.filter(({ aspect }) => aspect === undefined || aspect === "hijacking"),
    placements,
    // Over TLS a visitor would have to accept a certificate for every trial's host.
    schemes: ["ws"],
    repeat: 1,
  };
  const context = { harness, leftOut: leftOut(selection) };
  const lists = { techniques, scenarios, placements, schemes };
  return {
    plan: () => plan(selection).toSorted((a, b) => turnOf(a) - turnOf(b)),
    judge: verdict,
    visitRun: (walk) => ({
      ...packRun(visitRun(walk, context), visitKey(walk), "visit", lists),
      planned: walk.trials.length,
    }),
    visitTrial: (trial) => packTrial({ ...trial, verdict: verdict(trial) }, lists),
    dataScript,
    visitFile: (walk) => visitFile(walk, context, tokens),
    saveVisit: async (walk) => await saveVisit(visitFile(walk, context, tokens)),
  };
}

/**
 * Somebody watches: all techniques at once get their most telling scenario, four connections with a token
 * each, and then the next one.
 */
function turnOf({ scenario }: Trial): number {
  return scenario === "rotation" ? -1 : scenarios.findIndex(({ id }) => id === scenario);
}
