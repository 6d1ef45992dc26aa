import type { PackedTrial, SiteData, SiteRun } from "./data.ts";

/**
 * What `data/site.js` holds: trials by what they have at the same place, "0,0,1,…", because that
 * compresses to a sixth.
 */
export interface PackedSite extends Omit<SiteData, "runs"> {
  readonly runs: readonly (Omit<SiteRun, "trials"> & { readonly columns: readonly string[] })[];
}

const places = [0, 1, 2, 3, 4, 5] as const;

/** Packs all that the pages know but for the evidence. */
export function packSite({ runs, ...rest }: SiteData): PackedSite {
  return {
    ...rest,
    runs: runs.map(({ trials, ...run }) => ({
      ...run,
      columns: places.map((place) => trials.map((trial) => trial[place] ?? "").join(",")),
    })),
  };
}

/** Unpacks it again. */
export function unpackSite({ runs, ...rest }: PackedSite): SiteData {
  return {
    ...rest,
    runs: runs.map(({ columns, ...run }) => ({ ...run, trials: trialsOf(columns) })),
  };
}

function trialsOf(columns: readonly string[]): PackedTrial[] {
  const [techniques = [], ...others] = columns.map((column) =>
    column === "" ? [] : column.split(","),
  );
  return techniques.map((technique, index): PackedTrial => {
    const [scenario = 0, placement = 0, scheme = 0, outcome = 0] = others.map((column) =>
      Number(column[index]),
    );
    const attempt = others[4]?.[index] ?? "";
    const trial = [Number(technique), scenario, placement, scheme, outcome] as const;
    return attempt === "" ? trial : [...trial, Number(attempt)];
  });
}
