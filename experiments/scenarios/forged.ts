import type { Scenario } from "./scenario.ts";

/** One connection with a token of the right shape that was never issued. */
export const forged: Scenario = {
  id: "forged",
  question: "Is a forged token presented, and refused?",
  attempts: [{ present: "forged", user: "alice", singleUse: false, expect: "refused" }],
};
