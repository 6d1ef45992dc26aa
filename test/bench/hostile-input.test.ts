import assert from "node:assert/strict";
import { test } from "node:test";
import { problemOf, type CampaignResult } from "../../bench/hostile-input/campaign.ts";
import { findingsOf, hostileInput } from "../../bench/hostile-input/hostile-input.ts";
import { growthBytes, leakBytesOverAll } from "../../bench/hostile-input/memory.ts";

const fine: CampaignResult & { readonly isControlGood: boolean } = {
  name: "a",
  cases: 10,
  answers: { 401: 3, 1008: 7 },
  inside: 0,
  letIn: 0,
  serverErrors: 0,
  leaks: 0,
  cut: 0,
  goodConnections: 2,
  goodFailures: 0,
  bytesPerCase: 1,
  failures: [],
  tookMs: 1_000,
  isControlGood: true,
};
const terms = { cases: 10, seed: 1, concurrency: 1, tookMs: 1_000 };

test("every goal is missed for a reason of its own", () => {
  const spoilt = [
    { letIn: 1 },
    { serverErrors: 1 },
    { leaks: 1 },
    { cut: 1 },
    { goodFailures: 1 },
    { isControlGood: false },
  ];
  assert.ok(findingsOf([fine], terms).goals.every(({ isMet }) => isMet));
  for (const [index, change] of spoilt.entries()) {
    const { goals } = findingsOf([fine, { ...fine, ...change }], terms);
    const missed = goals.flatMap(({ isMet }, at) => (isMet ? [] : [at]));
    assert.deepEqual(missed, [index], JSON.stringify(change));
  }
});

test("what is said of controls needs one", () => {
  const { goals } = findingsOf([{ ...fine, isControlGood: null }], terms);
  assert.deepEqual(
    goals.filter(({ isMet }) => !isMet).map(({ measured, why }) => [measured, why]),
    [["0 of 0 times", "it was never tried"]],
  );
});

test("the command that makes the cases again has their number, not that of the warm-up", () => {
  const { notes } = findingsOf([{ ...fine, cases: 5 }, fine], { ...terms, seed: 7 });
  assert.match(notes[0] ?? "", /HOSTILE_SEED=7 HOSTILE_CASES=10 node/u);
});

test("memory that grows misses a goal at one technique, and another when it grows everywhere", () => {
  const rows: [grows: readonly number[], missed: readonly number[]][] = [
    [
      [1_000, 1_000],
      [6, 7],
    ],
    [[200, -200], [6]],
    [[leakBytesOverAll + 1, leakBytesOverAll + 1], [7]],
  ];
  for (const [grows, missed] of rows) {
    const tried = grows.map((bytesPerCase) => ({ ...fine, bytesPerCase }));
    const { goals } = findingsOf(tried, terms);
    assert.deepEqual(
      goals.flatMap(({ isMet }, at) => (isMet ? [] : [at])),
      missed,
    );
  }
});

test("a leak is told from what happens once", () => {
  const rows: [bytes: (cases: number) => number, growth: number][] = [
    [(cases) => 1e6 + 100 * cases, 100],
    [(cases) => 1e6 + (cases > 1_200 ? 5e6 : 0) + cases, 1],
    [(cases) => 1e6 - (cases > 1_200 ? 5e6 : 0) + 100 * cases, 100],
  ];
  for (const [bytes, growth] of rows) {
    const looks = [0, 500, 1_000, 1_500, 2_000, 2_500];
    assert.equal(growthBytes(looks.map((cases) => ({ cases, bytes: bytes(cases) }))), growth);
  }
  assert.equal(growthBytes([{ cases: 0, bytes: 1 }]), null);
});

test("what must not happen is seen in an answer", () => {
  const rows: [heard: string, status: number, isInside: boolean, problem: string | null][] = [
    ["", 401, false, null],
    ["…Hello alice!", 101, false, "let in"],
    ["…Hello insider!", 101, true, null],
    ["Renewed.", 101, true, "let in"],
    ["", 500, false, "server error"],
    ["the secret", 401, false, "token in the answer"],
  ];
  for (const [heard, status, isInside, problem] of rows) {
    assert.equal(problemOf({ status, heard }, isInside, ["secret"]), problem);
  }
});

test("a small one is made, and reaches every goal that it has a figure for", async () => {
  const signal = new AbortController().signal;
  const made = await hostileInput.measure({ size: "small", onProgress: () => {}, signal });
  const [table] = made.tables;
  assert.ok(table);
  for (const row of table.rows) assert.equal(row.length, table.headings.length);
  for (const { claim, isMet } of made.goals) assert.ok(isMet, `${claim}\n${made.notes.join("\n")}`);
});
