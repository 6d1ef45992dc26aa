import type { JudgedTrial } from "../model/results.ts";

/** The trials that were made on both sides and of which something can be said on both: only these compare. */
export function commonTrials(
  own: readonly JudgedTrial[],
  theirs: readonly JudgedTrial[],
): readonly [own: readonly JudgedTrial[], theirs: readonly JudgedTrial[]] {
  const [here, there] = [saying(own), saying(theirs)];
  return [among(here, there), among(there, here)];
}

function saying(trials: readonly JudgedTrial[]): JudgedTrial[] {
  return trials.filter(({ verdict }) => verdict.outcome === "pass" || verdict.outcome === "fail");
}

function among(trials: readonly JudgedTrial[], others: readonly JudgedTrial[]): JudgedTrial[] {
  const known = new Set(others.map(keyOf));
  return trials.filter((trial) => known.has(keyOf(trial)));
}

function keyOf({ scenario, placement, scheme }: JudgedTrial): string {
  return `${scenario} ${placement} ${scheme}`;
}
