import type { AttemptPlan, Caller, Placement } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

const attackers: readonly {
  readonly id: string;
  readonly from: Caller;
  readonly who: string;
  readonly placements?: readonly Placement[];
}[] = [
  {
    id: "sibling",
    from: "sibling-page",
    who: "a sibling subdomain",
    placements: ["same-site", "cross-site"],
  },
  { id: "other-port", from: "other-port-page", who: "another port of the host" },
];

/**
 * Somebody else stores a cookie with a token of their own, and then the user logs in and connects.
 * Then it is stored once more, and the user's page connects again with what the browser has.
 */
export const planting: readonly Scenario[] = attackers.map(({ id, from, who, placements }) => ({
  id: `plant-${id}`,
  question: `Is the user let in as who they are, after ${who} planted a token of its own?`,
  aspect: "planting",
  needs: {
    ability: "cookie",
    otherwise: "no cookie holds the credential, so that nobody else can store one",
  },
  schemes: "secure",
  ...(placements !== undefined && { placements }),
  attempts: [
    { present: "fresh", user: "mallory", singleUse: false, from, plants: true, expect: "any" },
    { present: "fresh", user: "alice", singleUse: false, expect: "accepted" },
    { present: "fresh", user: "mallory", singleUse: false, from, plants: true, expect: "any" },
    { present: "none", user: "alice", singleUse: false, expect: "any" },
  ] satisfies AttemptPlan[],
}));
