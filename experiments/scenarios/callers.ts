import type { Caller } from "../../model/trial.ts";
import type { Scenario } from "./scenario.ts";

function caller(from: Caller, question: string): Scenario {
  return {
    id: `caller-${from}`,
    question,
    aspect: "callers",
    // What a caller is allowed depends on whether the server is on its site, and on nothing finer.
    placements: ["same-host", "cross-site"],
    schemes: "secure",
    attempts: [{ present: "fresh", user: "alice", singleUse: false, from, expect: "accepted" }],
  };
}

/** One connection with a good token, opened by something else than the page's own window. */
export const callers: readonly Scenario[] = [
  caller("frame", "Can a frame of the page's own origin connect?"),
  caller("sandboxed-frame", "Can a sandboxed frame, whose origin is null, connect?"),
  caller("dedicated-worker", "Can a dedicated worker connect?"),
  caller("shared-worker", "Can a shared worker connect?"),
  caller("service-worker", "Can a service worker connect?"),
];
