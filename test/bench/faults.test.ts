import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { tmpdir } from "node:os";
import { start } from "../../bench/faults/command.ts";
import type { FaultRow } from "../../bench/faults/findings.ts";
import { findingsOf } from "../../bench/faults/findings.ts";
import { faults } from "../../bench/faults/faults.ts";
import { count, saidIn } from "../../bench/faults/trials.ts";
import type { JudgedTrial } from "../../model/results.ts";
import { sampleResults } from "../experiments/report/sample-results.ts";

const trials = { asked: 8, kept: 3, lost: 0, made: 5, without: 0 };

function row(change: Partial<Extract<FaultRow["outcome"], { state: "made" }>>): FaultRow {
  return {
    fault: { id: "a", title: "Something broken", exits: [2, 0] },
    outcome: { state: "made", seen: "error: it broke", exits: [2, 0], trials, left: 0, ...change },
  };
}

function lost(said: number, measured: JudgedTrial[], results: JudgedTrial[]): number {
  return count(2, { said, trials: measured }, results).lost;
}

suite("what a fault does decides which goals are met", () => {
  const rows = [
    ["all is well", {}, [true, true, true]],
    ["a trial was lost", { trials: { ...trials, kept: 2, lost: 1 } }, [false, true, true]],
    ["nothing had been measured", { trials: { ...trials, kept: 0, made: 8 } }, [false, true, true]],
    ["a command was overdue", { exits: ["overdue", 0] }, [true, false, true]],
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

  test("faults without trials say nothing of what is lost", () => {
    const none = { asked: 0, kept: 0, lost: 0, made: 0, without: 0 };
    const [loss] = findingsOf([row({ trials: none })]).goals;
    assert.equal(loss?.isMet, false);
    assert.match(loss.why ?? "", /no fault was made in which trials/u);
  });

  test("a fault without a command counts for what is lost alone", () => {
    const { fault, outcome } = row({ exits: [], left: 1 });
    const { goals, tables } = findingsOf([{ fault: { ...fault, exits: [] }, outcome }, row({})]);
    assert.ok(goals.every(({ isMet }) => isMet));
    assert.match(goals[0]?.measured ?? "", /in 2 faults/u);
    assert.match(goals[1]?.measured ?? "", /of 1 faults/u);
    assert.deepEqual(tables[0]?.rows[0]?.slice(-2), ["–", "–"]);
  });

  test("a fault that did not come to its end misses every goal, and says why", () => {
    const { fault } = row({});
    const failed = { state: "failed", reason: "it hung" } as const;
    const { goals } = findingsOf([row({}), { fault, outcome: failed }]);
    for (const { isMet, why } of goals) {
      assert.equal(isMet, false);
      assert.match(why ?? "", /Something broken: it hung/u);
    }
  });

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
  assert.equal(lost(1, [one], [one, other]), 0);
  assert.equal(lost(0, [one], [one, other]), 0);
  assert.equal(lost(1, [one], [{ ...one, definition: "another" }, other]), 1);
  assert.equal(lost(2, [one, other], [one]), 1);
});

test("a trial that was said to be done and was not recorded is lost, though it is made again", () => {
  const [one, other] = sampleResults().runs.flatMap((run) => run.trials);
  assert.ok(one && other);
  const lines = [
    "firefox 1/8 query-parameter, rotation: pass",
    "firefox 2/8 query-parameter, rotation: fail",
    "firefox 3/8 query-parameter, rotation: crash",
    "Query parameter  unknown 3/3",
  ];
  assert.equal(saidIn(lines), 2);
  assert.equal(count(8, { said: saidIn(lines), trials: [one] }, [one, other]).lost, 1);
});

test("a command that takes too long is killed, and so is one that nobody waits for any more", async () => {
  const stop = new AbortController();
  const around = { temporary: tmpdir(), signal: stop.signal };
  const args = ["--port", "0", "--no-tls"];
  await using late = start("server/main.ts", args, { ...around, deadlineMs: 1 });
  assert.equal((await late.ended).exit, "overdue");
  await using unwanted = start("server/main.ts", args, around);
  stop.abort();
  assert.equal((await unwanted.ended).exit, "SIGKILL");
  await using never = start("server/main.ts", args, around);
  assert.equal((await never.ended).exit, "SIGKILL");
});

test("the faults that need no browser are made, and say nothing of trials", async () => {
  const { goals, tables, notes } = await faults.measure({
    size: "small",
    onProgress: () => {},
    signal: new AbortController().signal,
  });
  assert.deepEqual(
    goals.map(({ isMet }) => isMet),
    [false, true, true],
  );
  const [table] = tables;
  assert.ok(table);
  assert.equal(table.rows.length + notes.length, 2);
  for (const cells of table.rows) assert.equal(cells.length, table.headings.length);
});
