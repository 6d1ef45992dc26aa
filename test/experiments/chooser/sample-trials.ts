import { verdict } from "../../../experiments/verdict.ts";
import type { Attempt, ObservedTrial } from "../../../model/observation.ts";
import type { JudgedTrial } from "../../../model/results.ts";
import { accepted, refused } from "../report/sample-attempts.ts";
import { sampleTrial } from "../report/sample-results.ts";

/** The technique that all of these trials are of. */
export const technique = "session-cookie";

/** A trial at same-origin over wss, judged from its attempts. */
export function trial(
  scenario: string,
  attempts: readonly Attempt[],
  about: Partial<ObservedTrial> = {},
): JudgedTrial {
  const observed: ObservedTrial = {
    ...sampleTrial(technique, scenario, attempts),
    placement: "same-origin",
    scheme: "wss",
    ...about,
  };
  return { ...observed, verdict: verdict(observed) };
}

/** What it takes to say that it works. */
export const proof: readonly JudgedTrial[] = [
  trial("valid", [accepted("#1")]),
  trial("missing", [refused("none", null, "no credential")]),
  trial("rotation", [accepted("#1"), accepted("#2")]),
];

const elsewhere = { from: "cross-site-page", expect: "refused" } as const;
/** Let in with what the browser presents by itself. */
export const ambient: Attempt = { ...accepted("#1"), present: "none", given: null, expect: "any" };
/** Another site is refused for its origin; `unchecked` is what happens where nobody looks at that. */
export function hijacked(unchecked: Attempt): JudgedTrial {
  return trial(
    "hijack-cross-site",
    [
      accepted("#1"),
      ambient,
      { ...refused("none", null, "origin not allowed"), ...elsewhere },
      { ...unchecked, from: "cross-site-page", without: "origin-check", expect: "any" },
    ],
    { aspect: "hijacking" },
  );
}
