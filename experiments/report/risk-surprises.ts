import type { JudgedTrial, Results, Run } from "../../model/results.ts";
import { risks } from "../risks/index.ts";
import { variantOf } from "../verdict.ts";
import { visible } from "./visible.ts";

/**
 * Compares what goes wrong in a run with the newest published run of the same browser id and profile
 * that made the same trials by the same definitions: a sentence for each word that changed. What was
 * never published is no surprise, and neither is what was unknown.
 */
export function riskSurprises(run: Run, published: readonly Results[]): string[] {
  const known = published
    .flatMap(({ runs }) => runs)
    .filter(
      ({ browser, profile }) => browser.id === run.browser.id && profile.name === run.profile.name,
    )
    .toSorted((a, b) => Date.parse(b.endedAt) - Date.parse(a.endedAt));
  const who =
    run.profile.name === "default" ? run.browser.name : `${run.browser.name} (${run.profile.name})`;
  const ofTechniques = Map.groupBy(run.trials.filter(isAboutRisk), ({ technique }) => technique);
  return [...ofTechniques].flatMap(([technique, here]) => {
    const before = known.find(({ trials }) => shared(trials, here).length > 0);
    if (before === undefined) return [];
    // Some findings depend on others: both runs are judged by what both of them tried.
    const there = shared(before.trials, here);
    const expected = wordsOf(technique, there, before);
    const actual = wordsOf(technique, shared(here, there), run);
    return [...expected].flatMap(([place, words]) => {
      const found = actual.get(place) ?? "nothing";
      if (found === words || words === "unknown") return [];
      return [visible(`${who}: ${technique}, ${place}: expected ${words}; got ${found}`)];
    });
  });
}

function isAboutRisk({ aspect }: JudgedTrial): boolean {
  return risks.some(({ id }) => id === aspect);
}

/** Those of `trials` that `others` has too. */
function shared(trials: readonly JudgedTrial[], others: readonly JudgedTrial[]): JudgedTrial[] {
  const made = new Set(others.map(keyOf));
  return trials.filter((trial) => made.has(keyOf(trial)));
}

function keyOf({ technique, scenario, placement, scheme, definition }: JudgedTrial): string {
  return JSON.stringify([technique, scenario, placement, scheme, definition]);
}

/** The words of every scenario and place, those of its subjects among them. */
function wordsOf(technique: string, all: readonly JudgedTrial[], run: Run): Map<string, string> {
  const said = risks.flatMap((risk) => {
    const trials = all.filter(({ aspect }) => aspect === risk.id);
    const cells = risk.assess(trials, { technique, run, all });
    return cells.flatMap(({ about, word, severity, evidence }) =>
      [...new Set(evidence.map(({ trial }) => trial))].map((trial) => ({
        place: `${trial.scenario} (${variantOf(trial)})`,
        word: severity === "unknown" ? "unknown" : about === null ? word : `${about}: ${word}`,
      })),
    );
  });
  return new Map(
    [...Map.groupBy(said, ({ place }) => place)].map(([place, some]) => [
      place,
      [...new Set(some.map(({ word }) => word))].toSorted().join(", "),
    ]),
  );
}
