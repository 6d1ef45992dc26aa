import type { AttemptPlan, Caller } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

const callers: readonly { readonly id: string; readonly from: Caller; readonly where: string }[] = [
  { id: "tab", from: "tab", where: "another tab" },
  { id: "frame", from: "cross-site-frame", where: "a frame of another site in the page" },
  { id: "restart", from: "restarted", where: "the page after a restart of the browser" },
];

/** After a good connection another one, which presents nothing by itself. From the same page: see hijacking. */
export const ambience: readonly Scenario[] = callers.map(({ id, from, where }) => ({
  id: `ambient-${id}`,
  question: `Who is let in from ${where} with nothing in hand, after a good connection?`,
  aspect: "ambience",
  schemes: "secure",
  // A restart takes seconds, and the other tab is no other place than the first.
  ...((from === "restarted" || from === "tab") && { places: "one" as const }),
  attempts: [
    { present: "fresh", user: "alice", singleUse: false, expect: "accepted" },
    { present: "none", user: "alice", singleUse: false, from, expect: "any" },
  ] satisfies AttemptPlan[],
}));
