import type { ChooserTable } from "../experiments/chooser/table.ts";
import { fromPool, type Pool, toPool } from "./pool.ts";

/** What `data/choices.js` holds; null: there are no published results. */
export type ChoicesData = Pool | null;

/** Packs what techniques are chosen by: a twentieth of its size, because browsers and techniques have most of it in common. */
export function packChoices(table: ChooserTable | null): ChoicesData {
  return table === null ? null : toPool(table);
}

/** Unpacks it again. */
export function unpackChoices(data: ChoicesData): ChooserTable | null {
  // Our own build packed it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return data === null ? null : (fromPool(data) as unknown as ChooserTable);
}
