import { type Column, columnsOf } from "../../experiments/report/columns.ts";
import type { SiteData, SiteRun } from "../data.ts";

/** What runs are called, so that no two are called the same. */
export interface RunNames {
  /** "Firefox 153.7.0 (profile private)" */
  of(run: SiteRun): string;
  /** "Firefox": without the version, where that tells no two runs apart. */
  short(run: SiteRun): string;
}

const known = new WeakMap<SiteData, RunNames>();

/** Names the runs of a site as reports do. */
export function runNames(data: SiteData): RunNames {
  const names = known.get(data) ?? makeNames(data);
  known.set(data, names);
  return names;
}

function makeNames({ runs }: SiteData): RunNames {
  const bare = runs.map((run) => ({ ...run, trials: [] }));
  const { columns, folded } = columnsOf({ runs: bare });
  const all: readonly Column[] = [...columns, ...folded];
  const labels = new Map(
    runs.map((run, index) => [run.key, all.find((column) => column.run === bare[index])?.label]),
  );
  const of = (run: SiteRun): string => labels.get(run.key) ?? run.key;
  const short = (run: SiteRun): string => {
    const { browser, profile } = run;
    const namesakes = runs.filter(
      (other) => other.browser.name === browser.name && other.profile.name === profile.name,
    );
    return namesakes.length > 1 ? of(run) : browser.name;
  };
  return { of, short };
}
