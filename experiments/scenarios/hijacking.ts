import type { AttemptPlan, Caller, Placement } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

const attackers: readonly {
  readonly id: string;
  readonly from: Caller;
  readonly who: string;
  readonly placements?: readonly Placement[];
}[] = [
  { id: "cross-site", from: "cross-site-page", who: "a page of another site" },
  {
    id: "sandboxed",
    from: "cross-site-sandbox",
    who: "a sandboxed frame, whose origin is null, on another site",
  },
  {
    id: "sibling",
    from: "sibling-page",
    who: "a page on a sibling subdomain of the server",
    // Under localhost, which is no public suffix, there are no siblings.
    placements: ["same-site", "cross-site"],
  },
  { id: "other-port", from: "other-port-page", who: "a page on another port of the server's host" },
];

const nothing = { present: "none", user: "alice", singleUse: false } as const;

/**
 * The user logs in; then somebody else's page, opened in the same browser, connects without knowing any
 * secret: to the server as it is, and to one that does not look at the `Origin`. Before that, the
 * user's own page connects presenting nothing, which shows what the browser presents by itself.
 */
export const hijacking: readonly Scenario[] = attackers.map(({ id, from, who, placements }) => ({
  id: `hijack-${id}`,
  question: `Is ${who} refused, when it connects in a browser whose user is logged in?`,
  aspect: "hijacking",
  schemes: "secure",
  ...(placements !== undefined && { placements }),
  attempts: [
    { present: "fresh", user: "alice", singleUse: false, expect: "accepted" },
    { ...nothing, expect: "any" },
    { ...nothing, from, expect: "refused" },
    { ...nothing, from, without: "origin-check", expect: "any" },
  ] satisfies AttemptPlan[],
}));
