import assert from "node:assert/strict";
import { test } from "node:test";
import { trustFinding } from "../../../experiments/trust/finding.ts";
import type { Attempt, PageEvent, TrialFailure } from "../../../model/observation.ts";
import type { TrustObservation } from "../../../model/results.ts";
import { accepted, refused } from "../report/sample-attempts.ts";
import { sampleFirefoxRun, sampleTrial } from "../report/sample-results.ts";

const error: PageEvent = { at: 3, type: "error" };
const close = (code: number, at = 4): PageEvent => {
  return { at, type: "close", code, reason: "", wasClean: false };
};

/** A good token whose connection the page saw end like this, and which no server saw. */
function failed(...events: PageEvent[]): Attempt {
  return { ...accepted("#1"), events, evidence: [] };
}

function observation(attempts: Attempt[], failure: TrialFailure | null = null): TrustObservation {
  const { browser, profile, dialogs } = sampleFirefoxRun([]);
  const { verdict: _, ...trial } = sampleTrial("query-parameter", "untrusted", attempts, failure);
  return { condition: "untrusted", browser, profile, dialogs, trial };
}

const refusedToken = { ...refused("forged", "#2", "unknown token"), events: [error, close(1006)] };
const reference = observation([accepted("#1"), refusedToken]);

const rows = [
  {
    name: "a good token that is let in connects, and there is nothing to tell apart",
    of: observation([accepted("#1"), refusedToken]),
    expected: { connected: true, distinguishable: null },
  },
  {
    name: "a failure with the events of a refused token cannot be told from one, whatever the times",
    of: observation([failed({ ...error, at: 300 }, close(1006, 301)), refusedToken]),
    expected: {
      connected: false,
      saw: "error, close 1006",
      took: "in under 1 s",
      distinguishable: false,
    },
  },
  {
    name: "a failure with another close code can be told from a refused token",
    of: observation([failed(error, close(1015)), refusedToken]),
    expected: { connected: false, saw: "error, close 1015", distinguishable: true },
  },
  {
    name: "an exception can be told from a refused token",
    of: observation([
      {
        ...failed({ at: 0, type: "exception", name: "SecurityError", message: "mixed content" }),
        end: "threw",
      },
      refusedToken,
    ]),
    expected: {
      connected: false,
      saw: "SecurityError",
      took: "in under 10 ms",
      distinguishable: true,
    },
  },
  {
    name: "a refusal in the words of a protocol is told in them",
    of: observation([
      failed({ at: 3, type: "refusal", code: "ERROR", reason: "unknown token" }, close(1000)),
      refusedToken,
    ]),
    expected: { saw: "refusal ERROR: unknown token, close 1000", distinguishable: true },
  },
  {
    name: "an open socket that a server did not let in is no connection",
    of: observation([{ ...accepted("#1"), evidence: [] }, refusedToken]),
    expected: { connected: false },
  },
  {
    name: "a failure of the trial is what it is",
    of: observation([], { outcome: "unsupported", reason: "there is no certutil" }),
    expected: { outcome: "unsupported", reason: "there is no certutil" },
  },
  {
    name: "a failure that never closes can be told from a refused token, by who waits",
    of: observation([{ ...failed(error), end: "timeout" }, refusedToken]),
    expected: {
      connected: false,
      saw: "error, and no close",
      took: "within the page's patience",
      distinguishable: true,
    },
  },
] as const;

for (const { name, of, expected } of rows) {
  test(name, () => assert.partialDeepStrictEqual(trustFinding(of, reference), expected));
}

test("without a reference nobody can say what a refused token looks like", () => {
  const finding = trustFinding(observation([failed(error, close(1006)), refusedToken]), undefined);
  assert.partialDeepStrictEqual(finding, { connected: false, distinguishable: null });
});
