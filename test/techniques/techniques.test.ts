import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { verdict } from "../../experiments/verdict.ts";
import type { PageReport } from "../../model/lab-api.ts";
import type { ObservedTrial } from "../../model/observation.ts";
import type { Afterwards, Trial } from "../../model/trial.ts";
import type { Lab } from "../../server/lab.ts";
import { techniques } from "../../techniques/index.ts";
import { converse, open, post, present, renew } from "../client.ts";
import { provingTrials as trials } from "../all-trials.ts";
import { startLabOf } from "../start-lab.ts";
import { patient } from "./dialogue.ts";

suite("a client that presents every credential faithfully passes every scenario", () => {
  for (const trial of trials) {
    test(`${trial.technique}, ${trial.scenario}, ${trial.placement}, ${trial.scheme}`, async () => {
      await using lab = await startLabOf(trial.technique, patienceFor(trial));
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

/** A short deadline where it is waited for, and none that a busy machine could miss elsewhere. */
function patienceFor({ attempts }: Trial): Parameters<typeof startLabOf>[1] {
  return attempts.some(({ present: what }) => what === "none") ? {} : patient;
}

interface Task {
  readonly endpoint: string;
  readonly home: string;
  readonly credential: { readonly user: string; readonly token: string } | null;
  readonly afterwards: Afterwards;
  readonly renewal: Task["credential"];
}

/** What the client does when it was greeted. */
function afterGreeting(
  technique: string,
  opened: Awaited<ReturnType<typeof present>>,
  { afterwards, renewal }: Task,
): "goodbye" | (() => void) {
  if (afterwards === "goodbye") return "goodbye";
  return () => {
    if (renewal !== null) void renew(technique, opened, renewal);
  };
}

/** What a page reports that was refused before it had a socket. */
function refused(error: unknown): PageReport {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { end: "threw", events: [{ at: 0, type: "exception", name, message }] };
}

function asksForCertificate(trial: Trial): boolean {
  return techniques.find(({ id }) => id === trial.technique)?.asksForCertificate === true;
}

async function walkOneTrial(
  lab: Lab,
  trial: Trial,
  { stale = false } = {},
): Promise<ObservedTrial> {
  const [plan] = trial.attempts;
  assert.ok(plan);
  const installed = asksForCertificate(trial) ? await lab.certify(plan) : null;
  const run = lab.walks.start([trial], "nowhere", installed);
  const address = run.address(0);
  const api = new URL(`/api${address.pathname}`, address);
  let first: Task["credential"] = null;
  let report: unknown = null;
  for (;;) {
    const answer = await post(api, { report });
    assert.equal(answer.status, 200, answer.body);
    const { task }: { task?: Task } = JSON.parse(answer.body);
    if (task === undefined) break;
    first ??= task.credential;
    const credential = stale ? first : task.credential;
    const endpoint = new URL(task.endpoint);
    const home = new URL(task.home);
    report =
      credential === null
        ? await converse(open(endpoint))
        : await present(
            trial.technique,
            endpoint,
            credential,
            home,
            installed?.certificate ?? {},
          ).then(
            (opened) => converse(opened, afterGreeting(trial.technique, opened, task)),
            refused,
          );
  }
  const observed = run.observed.get(0);
  assert.ok(observed);
  return observed;
}
