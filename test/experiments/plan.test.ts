import assert from "node:assert/strict";
import { test } from "node:test";
import { placements, schemes } from "../../experiments/axes.ts";
import { leftOut, plan } from "../../experiments/plan.ts";
import { scenarios } from "../../experiments/scenarios/index.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { allTrials } from "../all-trials.ts";

const selection = { techniques, techniquesDirectory, scenarios, placements, schemes, repeat: 1 };

test("every technique meets every scenario at every placement that makes sense, over every scheme, once", () => {
  const keys = allTrials.map(({ technique, scenario, placement, scheme }) =>
    [technique, scenario, placement, scheme].join(),
  );
  const places = techniques.flatMap(({ leavesOut = {} }) =>
    placements.filter((placement) => leavesOut[placement] === undefined),
  );
  const count = places.length * scenarios.length * schemes.length;
  assert.equal(new Set(keys).size, count);
  assert.equal(keys.length, count);
});

test("a definition is one trial's alone, and stays the same", () => {
  assert.equal(new Set(allTrials.map(({ definition }) => definition)).size, allTrials.length);
  assert.deepEqual(plan(selection), allTrials);
});

test("a placement that a technique leaves out is not tried, and is listed with the reason", () => {
  const reason = "the page's session is another host's";
  const [first] = techniques;
  assert.ok(first !== undefined);
  const choosy = { ...first, leavesOut: { "cross-site": reason } };
  const chosen = { ...selection, techniques: [choosy] };
  const tried = plan(chosen).filter(({ technique }) => technique === first.id);
  assert.deepEqual(
    [...new Set(tried.map(({ placement }) => placement))],
    ["same-origin", "same-host", "same-site"],
  );
  assert.deepEqual(leftOut(chosen), [{ technique: first.id, placement: "cross-site", reason }]);
  assert.deepEqual(leftOut({ ...chosen, placements: ["same-site"] }), []);
});
