import type { Scenario } from "./scenario.ts";

/** One connection with a token that ran out on the server's own clock before it was handed over. */
export const expired: Scenario = {
  id: "expired",
  question: "Is an expired token presented, and refused?",
  attempts: [{ present: "expired", user: "alice", singleUse: false, expect: "refused" }],
};
