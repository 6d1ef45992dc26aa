import type { FeatureObservation } from "../../model/features.ts";
import type { Results, Run } from "../../model/results.ts";
import { inOrder } from "./display-order.ts";
import { type FeatureEntry, featureEntries } from "./features.ts";

/** Whether one browser has one feature. */
export interface FeatureCell {
  readonly answer: "yes" | "no" | "unknown";
  /** What the page saw. */
  readonly detail: string;
}

/** One feature in all browsers. */
export interface FeatureRow {
  readonly id: string;
  /** Null for a feature that nobody has explained. */
  readonly entry: FeatureEntry | null;
  readonly cells: readonly FeatureCell[];
}

/** What might replace all this, against browsers. */
export interface FeatureTable {
  readonly browsers: readonly { readonly name: string; readonly version: string | null }[];
  readonly rows: readonly FeatureRow[];
}

/** Arranges what the first pages found out, with the default profile; null when nobody looked. */
export function featureTable({ runs }: Pick<Results, "runs">): FeatureTable | null {
  const asked = runs.filter(({ profile }) => profile.name === "default");
  const ids = inOrder(
    asked.flatMap(({ features }) => features.map(({ id }) => id)),
    featureEntries.map(({ id }) => id),
  );
  if (ids.length === 0) return null;
  const browsers = [...Map.groupBy(asked, keyOf).values()].flatMap((own) => {
    const run = own.find(({ features }) => features.length > 0) ?? own[0];
    return run === undefined ? [] : [run];
  });
  return {
    browsers: browsers.map(({ browser: { name, version } }) => ({ name, version })),
    rows: ids.map((id) => ({
      id,
      entry: featureEntries.find((entry) => entry.id === id) ?? null,
      cells: browsers.map(({ features }) => cellOf(features.find((one) => one.id === id))),
    })),
  };
}

function keyOf({ browser: { id, name, version } }: Run): string {
  return JSON.stringify([id, name, version]);
}

function cellOf(observation: FeatureObservation | undefined): FeatureCell {
  if (observation === undefined) return { answer: "unknown", detail: "not asked" };
  const { supported, detail } = observation;
  return { answer: supported ? "yes" : "no", detail };
}
