import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JudgedTrial, Results } from "../../../model/results.ts";
import { countTrials, findingsOf } from "../../../experiments/report/findings.ts";
import { matrixOf } from "../../../experiments/report/matrix.ts";
import { techniquesText } from "../../../experiments/report/unsupported.ts";
import { accepted, refused } from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleTrial } from "./sample-results.ts";
import { everywhere, unsupported } from "./varied-results.ts";

const { techniques } = sampleCatalogue;
const trials = techniques.flatMap(({ id }) =>
  [
    sampleTrial(id, "valid", [accepted("#1")]),
    sampleTrial(id, "missing", [refused("none", null, "no credential")]),
  ].flatMap(everywhere),
);

/** One line for each place, technique by technique what is left, and the count of trials. */
function tell(change: (trial: JudgedTrial) => JudgedTrial): [string[], string[], number] {
  const results: Results = {
    schema: "websocket-auth-results/1",
    runs: [sampleFirefoxRun(trials.map(change))],
    trust: [],
  };
  const { fails, inconclusive } = findingsOf(matrixOf(results, sampleCatalogue));
  assert.deepEqual(fails, []);
  return [
    inconclusive.flatMap((browser) =>
      browser.unsupported.map((one) => `${techniquesText(one)}, ${one.where}: ${one.reason}`),
    ),
    inconclusive.flatMap((browser) =>
      browser.techniques.flatMap(({ findings }) =>
        findings.map(({ repetitions, where }) => `${repetitions.scenario.id} (${where})`),
      ),
    ),
    countTrials(inconclusive),
  ];
}

const isForeign = ({ placement }: JudgedTrial): boolean =>
  placement === "same-site" || placement === "cross-site";
const isCookie = ({ technique }: JudgedTrial): boolean => technique === "cookie-iframe";

describe("what a browser cannot be given", () => {
  test("is one line for all techniques and scenarios", () => {
    assert.deepEqual(
      tell((trial) => (isForeign(trial) ? unsupported(trial, "no names") : trial)),
      [["all techniques, same-site and cross-site: no names"], [], 32],
    );
  });

  test("names the techniques when they are not all", () => {
    assert.deepEqual(
      tell((trial) =>
        isForeign(trial) && isCookie(trial) ? unsupported(trial, "no frames") : trial,
      ),
      [["Cookie through an iframe, same-site and cross-site: no frames"], [], 8],
    );
  });

  test("is a line for each reason", () => {
    const [lines] = tell((trial) => (isForeign(trial) ? unsupported(trial, trial.scheme) : trial));
    assert.deepEqual(lines, [
      "all techniques, same-site and cross-site, ws: ws",
      "all techniques, same-site and cross-site, wss: wss",
    ]);
  });

  test("stays a finding when it is one scenario only", () => {
    assert.deepEqual(
      tell((trial) =>
        isCookie(trial) && trial.scenario === "missing" && trial.placement === "cross-site"
          ? unsupported(trial, "no way")
          : trial,
      ),
      [[], ["missing (cross-site only)"], 2],
    );
  });

  test("is no news of a browser that made no trial", () => {
    const [lines, findings, count] = tell((trial) => unsupported(trial, "not installed"));
    assert.deepEqual([lines, findings.length, count], [[], 8, 64]);
  });
});
