import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { verdict } from "../../experiments/verdict.ts";
import { techniques } from "../../techniques/index.ts";
import { provingTrials as trials } from "../all-trials.ts";
import { startLabOf } from "../start-lab.ts";
import { patient } from "./dialogue.ts";
import { walkOneTrial } from "./walk-one-trial.ts";

suite("a client that presents every credential faithfully passes every scenario", () => {
  for (const trial of trials) {
    test(`${trial.technique}, ${trial.scenario}, ${trial.placement}, ${trial.scheme}`, async () => {
      await using lab = await startLabOf(trial.technique, patient);
      const observed = await walkOneTrial(lab, trial);
      assert.equal(observed.failure, null);
      assert.equal(observed.attempts.length, trial.attempts.length);
      const { outcome, reason } = verdict(observed);
      assert.equal(outcome, "pass", reason);
    });
  }
});

suite("a client that presents its first token for ever is found out", () => {
  for (const { id, leavesOut } of techniques) {
    if (leavesOut?.["rotation"] !== undefined) continue;
    test(id, async () => {
      await using lab = await startLabOf(id, patient);
      const trial = trials.find(
        ({ technique, scenario }) => technique === id && scenario === "rotation",
      );
      assert.ok(trial);
      const observed = await walkOneTrial(lab, trial, { stale: true });
      const found = verdict(observed);
      assert.equal(found.outcome, "fail");
      assert.equal(
        found.reason,
        "attempt 2 presented the token of attempt 1 instead of its own, and was let in as alice",
      );
    });
  }
});
