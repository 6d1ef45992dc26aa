import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseResults, writeResults } from "../../../experiments/report/json.ts";
import { hostileResults } from "./hostile-results.ts";
import { sampleResults } from "./sample-results.ts";

describe("the results file", () => {
  test("is read as it was written", () => {
    assert.deepEqual(parseResults(writeResults(sampleResults())), sampleResults());
    assert.deepEqual(parseResults(writeResults(hostileResults())), hostileResults());
  });

  test("has a line for each trial, and gives the same bytes when written again", () => {
    const text = writeResults(sampleResults());
    const trials = sampleResults().runs.flatMap((run) => run.trials);
    assert.equal(text.match(/^\{"technique":/gmu)?.length, trials.length);
    const again = writeResults(parseResults(text));
    assert.equal(writeResults(parseResults(again)), again);
  });

  test("has its verdicts computed anew", () => {
    const text = writeResults(sampleResults()).replaceAll('"outcome":"fail"', '"outcome":"pass"');
    assert.deepEqual(parseResults(text), sampleResults());
  });

  test("needs no verdicts", () => {
    const text = JSON.stringify(sampleResults(), (key, value: unknown) =>
      key === "verdict" ? undefined : value,
    );
    assert.deepEqual(parseResults(text), sampleResults());
  });

  const rows = [
    { name: "not JSON", from: /^/, to: "%", message: /^the results are not JSON: SyntaxError: / },
    { name: "not an object", from: /^[^]*$/, to: "[]", message: /^the results: .*object/ },
    {
      name: "another schema version",
      from: "websocket-auth-results/1",
      to: "websocket-auth-results/2",
      message:
        /^schema: this lab reads "websocket-auth-results\/1", not "websocket-auth-results\/2"$/,
    },
    {
      name: "a browser without a name",
      from: '"name":"Chromium"',
      to: '"name":""',
      message: /^runs\[0\]\.browser\.name: /,
    },
    {
      name: "a serial without its sign",
      from: '"given":"#1"',
      to: '"given":"1"',
      message: /^runs\[0\]\.trials\[0\]\.attempts\[0\]\.given: /,
    },
    {
      name: "an event of an unknown type",
      from: '"type":"open"',
      to: '"type":"opened"',
      message: /^runs\[0\]\.trials\[0\]\.attempts\[0\]\.events\[0\]\.type: /,
    },
    {
      name: "a time that is none",
      from: "2026-10-02T09:14:07.120Z",
      to: "yesterday",
      message: /^runs\[0\]\.startedAt: /,
    },
    {
      name: "many things at once",
      from: /"at":[\d.]+/g,
      to: '"at":"soon"',
      message: /^runs\[0\]\.trials\[0\].*; and \d+ more$/,
    },
  ];
  for (const { name, from, to, message } of rows) {
    test(`refuses ${name} and says where`, () => {
      const text = writeResults(sampleResults()).replace(from, to);
      assert.throws(() => parseResults(text), { name: "Error", message });
    });
  }
});
