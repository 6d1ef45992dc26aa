import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { joinTimings, Stopwatch } from "../../server/stopwatch.ts";

suite("the stopwatch of a walk", () => {
  test("every millisecond is in one phase, and all of them are the whole", () => {
    let now = 1_000;
    const stopwatch = new Stopwatch(() => now);
    const spend = (ms: number): void => void (now += ms);
    spend(3);
    stopwatch.enter("launch");
    spend(200);
    stopwatch.enter("navigation");
    spend(50);
    stopwatch.enter("lab");
    spend(1.4);
    stopwatch.enter("attempts");
    spend(20);
    stopwatch.enter("lab");
    spend(1.4);
    stopwatch.enter("close");
    spend(10);
    const { tookMs, phases } = stopwatch.read();
    assert.deepEqual(phases, {
      launch: { ms: 200, count: 1 },
      preflight: { ms: 0, count: 0 },
      navigation: { ms: 50, count: 1 },
      lab: { ms: 3, count: 2 },
      attempts: { ms: 20, count: 1 },
      restarts: { ms: 0, count: 0 },
      close: { ms: 10, count: 1 },
      other: { ms: 3, count: 0 },
    });
    assert.equal(tookMs, 286);
  });

  test("a trial's lap leaves out what is the browser's", () => {
    let now = 0;
    const stopwatch = new Stopwatch(() => now);
    for (const phase of ["navigation", "lab", "attempts", "lab", "restarts"] as const) {
      stopwatch.enter(phase);
      now += 10;
    }
    assert.equal(stopwatch.lap(), 50);
    for (const phase of ["close", "other", "launch", "preflight", "navigation"] as const) {
      stopwatch.enter(phase);
      now += 7;
    }
    assert.equal(stopwatch.lap(), 7);
    assert.equal(stopwatch.lap(), 0);
  });

  test("what lies between joined runs is in none of their phases", () => {
    let now = 0;
    const first = new Stopwatch(() => now);
    first.enter("launch");
    now += 30;
    const one = first.read();
    const second = new Stopwatch(() => now);
    second.enter("launch");
    now += 40;
    const { tookMs, phases } = joinTimings([one, second.read()], 100);
    assert.deepEqual(phases.launch, { ms: 70, count: 2 });
    assert.deepEqual(phases.other, { ms: 30, count: 0 });
    assert.equal(tookMs, 100);
  });
});
