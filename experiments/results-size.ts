import { constants } from "node:buffer";
import type { Trial } from "../model/trial.ts";

/**
 * What an attempt takes up in a results file, in characters, with its share of its trial: as the published
 * runs have it, rounded up. A test compares.
 */
export const charactersOfAttempt = 1_200;

/** A results file is one string, and nothing longer can be one: half a gibibyte, as Node says. */
const mostCharacters = constants.MAX_STRING_LENGTH;

/** How long the results of these trials will be, made once in each of so many browsers, in characters. */
export function estimateCharacters(
  trials: readonly Pick<Trial, "attempts">[],
  browsers: number,
): number {
  const attempts = trials.reduce((sum, trial) => sum + trial.attempts.length, 0);
  return attempts * browsers * charactersOfAttempt;
}

/**
 * Why what these trials show would not fit into a results file, and what fits; null: it does. To be
 * asked before measuring, for after it all would be lost. `repeat` is how often each is among them.
 */
export function whyTooLarge(
  trials: readonly Pick<Trial, "attempts">[],
  browsers: number,
  repeat: number,
): string | null {
  const expected = estimateCharacters(trials, browsers);
  if (expected <= mostCharacters) return null;
  const fitting = Math.floor((mostCharacters / expected) * repeat);
  const advice =
    fitting > 1 ? `--repeat ${fitting} fits, or select less` : "select less, or fewer browsers";
  return `${trials.length * browsers} trials make a results file of about ${megabytes(expected)}, and it can hold ${megabytes(mostCharacters)}: ${advice}`;
}

function megabytes(characters: number): string {
  return `${Math.round(characters / 1e6)} MB`;
}
