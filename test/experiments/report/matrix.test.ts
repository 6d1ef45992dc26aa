import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Results, Run } from "../../../model/results.ts";
import { columnsOf } from "../../../experiments/report/columns.ts";
import { countTrials, findingsOf } from "../../../experiments/report/findings.ts";
import { matrixOf } from "../../../experiments/report/matrix.ts";
import { accepted, acceptedWith, refused, refusedWith } from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleResults, sampleTrial } from "./sample-results.ts";

const resultsOf = (...runs: Run[]): Results => ({
  schema: "websocket-auth-results/1",
  runs,
  trust: [],
});
const stale = [accepted("#1"), acceptedWith("#1", "#2")];
const refusedStale = [accepted("#1"), refusedWith("#1", "#2", "used before")];
const fresh = [accepted("#1"), accepted("#2")];

describe("matrix", () => {
  test("has a row for each technique and a column for each browser", () => {
    const matrix = matrixOf(sampleResults(), sampleCatalogue);
    const words = matrix.rows.map(({ technique, cells }) => [
      technique.title,
      ...cells.map(({ summary: { word, passed, total } }) => `${word} ${passed}/${total}`),
    ]);
    assert.deepEqual(
      matrix.columns.map(({ label }) => label),
      ["Chromium 156.0.7204.92", "Firefox 153.7.0", "WebKitGTK MiniBrowser 2.50.4"],
    );
    assert.deepEqual(words, [
      ["First message", "works 7/7", "works 7/7", "works 7/7"],
      ["Query parameter", "works 7/7", "works 7/7", "works 7/7"],
      ["Cookie through an iframe", "works 7/7", "works 7/7", "unknown 6/7"],
      ["User information", "partly 5/7", "unsafe 5/7", "broken 1/7"],
    ]);
  });

  test("keeps the order of the catalogue, whatever the order of the trials", () => {
    const trials = ["rotation", "expired", "valid"].flatMap((scenario) =>
      ["user-information", "new-one", "first-message"].map((technique) =>
        sampleTrial(technique, scenario, fresh),
      ),
    );
    const { rows } = matrixOf(resultsOf(sampleFirefoxRun(trials)), sampleCatalogue);
    assert.deepEqual(
      rows.map(({ technique }) => technique.title),
      ["First message", "User information", "new-one"],
    );
    assert.deepEqual(
      rows[0]?.cells[0]?.repetitions.map(({ scenario }) => scenario.id),
      ["valid", "expired", "rotation"],
    );
  });

  test("takes a technique that leaves rotation out for what it can show", () => {
    const trials = [
      sampleTrial("first-message", "valid", [accepted("#1")]),
      sampleTrial("first-message", "missing", [refused("none", null, "no credential")]),
    ];
    const reason = "there is nothing to rotate";
    const leftOut = [{ technique: "first-message", scenario: "rotation", reason }];
    const words = [sampleFirefoxRun(trials), { ...sampleFirefoxRun(trials), leftOut }].map(
      (run) => matrixOf(resultsOf(run), sampleCatalogue).rows[0]?.cells[0]?.summary.word,
    );
    assert.deepEqual(words, ["unknown", "works"]);
  });

  test("says of a technique that a browser did not try that it was not tried", () => {
    const matrix = matrixOf(
      resultsOf(
        sampleFirefoxRun([sampleTrial("first-message", "valid", fresh)]),
        sampleFirefoxRun([]),
      ),
      sampleCatalogue,
    );
    assert.equal(matrix.rows[0]?.cells[1]?.summary.total, 0);
  });
});

describe("columns", () => {
  const run = sampleFirefoxRun([]);
  const rows = [
    {
      name: "one run needs no note",
      runs: [run],
      labels: ["Firefox 153.7.0"],
    },
    {
      name: "another version is note enough",
      runs: [run, { ...run, browser: { ...run.browser, version: "140.0" } }],
      labels: ["Firefox 153.7.0", "Firefox 140.0"],
    },
    {
      name: "the window tells two runs apart",
      runs: [run, { ...run, profile: { ...run.profile, headless: false } }],
      labels: ["Firefox 153.7.0 (headless)", "Firefox 153.7.0 (headful)"],
    },
    {
      name: "the time tells two runs apart",
      runs: [run, { ...run, startedAt: "2026-10-03T10:00:00.000Z" }],
      labels: ["Firefox 153.7.0 (2026-10-02 09:14)", "Firefox 153.7.0 (2026-10-03 10:00)"],
    },
    {
      name: "two runs that differ in nothing are counted",
      runs: [run, { ...run }],
      labels: ["Firefox 153.7.0 (run 1)", "Firefox 153.7.0 (run 2)"],
    },
    {
      name: "an unknown version is left out",
      runs: [{ ...run, browser: { ...run.browser, version: null } }],
      labels: ["Firefox"],
    },
  ];
  for (const { name, runs, labels } of rows) {
    test(name, () => {
      assert.deepEqual(
        columnsOf(resultsOf(...runs)).columns.map(({ label }) => label),
        labels,
      );
    });
  }
});

describe("findings", () => {
  test("are grouped by browser, technique and scenario", () => {
    const { fails, inconclusive } = findingsOf(matrixOf(sampleResults(), sampleCatalogue));
    const scenarios = fails.map(({ column, techniques }) => [
      column.name,
      techniques.map(({ technique, findings }) => [
        technique.id,
        ...findings.map(({ repetitions }) => repetitions.scenario.id),
      ]),
    ]);
    assert.deepEqual(scenarios.slice(0, 2), [
      ["Chromium", [["user-information", "rotation", "rotation-single-use"]]],
      ["Firefox", [["user-information", "expired", "rotation"]]],
    ]);
    assert.equal(countTrials(fails), 10);
    assert.equal(countTrials(inconclusive), 1);
    assert.equal(
      inconclusive[0]?.techniques[0]?.findings[0]?.reasons[0]?.reason,
      "WebKitGTK MiniBrowser stopped answering",
    );
  });

  test("merge the same reason of repeated trials and count it", () => {
    const trials = [stale, refusedStale, stale].map((attempts) =>
      sampleTrial("user-information", "rotation", attempts),
    );
    const { fails } = findingsOf(matrixOf(resultsOf(sampleFirefoxRun(trials)), sampleCatalogue));
    const [finding] = fails[0]?.techniques[0]?.findings ?? [];
    assert.deepEqual(
      finding?.reasons.map(({ count }) => count),
      [2, 1],
    );
    assert.equal(finding?.repetitions.unstable, null);
    assert.equal(countTrials(fails), 3);
  });

  test("say so when repetitions disagree", () => {
    const trials = [stale, fresh, fresh, stale, fresh].map((attempts) =>
      sampleTrial("user-information", "rotation", attempts),
    );
    const { fails } = findingsOf(matrixOf(resultsOf(sampleFirefoxRun(trials)), sampleCatalogue));
    const [finding] = fails[0]?.techniques[0]?.findings ?? [];
    assert.equal(finding?.repetitions.unstable, "unstable: 3 pass, 2 fail");
  });
});
