import type { Scenario } from "./scenario.ts";

/** One connection with a good token. */
export const valid: Scenario = {
  id: "valid",
  question: "Is a good token accepted?",
  attempts: [{ present: "fresh", user: "alice", singleUse: false, expect: "accepted" }],
};
