import type { Scenario } from "./scenario.ts";

/** One connection that presents nothing. */
export const missing: Scenario = {
  id: "missing",
  question: "Is a connection without a credential refused?",
  attempts: [{ present: "none", user: "alice", singleUse: false, expect: "refused" }],
};
