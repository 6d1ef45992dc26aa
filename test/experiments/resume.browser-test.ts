import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { diskFullAtTheEnd } from "../../bench/faults/disk-faults.ts";
import { makeFault } from "../../bench/faults/faults.ts";
import { interrupted, labKilled, labThrows } from "../../bench/faults/lab-faults.ts";
import { proxyKilled } from "../../bench/faults/server-faults.ts";

const timeout = 300_000;

suite("a run that is cut off goes on, and nothing measured is lost", { concurrency: 2 }, () => {
  for (const fault of [labKilled, interrupted, labThrows, diskFullAtTheEnd, proxyKilled]) {
    test(fault.title, { timeout }, async (context) => {
      const outcome = await makeFault(fault);
      if (outcome.state === "absent") return context.skip(outcome.reason);
      const { exits, trials, left, seen } = outcome;
      assert.deepEqual(exits, fault.exits, seen);
      assert.ok(trials.kept >= 3, `${trials.kept} kept`);
      assert.equal(trials.lost, 0);
      assert.equal(trials.kept + trials.made, trials.asked);
      assert.equal(left, 0);
      assert.match(seen, /going on with|to go on|nothing reaches|--resume writes it/iu);
    });
  }
});
