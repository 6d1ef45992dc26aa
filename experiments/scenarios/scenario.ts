import type { AttemptPlan } from "../../model/trial.ts";

/** Something that is tried with a technique. Data only: it is hashed, stored and sent. */
export interface Scenario {
  /** File name, flag value and column key: "rotation". */
  readonly id: string;
  /** What the trial answers, for reports. */
  readonly question: string;
  readonly attempts: readonly AttemptPlan[];
  /** What a technique has to be able to do, and why this has no meaning for those that are not. Absent: nothing. */
  readonly needs?: { readonly ability: "renews"; readonly otherwise: string };
  /**
   * "one": the answer does not depend on where the server is, so that one placement gives it, and
   * the first scheme, unless placements are asked for. Absent: it is tried everywhere.
   */
  readonly places?: "one";
}
