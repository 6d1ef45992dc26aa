import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { runSessions } from "../../experiments/certified-sessions.ts";
import { findNginx } from "../../experiments/nginx.ts";
import { putProxyBefore } from "../../experiments/proxy.ts";
import { featureEntries } from "../../experiments/report/features.ts";
import {
  describeSurprise,
  isSameTrial,
  surprises,
  type Surprise,
} from "../../experiments/report/surprises.ts";
import { readPublished } from "../../experiments/results-files.ts";
import type { JudgedTrial, Run } from "../../model/results.ts";
import type { Trial } from "../../model/trial.ts";
import { techniques } from "../../techniques/index.ts";
import { provingTrials, aspectTrials } from "../all-trials.ts";
import { testAuthority } from "../authority.ts";
import { startBrowserLab } from "../start-lab.ts";
import { installedBrowsers } from "./installed-browsers.ts";
import { runOptions } from "./run-options.ts";

const timeout = 1_200_000;
const nginx = await findNginx();
const guarded = techniques.flatMap(({ id, proxied }) => (proxied === undefined ? [] : [id]));
const certified = techniques.flatMap(({ id, asksForCertificate }) =>
  asksForCertificate === true ? [id] : [],
);

const trials = [...provingTrials, ...aspectTrials].filter(
  ({ technique }) => nginx.state === "here" || !guarded.includes(technique),
);

const published = await readPublished();

suite("the whole matrix, in real browsers", { concurrency: true }, async () => {
  for (const browser of await installedBrowsers()) {
    test(browser.id, { skip: browser.skip, timeout }, async (context) => {
      await using lab = await startBrowserLab();
      const certificates = testAuthority;
      await using _ = await putProxyBefore(lab, { servers: guarded, techniques, certificates });
      const secrets: string[] = [];
      const issue = lab.tokens.issue.bind(lab.tokens);
      lab.tokens.issue = (...parts) => {
        const token = issue(...parts);
        secrets.push(token.secret);
        return token;
      };
      const measure = (some: readonly Trial[]): Promise<Run> =>
        runSessions(browser.target(), browser, {
          ...runOptions(lab, some),
          signal: context.signal,
          startWalk: (walk, installed) => lab.walks.start(walk, "nowhere", installed),
          certified,
          certify: (attempt) => lab.certify(attempt),
        });
      const first = await measure(trials);
      // Browsers lose races on busy machines: what differs is measured once more, and counts when it differs again.
      const doubtful = surprises(first, published);
      for (const surprise of doubtful) context.diagnostic(`again: ${describeSurprise(surprise)}`);
      const second = doubtful.length === 0 ? null : await measure(doubtful.map(planOf));
      const run: Run = {
        ...first,
        trials: first.trials.map(
          (trial) => second?.trials.find((other) => isSameTrial(other, trial)) ?? trial,
        ),
      };

      await context.test("every trial has a verdict from evidence of both ends", () => {
        assert.equal(run.trials.length, trials.length);
        for (const trial of run.trials) {
          if (trial.verdict.outcome === "unsupported") {
            const why = trial.scenario === "ambient-restart" ? /profile/u : /certificate/u;
            assert.match(trial.verdict.reason, why, describe(trial));
            continue;
          }
          assert.match(trial.verdict.outcome, /^(?:pass|fail)$/u, describe(trial));
          for (const { events, evidence, expect: wanted } of trial.attempts) {
            // Its page may have connected to nothing, and to nobody.
            if (wanted === "any") continue;
            assert.ok(events.length > 0, describe(trial));
            // What failed may have been refused by the page or by TLS, before any server saw it.
            const mayBeUnseen: boolean =
              trial.verdict.outcome === "fail" || certified.includes(trial.technique);
            assert.ok(evidence.length > 0 || mayBeUnseen, describe(trial));
          }
        }
      });

      await context.test("the browser is identified", () => {
        assert.match(run.browser.version ?? "", /^\d+\.\d+/u);
        assert.match(run.browser.userAgent ?? "", /^Mozilla\//u);
      });

      await context.test("its first page asked for every feature", () => {
        assert.deepEqual(
          run.features.map(({ id }) => id),
          featureEntries.map(({ id }) => id),
        );
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

/** The trial that a surprise is about, as it was planned. */
function planOf({ trial }: Surprise): Trial {
  const planned = trials.find((other) => isSameTrial(other, trial));
  if (planned === undefined) throw new Error("a trial was measured that was not planned");
  return planned;
}

function describe({ technique, scenario, verdict }: JudgedTrial): string {
  return `${technique}, ${scenario}: ${verdict.outcome}, ${verdict.reason}`;
}
