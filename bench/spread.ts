/** The middle of what was measured several times. */
export interface Spread {
  readonly median: number;
  /** A quarter of the values are below. */
  readonly lower: number;
  /** A quarter of the values are above. */
  readonly upper: number;
}

/** Median and quartiles, between neighbours where they fall between. Throws when there is nothing. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    if (low === undefined || high === undefined) throw new Error("nothing was measured");
    return low + (high - low) * (place - Math.floor(place));
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}

/** The middle one, or what is half way between the two in the middle; `ofNone` where there are no values. */
export function medianOf(values: readonly number[], ofNone: number = Number.NaN): number {
  return values.length === 0 ? ofNone : spreadOf(values).median;
}
