import assert from "node:assert/strict";
import { test } from "node:test";
import type { PackedTrial } from "../../site/data.ts";
import { withTrials } from "../../site/live-runs.ts";
import { publishedData } from "./compare-data.ts";

test("a trial that the lab tells of again takes the place of the one that is known", async () => {
  const [run] = (await publishedData()).runs;
  assert.ok(run);
  const [one, two, three]: readonly PackedTrial[] = [
    [0, 0, 0, 0, 0],
    [0, 1, 0, 0, 0],
    [0, 0, 0, 0, 1, 2],
  ];
  assert.ok(one && two && three);
  const begun = { ...run, trials: [one] };
  assert.deepEqual(withTrials(begun, [two]).trials, [one, two]);
  assert.deepEqual(withTrials(begun, [two, one]).trials.length, 2);
  assert.deepEqual(withTrials(begun, [two, three]).trials, [two, three]);
  assert.deepEqual(withTrials({ ...run, trials: [] }, [one, two, three]).trials, [three, two]);
});
