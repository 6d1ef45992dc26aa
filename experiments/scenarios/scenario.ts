import type { Aspect, AttemptPlan, Placement } from "../../model/trial.ts";

/** Something that is tried with a technique. Data only: it is hashed, stored and sent. */
export interface Scenario {
  /** File name, flag value and column key: "rotation". */
  readonly id: string;
  /** What the trial answers, for reports. */
  readonly question: string;
  readonly attempts: readonly AttemptPlan[];
  /** What a technique has to be able to do, and why this has no meaning for those that are not. Absent: nothing. */
  readonly needs?: {
    readonly ability: "renews" | "logsOut" | "cookie";
    readonly otherwise: string;
  };
  /** The techniques that it is tried with, by id, and why not with the others. Absent: with all. */
  readonly techniques?: { readonly ids: readonly string[]; readonly otherwise: string };
  /** What it is about; absent: the proof that a technique works. */
  readonly aspect?: Aspect;
  /** Where it has a meaning; absent: at every placement. */
  readonly placements?: readonly Placement[];
  /** "secure": over TLS where that is selected, else at the first scheme. Absent: at every scheme. */
  readonly schemes?: "secure";
  /**
   * "one": the answer does not depend on where the server is, so that one placement gives it, and
   * the first scheme, unless placements are asked for. Absent: it is tried everywhere.
   */
  readonly places?: "one";
}
