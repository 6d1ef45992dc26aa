import type { TokenShape, Trial } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

const questions: readonly (readonly [shape: TokenShape, question: string])[] = [
  ["jwt", "Does a JSON Web Token fit?"],
  ["awkward", "Does a token with = + / : ; @ % and characters beyond ASCII fit?"],
  ["4k", "Does a token of 4 KiB fit?"],
  ["8k", "Does a token of 8 KiB fit?"],
  ["16k", "Does a token of 16 KiB fit?"],
];

/**
 * One connection each, with a good token of another shape than the opaque ones of all other
 * scenarios. What carries a token carries it anywhere, so each is tried at one place.
 */
export const tokenShapes: readonly Scenario[] = questions.map(([shape, question]) => ({
  id: `token-${shape}`,
  question,
  aspect: "token-shape",
  places: "one",
  attempts: [{ present: "fresh", user: "alice", singleUse: false, shape, expect: "accepted" }],
}));

/**
 * The shape of token that a trial is about; undefined for all other trials, which ask whether a
 * technique works. A trial that failed before its first attempt is told by its scenario.
 */
export function shapeTried({
  scenario,
  attempts,
  aspect = "token-shape",
}: Pick<Trial, "scenario" | "attempts" | "aspect">): TokenShape | undefined {
  // A shape can be used to ask something else.
  if (aspect !== "token-shape") return undefined;
  const tried = [...attempts, ...(tokenShapes.find(({ id }) => id === scenario)?.attempts ?? [])];
  return tried.flatMap(({ shape = "opaque" }) => (shape === "opaque" ? [] : [shape]))[0];
}
