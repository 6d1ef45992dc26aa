import type { Scenario } from "./scenario.ts";

/** Four connections in a row, each with a fresh token of the same user. */
export const rotation: Scenario = {
  id: "rotation",
  question: "Does every new connection present its own new token?",
  attempts: Array.from({ length: 4 }, () => ({
    present: "fresh",
    user: "alice",
    singleUse: false,
    expect: "accepted",
  })),
};
