import type { Results } from "../../model/results.ts";
import { placements } from "../axes.ts";
import type { Catalogue } from "./catalogue.ts";
import { inOrder } from "./display-order.ts";
import { listed } from "./variants.ts";

/** Placements that a technique was not tried at in any run, for one reason. */
export interface LeftOutLine {
  /** The technique's title. */
  readonly technique: string;
  /** "same-host and cross-site" */
  readonly where: string;
  readonly reason: string;
}

/** What was left out, once for all runs that say the same. */
export function leftOutLines({ runs }: Results, { techniques }: Catalogue): LeftOutLine[] {
  const all = runs.flatMap(({ leftOut }) => leftOut);
  const titles = new Map(techniques.map(({ id, title }) => [id, title]));
  const ids = inOrder(
    all.map(({ technique }) => technique),
    [...titles.keys()],
  );
  return ids.flatMap((id) => {
    const own = all.filter(({ technique }) => technique === id);
    return [...Map.groupBy(own, ({ reason }) => reason)].map(([reason, some]) => {
      const found = some.map(({ placement }) => placement);
      return { technique: titles.get(id) ?? id, where: listed(inOrder(found, placements)), reason };
    });
  });
}
