/** How much memory was in use after so many cases. */
export interface HeapSample {
  readonly cases: number;
  readonly bytes: number;
}

/**
 * More than that a case, in bytes, and something is kept of each: an object of two fields in a list takes
 * 57 in V8 14, a closure 105, an entry of a map 125.
 */
export const leakBytes = 48;

/** Fewer looks than that tell nothing. */
const minSteps = 4;

/**
 * How much memory a case leaves behind, in bytes: the median of the steps from one look to the next. A
 * leak is in every step; what V8 does once, throwing code away for example, is in one. Null: too few looks.
 */
export function growthBytes(samples: readonly HeapSample[]): number | null {
  const steps = samples.flatMap((one, index) => {
    const next = samples[index + 1];
    return next === undefined ? [] : [(next.bytes - one.bytes) / (next.cases - one.cases)];
  });
  if (steps.length < minSteps) return null;
  const sorted = steps.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
