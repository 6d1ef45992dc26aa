import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { describeSurprise, surprises } from "../../experiments/report/surprises.ts";
import { readPublished } from "../../experiments/results-files.ts";
import { runBrowser } from "../../experiments/run-browser.ts";
import type { JudgedTrial } from "../../model/results.ts";
import type { Placement } from "../../model/trial.ts";
import { allTrials } from "../all-trials.ts";
import { startTestLab } from "../start-lab.ts";
import { installedBrowsers } from "./installed-browsers.ts";
import { runOptions } from "./run-options.ts";

const timeout = 400_000;

/**
 * Every technique meets every scenario at one placement, and the first one everywhere. All of them
 * everywhere is what `npm run experiments` is for.
 */
const trials = allTrials.filter(
  ({ technique, scenario, placement, scheme }) =>
    scenario === "valid" || (scheme === "wss" && placement === placementFor(technique)),
);

function placementFor(technique: string): Placement | undefined {
  const tried = allTrials.filter((trial) => trial.technique === technique);
  return (tried.find(({ placement }) => placement === "same-host") ?? tried[0])?.placement;
}

const published = await readPublished();

suite("the whole matrix, in real browsers", { concurrency: true }, async () => {
  for (const browser of await installedBrowsers()) {
    test(browser.id, { skip: browser.skip, timeout }, async (context) => {
      await using lab = await startTestLab({ origin: { firstMessageDeadlineMs: 1_000 } });
      const secrets: string[] = [];
      const issue = lab.tokens.issue.bind(lab.tokens);
      lab.tokens.issue = (...parts) => {
        const token = issue(...parts);
        secrets.push(token.secret);
        return token;
      };
      const options = { ...runOptions(lab, trials), signal: context.signal };
      const run = await runBrowser(browser.target(), browser, options);

      await context.test("every trial has a verdict from evidence of both ends", () => {
        assert.equal(run.trials.length, trials.length);
        for (const trial of run.trials) {
          assert.match(trial.verdict.outcome, /^(?:pass|fail)$/u, describe(trial));
          for (const { events, evidence } of trial.attempts) {
            assert.ok(events.length > 0, describe(trial));
            assert.ok(evidence.length > 0, describe(trial));
          }
        }
      });

      await context.test("the browser is identified", () => {
        assert.match(run.browser.version ?? "", /^\d+\.\d+/u);
        assert.match(run.browser.userAgent ?? "", /^Mozilla\//u);
      });

      await context.test("no token is in the results", () => {
        const text = JSON.stringify(run);
        assert.ok(secrets.length > 50);
        assert.ok(!secrets.some((secret) => text.includes(secret)));
      });

      const isKnown = published
        .flatMap(({ runs }) => runs)
        .some(
          ({ browser: { id, version } }) => id === browser.id && version === run.browser.version,
        );
      const skip =
        !isKnown && `${run.browser.name} ${run.browser.version} is not among the published results`;
      await context.test("verdicts are those of the published run", { skip }, () => {
        assert.deepEqual(surprises(run, published).map(describeSurprise), []);
      });
    });
  }
});

function describe({ technique, scenario, verdict }: JudgedTrial): string {
  return `${technique}, ${scenario}: ${verdict.outcome}, ${verdict.reason}`;
}
