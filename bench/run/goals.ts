import type { Phase } from "../../model/timing.ts";
import type { Goal } from "../benchmark.ts";
import { costOf, floorCostOf, sum, trialPhases, type Part, type Round } from "./part.ts";

const maxRatio = 1.5;
const maxGrowth = 1.1;

/** Whether whole runs, from their command to their end, are close enough to their floors. */
export function overallGoal(rounds: readonly Round[], parts: readonly Part[]): Goal {
  return goal({
    claim: `A run, from its command to its end, takes at most ${maxRatio} times its floor`,
    measuredMs: sum(rounds.map(({ run }) => run.tookMs)),
    yardstickMs: sum(rounds.map(({ floor }) => floor.tookMs)),
    limit: maxRatio,
    why: () => whereTimeGoes(parts),
  });
}

/** Whether one browser, from its launch until it is closed, is close enough to its floor. */
export function ratioGoal(name: string, parts: readonly Part[]): Goal {
  return goal({
    claim: `${name} takes at most ${maxRatio} times its floor`,
    measuredMs: sum(parts.map(({ tookMs }) => tookMs)),
    yardstickMs: sum(parts.map(({ floor }) => floor.tookMs)),
    limit: maxRatio,
    why: () => whereTimeGoes(parts),
  });
}

/** Whether a trial costs as much in a large run as in a small one. */
export function growthGoal(name: string, small: Part, large: Part): Goal {
  const floorGrowth = floorCostOf(large) / floorCostOf(small);
  return goal({
    claim: `A trial in ${name} costs at ${large.size}× at most ${maxGrowth} times what it costs at ${small.size}×`,
    measuredMs: costOf(large),
    yardstickMs: costOf(small),
    limit: maxGrowth,
    why: () => `a page of the floor costs ${floorGrowth.toFixed(2)} times as much there`,
  });
}

function goal({
  claim,
  measuredMs,
  yardstickMs,
  limit,
  why,
}: {
  readonly claim: string;
  readonly measuredMs: number;
  readonly yardstickMs: number;
  readonly limit: number;
  readonly why: () => string;
}): Goal {
  const ratio = measuredMs / yardstickMs;
  const isMet = ratio <= limit;
  const against = `${inWords(measuredMs)} against ${inWords(yardstickMs)}`;
  return {
    claim,
    measured: `${ratio.toFixed(2)} times (${against})`,
    isMet,
    why: isMet ? null : why(),
  };
}

function inWords(ms: number): string {
  return ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

const places: Readonly<Partial<Record<Phase, string>>> = {
  navigation: "on loading its page",
  lab: "in the lab",
  attempts: "on its attempts",
  restarts: "on restarts of the browser",
};

/** What a trial's time goes into, and what a page of the floor takes. */
function whereTimeGoes(parts: readonly Part[]): string {
  const trials = sum(parts.map((part) => part.trials.length));
  const spent = trialPhases
    .map((phase) => ({ phase, ms: sum(parts.map((part) => part.phase(phase).ms)) / trials }))
    .filter(({ ms }) => ms >= 0.5)
    .map(({ phase, ms }) => `${ms.toFixed(0)} ms ${places[phase]}`);
  const pages = sum(parts.map(({ floor }) => floor.pages));
  const page = sum(parts.map(({ floor }) => floor.pagesMs)) / pages;
  return `a trial spends ${spent.join(", ")}; a page of the floor takes ${page.toFixed(0)} ms in all`;
}
