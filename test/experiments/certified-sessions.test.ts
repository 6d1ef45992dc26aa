import assert from "node:assert/strict";
import { test } from "node:test";
import { UnsupportedError, type LaunchOptions } from "../../experiments/browsers/browser.ts";
import { runSessions } from "../../experiments/certified-sessions.ts";
import { plan } from "../../experiments/plan.ts";
import { scenarios } from "../../experiments/scenarios/index.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { startTestLab } from "../start-lab.ts";
import { runOptions } from "./run-options.ts";

const unstarted = { id: "never", name: "Never", engine: "none", os: "none" };
const chosen = techniques.filter(({ id }) => ["client-certificate", "ticket"].includes(id));

test("each certificate has a session of its own, after the ordinary one, and the run has the order of the plan", async () => {
  await using lab = await startTestLab({}, { techniques: chosen });
  const trials = plan({
    techniques: chosen.toReversed(),
    techniquesDirectory,
    scenarios: scenarios.filter(({ id }) => ["valid", "missing", "forged", "expired"].includes(id)),
    placements: ["same-host"],
    schemes: ["wss"],
    repeat: 2,
  });
  const launches: LaunchOptions["clientCertificate"][] = [];
  const done: number[] = [];
  const run = await runSessions(
    {
      id: "never",
      location: "nowhere",
      launch({ clientCertificate }) {
        launches.push(clientCertificate);
        return Promise.reject(new UnsupportedError("it never starts"));
      },
    },
    unstarted,
    {
      ...runOptions(lab, trials),
      startWalk: (some, installed) => lab.walks.start(some, "nowhere", installed),
      certified: ["client-certificate"],
      certify: (attempt) => lab.certify(attempt),
      onTrial: ({ done: count, total }) => {
        assert.equal(total, trials.length);
        done.push(count);
      },
    },
  );
  assert.deepEqual(
    launches.map((certificate) =>
      certificate === undefined || certificate === null ? certificate : "one",
    ),
    [undefined, "one", null, "one", "one"],
  );
  assert.deepEqual(
    done,
    trials.map((_, index) => index + 1),
  );
  assert.deepEqual(
    run.trials.map(({ definition }) => definition),
    trials.map(({ definition }) => definition),
  );
});
