import assert from "node:assert/strict";
import { test } from "node:test";
import {
  charactersOfAttempt,
  estimateCharacters,
  whyTooLarge,
} from "../../experiments/results-size.ts";
import { writeResults } from "../../experiments/report/json.ts";
import { readPublished } from "../../experiments/results-files.ts";

test("the size of results is estimated at what the published ones have, or somewhat more", async () => {
  for (const results of await readPublished()) {
    const trials = results.runs.flatMap((run) => run.trials);
    // What no browser was started for has no attempts, and is estimated with those that it would have had.
    const made = trials.filter(({ attempts }) => attempts.length > 0);
    const actual = writeResults(results).length;
    const estimated = estimateCharacters(made, 1);
    assert.ok(estimated >= actual, `${estimated} characters were expected of ${actual}`);
    assert.ok(estimated <= 1.5 * actual, `${estimated} characters were expected of ${actual}`);
  }
});

test("what would not fit into a results file is refused with what would", () => {
  const attempts = Array.from({ length: 4 }, () => {
    return { present: "fresh", user: "alice", singleUse: false, expect: "accepted" } as const;
  });
  const most = 2 ** 29 - 24;
  const trials = Array.from({ length: 1_000 }, () => ({ attempts }));
  const perRepeat = 3 * 4 * charactersOfAttempt;
  const fitting = Math.floor(most / (perRepeat * 1_000));
  assert.equal(whyTooLarge(trials, 3, 1), null);
  const many = Array.from({ length: fitting + 1 }, () => trials).flat();
  assert.equal(whyTooLarge(many.slice(trials.length), 3, fitting), null);
  assert.equal(
    whyTooLarge(many, 3, fitting + 1),
    `${many.length * 3} trials make a results file of about ${Math.round((many.length * perRepeat) / 1e6)} MB, and it can hold 537 MB: --repeat ${fitting} fits, or select less`,
  );
  assert.match(whyTooLarge(many, 3, 1) ?? "", /: select less, or fewer browsers$/u);
});
