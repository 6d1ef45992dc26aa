import assert from "node:assert/strict";
import { test } from "node:test";
import { createLaboratory } from "../../site/laboratory.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";

test("a visitor, who waits, makes the trials of the proof and of hijacking", () => {
  const harness = { version: "0.0.0", revision: null, dirty: null };
  const trials = createLaboratory(techniques, techniquesDirectory, harness).plan();
  const aspects = new Set(trials.map(({ aspect = "proof" }) => aspect));
  assert.deepEqual([...aspects].toSorted(), ["hijacking", "proof"]);
  assert.deepEqual([...new Set(trials.map(({ scheme }) => scheme))], ["ws"]);
});
