import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { plan } from "../../experiments/plan.ts";
import { runBrowser } from "../../experiments/run-browser.ts";
import { callers } from "../../experiments/scenarios/callers.ts";
import type { Scenario } from "../../experiments/scenarios/scenario.ts";
import type { JudgedTrial } from "../../model/results.ts";
import type { Scheme, Trial } from "../../model/trial.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { installedBrowsers } from "../experiments/installed-browsers.ts";
import { runOptions } from "../experiments/run-options.ts";
import { misbehaving, misbehavingDirectory } from "../fixtures/misbehaving.ts";
import { startBrowserLab } from "../start-lab.ts";

const timeout = 600_000;
const tried = ["first-message", "query-parameter", "session-cookie", "cookie-iframe"];
const workers = ["dedicated-worker", "shared-worker", "service-worker"];

suite("frames and workers make attempts", async () => {
  for (const browser of await installedBrowsers()) {
    for (const scheme of ["ws", "wss"] as const) {
      test(`${browser.id}, ${scheme}`, { skip: browser.skip, timeout }, async (context) => {
        await using lab = await startBrowserLab({ attemptDeadlineMs: 5_000 });
        const { trials } = await runBrowser(browser.target(), browser, {
          ...runOptions(lab, trialsOf(callers, tried, scheme)),
          signal: context.signal,
        });
        const of = (caller: string, technique: string): JudgedTrial => {
          const scenario = `caller-${caller}`;
          const found = trials.find(
            (trial) => trial.scenario === scenario && trial.technique === technique,
          );
          assert.ok(found, `${technique} was tried from a ${caller}`);
          return found;
        };

        await context.test("each of them reports, and the walk goes on", () => {
          assert.equal(trials.length, callers.length * tried.length);
          for (const { technique, scenario, attempts, failure } of trials) {
            assert.equal(failure, null, `${technique}, ${scenario}`);
            assert.deepEqual(
              attempts.map(({ end }) => end === "harness-error"),
              [false],
              `${technique}, ${scenario}: ${JSON.stringify(attempts)}`,
            );
          }
        });

        for (const technique of ["first-message", "query-parameter"]) {
          for (const caller of ["frame", "sandboxed-frame", "dedicated-worker"]) {
            await context.test(`${technique} lets a ${caller} in`, () => {
              const { verdict } = of(caller, technique);
              assert.equal(verdict.outcome, "pass", verdict.reason);
            });
          }
        }

        await context.test("a sandboxed frame's connection has the origin null", () => {
          assert.deepEqual(upgradeOrigins(of("sandboxed-frame", "first-message")), ["null"]);
        });

        for (const caller of ["frame", ...workers]) {
          await context.test(`the connection of a ${caller} has the page's origin`, () => {
            const trial = of(caller, "first-message");
            const [attempt] = trial.attempts;
            if (attempt?.end === "threw") return assertSaysWhy(trial);
            const [origin] = upgradeOrigins(trial);
            const index = trials.indexOf(trial);
            assert.match(origin ?? "", originOfTrial(index, scheme));
          });
        }

        await context.test("a sandboxed frame gets no session of the page's", () => {
          const { verdict, attempts } = of("sandboxed-frame", "session-cookie");
          assert.equal(verdict.outcome, "fail", verdict.reason);
          const users = attempts.flatMap(({ evidence }) =>
            evidence.map((entry) => ("user" in entry ? entry.user : null)),
          );
          assert.ok(users.every((user) => user === null));
        });

        for (const caller of workers) {
          await context.test(`what needs a document throws in a ${caller}, and says why`, () => {
            assertSaysWhy(of(caller, "cookie-iframe"));
          });
        }
      });
    }
  }
});

const everyCaller = ["frame", "sandboxed-frame", ...workers];

suite("a browser half that misbehaves in a frame or worker", async () => {
  const rows = [
    {
      technique: "hangs",
      callers: ["dedicated-worker"],
      end: "timeout",
      says: /^TimeoutError: the/u,
    },
    {
      technique: "rejects-aside",
      callers: everyCaller,
      end: "timeout",
      says: /RangeError: nobody/u,
    },
    { technique: "throws", callers: everyCaller, end: "threw", says: /^SyntaxError: cannot/u },
  ] as const;
  const trials = rows.flatMap((row) =>
    callers
      .filter(({ id }) => row.callers.some((caller) => id === `caller-${caller}`))
      .map(({ id: scenario, attempts }) => ({
        technique: row.technique,
        scenario,
        placement: "same-host" as const,
        scheme: "ws" as const,
        definition: "test",
        attempts,
      })),
  );
  for (const browser of await installedBrowsers()) {
    test(`ends no walk in ${browser.id}`, { skip: browser.skip, timeout }, async (context) => {
      await using lab = await startBrowserLab(
        { attemptDeadlineMs: 1_000 },
        { techniques: misbehaving, techniquesDirectory: misbehavingDirectory },
      );
      const run = await runBrowser(browser.target(), browser, {
        ...runOptions(lab, trials),
        signal: context.signal,
      });
      for (const { technique, end, says } of rows) {
        for (const trial of run.trials.filter((one) => one.technique === technique)) {
          await context.test(`${technique}, ${trial.scenario}`, () => {
            const [attempt] = trial.attempts;
            assert.equal(attempt?.end, end, JSON.stringify(trial));
            const exceptions = attempt.events.flatMap((event) =>
              event.type === "exception" ? [`${event.name}: ${event.message}`] : [],
            );
            assert.equal(exceptions.length, 1);
            assert.match(exceptions[0] ?? "", says);
          });
        }
      }
      assert.equal(run.trials.length, trials.length);
    });
  }
});

function trialsOf(
  scenarios: readonly Scenario[],
  ids: readonly string[],
  scheme: Scheme,
): readonly Trial[] {
  return plan({
    techniques: techniques.filter(({ id }) => ids.includes(id)),
    techniquesDirectory,
    scenarios,
    placements: ["same-host"],
    schemes: [scheme],
    repeat: 1,
  });
}

function upgradeOrigins({ attempts }: JudgedTrial): readonly (string | null)[] {
  return attempts.flatMap(({ evidence }) =>
    evidence.flatMap((entry) => (entry.type === "request" && entry.upgrade ? [entry.origin] : [])),
  );
}

function originOfTrial(index: number, scheme: Scheme): RegExp {
  return new RegExp(
    `^${scheme === "wss" ? "https" : "http"}://t${index}-[a-z0-9]+\\.localhost:\\d+$`,
    "u",
  );
}

/** Not every browser has every API; one that has not says so in its own words. */
function assertSaysWhy({ attempts }: JudgedTrial): void {
  const [attempt] = attempts;
  assert.equal(attempt?.end, "threw");
  const [event] = attempt.events;
  assert.ok(event?.type === "exception");
  assert.match(event.name, /Error$/u);
  assert.notEqual(event.message, "");
}
