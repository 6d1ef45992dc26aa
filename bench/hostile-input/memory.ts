import { medianOf } from "../spread.ts";

/** How much memory was in use after so many cases. */
export interface HeapSample {
  readonly cases: number;
  readonly bytes: number;
}

/**
 * More than that a case at one technique, in bytes, and something is kept of each. Every look is off by
 * some 150 KB, which over 5,000 cases is 30 bytes each. An entry of a map takes 125 in V8 14, and whatever
 * holds on to a request or a connection, kilobytes.
 */
export const leakBytes = 128;

/** The same over all techniques, where what looks are off by evens out. An object of two fields takes 57. */
export const leakBytesOverAll = 24;

/** Fewer looks than that tell nothing. */
const minLooks = 5;
/** A step that is so many times the usual one is no leak of each case. */
const onceFactor = 10;

/**
 * How much memory a case leaves behind, in bytes: the median of the slopes between all looks (Theil and
 * Sen). What happens once, as when V8 throws compiled code away, is taken out before. Null: too few looks.
 */
export function growthBytes(samples: readonly HeapSample[]): number | null {
  if (samples.length < minLooks) return null;
  const steps = samples
    .slice(1)
    .map(({ bytes }, index) => bytes - (samples[index]?.bytes ?? bytes));
  const usual = medianOf(steps, 0);
  const usualSize = medianOf(steps.map(Math.abs), 0);
  let once = 0;
  const smooth = samples.map(({ cases, bytes }, index) => {
    const step = steps[index - 1] ?? 0;
    if (Math.abs(step) > onceFactor * usualSize) once += step - usual;
    return { cases, bytes: bytes - once };
  });
  const slopes = smooth.flatMap((one, index) =>
    smooth.slice(index + 1).map((other) => (other.bytes - one.bytes) / (other.cases - one.cases)),
  );
  return medianOf(slopes, 0);
}
