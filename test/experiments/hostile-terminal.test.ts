import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { suite, test } from "node:test";
import { progressOn } from "../../experiments/progress.ts";
import { parseResults } from "../../experiments/report/json.ts";
import { describeSurprise, surprises } from "../../experiments/report/surprises.ts";
import { hostileTexts, hostileResults } from "./report/hostile-results.ts";

/** What repaints a terminal, or turns a line around; a line's end is fine. */
const dangerous = /[^\P{Cc}\n]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

suite("a terminal is not repainted by what others say", () => {
  test("which would be", () => {
    assert.ok(hostileTexts.some((one) => dangerous.test(one)));
  });

  test("when a run surprises", () => {
    const told = hostileResults().runs.flatMap((run) => surprises(run, []).map(describeSurprise));
    assert.ok(told.some((sentence) => sentence.includes("\\u{1b}")));
    for (const sentence of told) {
      assert.doesNotMatch(sentence, dangerous);
      assert.ok(!sentence.includes("\n"));
    }
  });

  test("when a file cannot be read", () => {
    for (const one of hostileTexts) {
      assert.throws(
        () => parseResults(one),
        (error: Error) => !dangerous.test(error.message),
        JSON.stringify(one),
      );
    }
  });

  test("while a run goes on", async () => {
    const stream = new PassThrough();
    // @ts-expect-error: as much of a terminal as a pipe has
    const progress = progressOn(stream);
    for (const one of hostileTexts) progress.note(one);
    const told = await text(stream.end());
    assert.equal(told.split("\n").length, hostileTexts.length + 1);
    assert.doesNotMatch(told, dangerous);
  });
});
