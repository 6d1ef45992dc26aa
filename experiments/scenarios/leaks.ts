import type { Scenario } from "./scenario.ts";

/**
 * A good token, and one that is refused: browsers write the URL of a socket that failed to their
 * console. What carries a token leaves it in the same places wherever the server is.
 */
export const leaks: Scenario = {
  id: "leaks",
  question: "Where does the token turn up that nobody meant to write down?",
  aspect: "leaks",
  places: "one",
  schemes: "secure",
  attempts: [
    { present: "fresh", user: "alice", singleUse: false, searched: true, expect: "accepted" },
    { present: "forged", user: "alice", singleUse: false, searched: true, expect: "refused" },
  ],
};
