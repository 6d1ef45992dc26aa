import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseResults, writeResults } from "../../../experiments/report/json.ts";
import type { Attempt } from "../../../model/observation.ts";
import type { LeftOut } from "../../../model/results.ts";
import { hostileResults } from "./hostile-results.ts";
import { accepted } from "./sample-attempts.ts";
import { sampleFirefoxRun, sampleResults, sampleTrial } from "./sample-results.ts";

describe("the results file", () => {
  test("is read as it was written", () => {
    assert.deepEqual(parseResults(writeResults(sampleResults())), sampleResults());
    assert.deepEqual(parseResults(writeResults(hostileResults())), hostileResults());
  });

  test("keeps shapes of tokens, renewals, refusals of protocols, and all that was left out", () => {
    const attempt: Attempt = {
      ...accepted("#1"),
      shape: "jwt",
      afterwards: "renew",
      renewedWith: "#2",
      events: [{ at: 1, type: "refusal", code: "ERROR", reason: "unknown token" }],
    };
    const leftOut: LeftOut[] = [
      { technique: "query-parameter", placement: "same-site", reason: "no" },
      { technique: "query-parameter", scheme: "ws", reason: "no" },
      { technique: "query-parameter", scenario: "renewal", reason: "no" },
    ];
    const run = { ...sampleFirefoxRun([sampleTrial("a", "b", [attempt])]), leftOut };
    const results = { ...sampleResults(), runs: [run] };
    assert.deepEqual(parseResults(writeResults(results)), results);
  });

  test("keeps where the time went, and needs not be told", () => {
    const none = { ms: 0, count: 0 };
    const phases = {
      launch: { ms: 1_200, count: 1 },
      preflight: none,
      navigation: none,
      lab: none,
      attempts: { ms: 34, count: 2 },
      restarts: none,
      close: none,
      other: none,
    };
    const run = sampleFirefoxRun([{ ...sampleTrial("a", "b", []), tookMs: 34 }]);
    const timed = { ...run, timing: { tookMs: 1_234, phases } };
    const results = { ...sampleResults(), runs: [timed, run] };
    assert.deepEqual(parseResults(writeResults(results)), results);
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
      name: "what was left out at a placement and over a scheme",
      from: '"leftOut":[]',
      to: '"leftOut":[{"technique":"a","placement":"same-site","scheme":"ws","reason":"no"}]',
      message: /^runs\[0\]\.leftOut\[0\]: /,
    },
    {
      name: "a shape of token that there is none of",
      from: '"singleUse":false',
      to: '"singleUse":false,"shape":"32k"',
      message: /^runs\[0\]\.trials\[0\]\.attempts\[0\]\.shape: /,
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
