import type { LeftOut, Results } from "../../model/results.ts";
import { placements, schemes } from "../axes.ts";
import { titleList, type Catalogue } from "./catalogue.ts";
import { inOrder } from "./display-order.ts";
import { listed } from "./variants.ts";

/** What some techniques were not tried with in any run, for one reason. */
export interface LeftOutLine {
  /** Their titles: "Session cookie", "all techniques but First message". */
  readonly techniques: string;
  /** "at same-host and cross-site", "over ws", "with the scenario expired" */
  readonly where: string;
  readonly reason: string;
}

/** What was left out: once for all runs and techniques that say the same. */
export function leftOutLines({ runs }: Results, catalogue: Catalogue): LeftOutLine[] {
  const all = runs.flatMap(({ leftOut }) => leftOut);
  const titles = new Map(catalogue.techniques.map(({ id, title }) => [id, title]));
  const tried = runs.flatMap(({ trials }) => trials);
  const known = inOrder(
    [...all, ...tried].map(({ technique }) => technique),
    [...titles.keys()],
  );
  const ofEach = known.flatMap((technique) => {
    const own = all.filter((entry) => entry.technique === technique);
    return [...Map.groupBy(own, ({ reason }) => reason)].flatMap(([reason, some]) =>
      wheres(some, catalogue).map((where) => ({ technique, where, reason })),
    );
  });
  const alike = Map.groupBy(ofEach, ({ where, reason }) => JSON.stringify([where, reason]));
  return [...alike.values()].flatMap((lines) => {
    const [first] = lines;
    if (first === undefined) return [];
    const ids = lines.map(({ technique }) => technique);
    const techniques = techniquesText(ids, known, (id) => titles.get(id) ?? id);
    return [{ techniques, where: first.where, reason: first.reason }];
  });
}

/** Placements, schemes and scenarios, each in words. */
function wheres(entries: readonly LeftOut[], { scenarios }: Catalogue): string[] {
  const found = {
    placement: entries.flatMap((one) => ("placement" in one ? [one.placement] : [])),
    scheme: entries.flatMap((one) => ("scheme" in one ? [one.scheme] : [])),
    scenario: entries.flatMap((one) => ("scenario" in one ? [one.scenario] : [])),
  };
  const scenarioIds = inOrder(
    found.scenario,
    scenarios.map(({ id }) => id),
  );
  const noun = scenarioIds.length === 1 ? "scenario" : "scenarios";
  return [
    ...phrase("at", inOrder(found.placement, placements)),
    ...phrase("over", inOrder(found.scheme, schemes)),
    ...phrase(`with the ${noun}`, scenarioIds),
  ];
}

function phrase(preposition: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`${preposition} ${listed(values)}`];
}

/** The shorter of two lists: those that are meant, or those that are not. */
function techniquesText(
  meant: readonly string[],
  known: readonly string[],
  titleOf: (id: string) => string,
): string {
  const others = known.filter((id) => !meant.includes(id));
  if (meant.length === 1 || meant.length <= others.length) return titleList(meant.map(titleOf));
  return others.length === 0
    ? "all techniques"
    : `all techniques but ${titleList(others.map(titleOf))}`;
}
