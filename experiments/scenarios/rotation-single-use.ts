import type { Scenario } from "./scenario.ts";

/** As rotation, with tokens that are accepted once: a stale one cannot hide behind a long life. */
export const rotationSingleUse: Scenario = {
  id: "rotation-single-use",
  question: "Does every new connection present its own new token, when each is accepted only once?",
  attempts: Array.from({ length: 4 }, () => ({
    present: "fresh",
    user: "alice",
    singleUse: true,
    expect: "accepted",
  })),
};
