import type { AttemptPlan } from "../../model/trial.ts";

/** Something that is tried with a technique. Data only: it is hashed, stored and sent. */
export interface Scenario {
  /** File name, flag value and column key: "rotation". */
  readonly id: string;
  /** What the trial answers, for reports. */
  readonly question: string;
  readonly attempts: readonly AttemptPlan[];
}
