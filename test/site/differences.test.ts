import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultView } from "../../site/compare-view.ts";
import { createComparison } from "../../site/comparison.ts";
import { outcomeCodes, type PackedTrial, type SiteRun } from "../../site/data.ts";
import { publishedData } from "./compare-data.ts";

const data = await publishedData();
const [published] = data.runs;
assert.ok(published);
const isProof = ([, scenario]: PackedTrial): boolean => data.scenarios[scenario]?.aspect === null;

/** The techniques that are said to differ between a published run and a visit that made these trials. */
function differing(trials: readonly PackedTrial[], scenario: readonly string[] = []): string[] {
  assert.ok(published);
  const visit: SiteRun = { ...published, key: "visit-1", source: "visit", trials };
  const comparison = createComparison({ ...data, runs: [published, visit] });
  const view = { ...defaultView, onlyDifferences: true, scenario };
  return comparison.matrix(view).rows.map(({ technique }) => technique.id);
}

describe("only where browsers differ", () => {
  const overWs = published.trials.filter(([, , , scheme]) => data.schemes[scheme] === "ws");

  test("shows nothing of a browser that was measured again, in fewer trials", () => {
    assert.ok(overWs.length < published.trials.length);
    assert.deepEqual(differing(overWs), []);
    assert.deepEqual(differing(overWs.filter(isProof)), []);
  });

  test("shows nothing of it when something else than the proof is asked", () => {
    const scenario = data.scenarios
      .filter(({ aspect }, index) => aspect !== null && overWs.some((trial) => trial[1] === index))
      .map(({ id }) => id);
    assert.ok(scenario.length > 1);
    assert.deepEqual(differing(overWs, scenario), []);
  });

  test("shows the technique of which one common trial came out otherwise", () => {
    const pass = outcomeCodes.indexOf("pass");
    const place = overWs.findIndex((trial) => isProof(trial) && trial[4] === pass);
    const [technique = -1, scenario = -1, ...where] = overWs[place] ?? [];
    const failed: PackedTrial = [
      technique,
      scenario,
      where[0] ?? -1,
      where[1] ?? -1,
      outcomeCodes.indexOf("let-in"),
      0,
    ];
    const trials = overWs.with(place, failed);
    const { id = "" } = data.techniques[technique] ?? {};
    assert.deepEqual(differing(trials), [id]);
    assert.deepEqual(differing(trials, [data.scenarios[scenario]?.id ?? ""]), [id]);
  });
});
