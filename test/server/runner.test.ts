import assert from "node:assert/strict";
import { test } from "node:test";
import { createRunner } from "../../server/runner.ts";

test("a bundle is made once, and again only after it failed", async () => {
  let count = 0;
  const runner = createRunner(async (entry) => {
    count += 1;
    if (count === 1) throw new Error("no more processes");
    return entry;
  });
  await assert.rejects(runner("trial"), /no more processes/u);
  assert.equal(await runner("trial"), "trial");
  assert.equal(await runner("trial"), "trial");
  assert.equal(count, 2);
});
