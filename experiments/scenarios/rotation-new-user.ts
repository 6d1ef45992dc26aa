import type { Scenario } from "./scenario.ts";

/** As rotation, with another user each time: browsers may remember credentials by user name. */
export const rotationNewUser: Scenario = {
  id: "rotation-new-user",
  question: "Is every new connection let in as its own new user?",
  attempts: ["alice", "bob", "carol", "dave"].map((user) => ({
    present: "fresh",
    user,
    singleUse: false,
    expect: "accepted",
  })),
};
