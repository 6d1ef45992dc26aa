import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { FaultRow } from "../../bench/faults/findings.ts";
import { findingsOf } from "../../bench/faults/findings.ts";
import { faults } from "../../bench/faults/faults.ts";
import { count } from "../../bench/faults/trials.ts";
import { sampleResults } from "../experiments/report/sample-results.ts";

const trials = { asked: 8, kept: 3, lost: 0, made: 5, without: 0 };

function row(change: Partial<Extract<FaultRow["outcome"], { state: "made" }>>): FaultRow {
  return {
    fault: { id: "a", title: "Something broken", exits: [2, 0] },
    outcome: { state: "made", seen: "error: it broke", exits: [2, 0], trials, left: 0, ...change },
  };
}

suite("what a fault does decides which goals are met", () => {
  const rows = [
    ["all is well", {}, [true, true, true]],
    ["a trial was lost", { trials: { ...trials, kept: 2, lost: 1 } }, [false, true, true]],
    ["another exit code", { exits: [0, 0] }, [true, false, true]],
    ["one command less", { exits: [2] }, [true, false, true]],
    ["a browser was left", { left: 1 }, [true, true, false]],
  ] as const;
  for (const [name, change, met] of rows) {
    test(name, () => {
      const { goals } = findingsOf([row({}), row(change)]);
      assert.deepEqual(
        goals.map(({ isMet }) => isMet),
        met,
      );
      for (const { isMet, why } of goals) assert.equal(why === null, isMet);
    });
  }

  test("a fault that cannot be made is no success, and is told", () => {
    const { fault } = row({});
    const outcome = { state: "absent", reason: "there is no nginx" } as const;
    const { goals, tables, notes } = findingsOf([{ fault, outcome }]);
    assert.ok(goals.every(({ isMet }) => !isMet));
    assert.deepEqual(tables[0]?.rows, []);
    assert.deepEqual(notes, ["Not made here: Something broken: there is no nginx."]);
  });
});

test("a trial is kept when it is in the results unchanged, and lost when it was measured again", () => {
  const [one, other] = sampleResults().runs.flatMap((run) => run.trials);
  assert.ok(one && other);
  assert.equal(count(2, [one], [one, other]).lost, 0);
  assert.equal(count(2, [one], [{ ...one, definition: "another" }, other]).lost, 1);
  assert.equal(count(2, [one, other], [one]).lost, 1);
});

test("the faults that need no browser are made, and every goal is met", async () => {
  const { goals, tables, notes } = await faults.measure({
    size: "small",
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  assert.deepEqual(
    goals.filter(({ isMet }) => !isMet),
    [],
  );
  const [table] = tables;
  assert.ok(table);
  assert.equal(table.rows.length + notes.length, 2);
  for (const cells of table.rows) assert.equal(cells.length, table.headings.length);
});
