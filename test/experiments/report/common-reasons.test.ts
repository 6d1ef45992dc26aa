import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JudgedTrial, Results } from "../../../model/results.ts";
import { countTrials, findingsOf } from "../../../experiments/report/findings.ts";
import { markdown } from "../../../experiments/report/markdown.ts";
import { matrixOf } from "../../../experiments/report/matrix.ts";
import { renderTerminal } from "../../../experiments/report/terminal.ts";
import { renderSections } from "./render-sections.ts";
import { accepted } from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleTrial } from "./sample-results.ts";

const { techniques, scenarios } = sampleCatalogue;
const reason = "the download failed (no network); apt-get install -y firefox-esr";

/** Every trial of the catalogue in one browser, each as `make` wants it. */
function resultsOf(make: (technique: string, scenario: string) => JudgedTrial): Results {
  const trials = techniques.flatMap((technique) =>
    scenarios.map((scenario) => make(technique.id, scenario.id)),
  );
  return { schema: "websocket-auth-results/1", runs: [sampleFirefoxRun(trials)], trust: [] };
}
const missing = (technique: string, scenario: string, why = reason): JudgedTrial =>
  sampleTrial(technique, scenario, [], { outcome: "unsupported", reason: why });
const passed = (technique: string, scenario: string): JudgedTrial =>
  sampleTrial(technique, scenario, [accepted("#1")]);

const absent = resultsOf((technique, scenario) => missing(technique, scenario));
const interrupted = resultsOf((technique, scenario) =>
  ["first-message", "query-parameter"].includes(technique)
    ? passed(technique, scenario)
    : missing(technique, scenario),
);

const rows = [
  {
    name: "a browser that made no trial, for one reason",
    results: absent,
    browser: "all 28 trials",
    techniques: ["all 7 scenarios", "all 7 scenarios", "all 7 scenarios", "all 7 scenarios"],
  },
  {
    name: "a browser that was interrupted",
    results: interrupted,
    browser: null,
    techniques: ["all 7 scenarios", "all 7 scenarios"],
  },
  {
    name: "repetitions count as trials, not as scenarios",
    results: {
      ...absent,
      runs: absent.runs.map((run) => ({ ...run, trials: [...run.trials, ...run.trials] })),
    },
    browser: "all 56 trials",
    techniques: ["all 7 scenarios", "all 7 scenarios", "all 7 scenarios", "all 7 scenarios"],
  },
  {
    name: "another reason for each technique",
    results: resultsOf((technique, scenario) => missing(technique, scenario, technique)),
    browser: null,
    techniques: ["all 7 scenarios", "all 7 scenarios", "all 7 scenarios", "all 7 scenarios"],
  },
  {
    name: "another reason for each scenario",
    results: resultsOf((technique, scenario) => missing(technique, scenario, scenario)),
    browser: null,
    techniques: [null, null, null, null],
  },
  {
    name: "one scenario of each technique that passed",
    results: resultsOf((technique, scenario) =>
      scenario === "valid" ? passed(technique, scenario) : missing(technique, scenario),
    ),
    browser: null,
    techniques: [null, null, null, null],
  },
  {
    name: "a single trial",
    results: {
      ...absent,
      runs: [sampleFirefoxRun([missing("first-message", "valid")])],
    },
    browser: null,
    techniques: [null],
  },
] satisfies readonly { results: Results; [key: string]: unknown }[];

describe("a common reason", () => {
  for (const { name, results, browser, techniques: expected } of rows) {
    test(`of ${name}`, () => {
      const { inconclusive } = findingsOf(matrixOf(results, sampleCatalogue));
      assert.equal(inconclusive[0]?.common?.extent ?? null, browser);
      assert.deepEqual(
        inconclusive[0]?.techniques.map(({ common }) => common?.extent ?? null),
        expected,
      );
    });
  }

  test("leaves the count of trials as it is", () => {
    assert.equal(countTrials(findingsOf(matrixOf(absent, sampleCatalogue)).inconclusive), 28);
  });
});

const renderings = [
  {
    name: "terminal",
    findings: (results: Results) =>
      renderTerminal(results, sampleCatalogue, { columns: 300, colour: false, axes: false }),
  },
  {
    name: "markdown",
    findings: (results: Results) => markdown.render(results, sampleCatalogue),
  },
  {
    name: "HTML",
    findings: (results: Results) =>
      sectionOf(renderSections(results), "inconclusive").replace(/<[^>]*>/g, ""),
  },
];

for (const { name, findings } of renderings) {
  describe(`the ${name} findings`, () => {
    test("tell what all trials of a browser have in common once", () => {
      const text = findings(absent);
      assert.match(text, /all 28 trials:\s+unsupported: the download failed/);
      assert.equal(text.split("the download failed").length, 2);
    });

    test("tell what all scenarios of a technique have in common once", () => {
      const text = findings(interrupted);
      const parts = text.split(/all 7 scenarios:\s+unsupported: the download failed/);
      assert.equal(parts.length, 3);
      assert.equal(text.split("the download failed").length, 3);
    });
  });
}

test("the HTML findings link to the evidence of each technique, also in common", () => {
  for (const results of [absent, interrupted]) {
    const section = sectionOf(renderSections(results), "inconclusive");
    assert.match(section, /href="\/firefox\/cookie-iframe"/);
    assert.match(section, /href="\/firefox\/user-information"/);
  }
});

function sectionOf(page: string, id: string): string {
  const from = page.indexOf(`<section aria-labelledby="${id}">`);
  assert.notEqual(from, -1);
  return page.slice(from, page.indexOf("</section>", from));
}
