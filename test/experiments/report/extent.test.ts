import assert from "node:assert/strict";
import { test } from "node:test";
import { extentText } from "../../../experiments/report/html/extent.ts";
import { accepted } from "./sample-attempts.ts";
import { sampleFirefoxRun, sampleTrial } from "./sample-results.ts";

test("trials about what goes wrong are part of what was measured", () => {
  const valid = sampleTrial("query-parameter", "valid", [accepted("#1")]);
  const leaks = { ...valid, scenario: "leaks", aspect: "leaks" } as const;
  assert.match(
    extentText({ runs: [sampleFirefoxRun([valid, leaks])] }),
    /^1 technique, 2 scenarios, 1 browser: 2 trials, /u,
  );
});

test("where nothing was measured, that is said", () => {
  assert.equal(extentText({ runs: [] }), "No browser was measured.");
});
