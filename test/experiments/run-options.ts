import assert from "node:assert/strict";
import type { RunOptions } from "../../experiments/run-browser.ts";
import type { Trial } from "../../model/trial.ts";
import type { Lab } from "../../server/lab.ts";
import { testAuthority } from "../authority.ts";

/** What a run in a test needs: the default profile, any certificate, a problem is a failure. */
export function runOptions(lab: Lab, trials: readonly Trial[]): RunOptions {
  return {
    trials,
    leftOut: [],
    startWalk: (walk) => lab.walks.start(walk, "nowhere"),
    harness: { version: "test", revision: null, dirty: null },
    headless: true,
    profile: "default",
    certificates: "accept-any",
    authority: testAuthority.authority,
    through: null,
    launchTimeoutMs: 60_000,
    patienceMs: 30_000,
    signal: new AbortController().signal,
    onTrial: () => {},
    onProblem: (sentence) => assert.fail(sentence),
  };
}
