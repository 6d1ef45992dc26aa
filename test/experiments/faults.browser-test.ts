import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import type { BrowserSession, BrowserTarget } from "../../experiments/browsers/browser.ts";
import { runBrowser, type Progress } from "../../experiments/run-browser.ts";
import { valid } from "../../experiments/scenarios/valid.ts";
import { verdict } from "../../experiments/verdict.ts";
import type { Run } from "../../model/results.ts";
import type { Trial } from "../../model/trial.ts";
import type { Lab } from "../../server/lab.ts";
import { misbehaving, misbehavingDirectory } from "../fixtures/misbehaving.ts";
import { startBrowserLab } from "../start-lab.ts";
import { watchLeftovers } from "./browsers/leftovers.ts";
import { installedBrowsers } from "./installed-browsers.ts";
import { runOptions } from "./run-options.ts";

const timeout = 180_000;
const leftovers = watchLeftovers();
after(() => leftovers[Symbol.dispose]());

const browsers = await installedBrowsers();
const unstarted = { id: "test", name: "Test browser", engine: "none", os: "none" };

function startMisbehavingLab(): Promise<Lab> {
  const parts = { techniques: misbehaving, techniquesDirectory: misbehavingDirectory };
  return startBrowserLab({}, parts);
}

/** Techniques that every browser carries, so that only the fault can be at fault. */
const sturdy = ["first-message", "query-parameter", "subprotocol", "ticket"];

function trialsOf(...ids: string[]): Trial[] {
  return ids.map((technique) => ({
    technique,
    scenario: "valid",
    placement: "same-host",
    scheme: "ws",
    definition: "test",
    attempts: valid.attempts,
  }));
}

function outcomes({ trials }: Run): string[] {
  return trials.map((trial) => trial.verdict.outcome);
}

/** The same browser, whose sessions the test can see. */
function watched(target: BrowserTarget, sessions: BrowserSession[]): BrowserTarget {
  return {
    ...target,
    async launch(options) {
      const session = await target.launch(options);
      sessions.push(session);
      return session;
    },
  };
}

for (const browser of browsers) {
  suite(browser.id, { skip: browser.skip }, () => {
    test(
      "killed in the middle of a run, it loses only its unfinished trial",
      { timeout },
      async () => {
        await using lab = await startBrowserLab();
        const sessions: BrowserSession[] = [];
        const kill = ({ done }: Progress): void => {
          if (done === 3) process.kill(sessions[0]?.pid ?? 0, "SIGKILL");
        };
        const all = Array.from({ length: 3 }, () => sturdy).flat();
        const run = await runBrowser(watched(browser.target(), sessions), browser, {
          ...runOptions(lab, trialsOf(...all)),
          onTrial: kill,
        });
        const lost = run.trials.filter(({ failure }) => failure !== null);
        assert.equal(run.trials.length, all.length);
        assert.deepEqual(
          lost.map(({ failure }) => failure?.outcome),
          ["crash"],
          JSON.stringify(lost.map(({ failure }) => failure)),
        );
        assert.match(lost[0]?.failure?.reason ?? "", / died: /u);
        assert.equal(sessions.length, 2);
        assert.equal(outcomes(run).filter((outcome) => outcome === "pass").length, all.length - 1);
        leftovers.assertNone();
      },
    );

    test("a page that hangs costs its trial only", { timeout }, async () => {
      await using lab = await startMisbehavingLab();
      const run = await runBrowser(browser.target(), browser, {
        ...runOptions(lab, trialsOf("throws", "hangs", "throws")),
        patienceMs: 5_000,
      });
      assert.deepEqual(outcomes(run), ["fail", "timeout", "fail"]);
      assert.match(run.trials[1]?.verdict.reason ?? "", /no sign of life for 5 s/u);
      leftovers.assertNone();
    });
  });
}

const [anyBrowser] = browsers.filter(({ skip }) => skip === false);
const skip = anyBrowser === undefined && "no browser is installed";

test(
  "a page that posts nonsense is our failure, and the next trial goes on",
  { skip, timeout },
  async () => {
    await using lab = await startMisbehavingLab();
    assert.ok(anyBrowser);
    const run = await runBrowser(
      anyBrowser.target(),
      anyBrowser,
      runOptions(lab, trialsOf("posts-nonsense", "throws")),
    );
    assert.deepEqual(outcomes(run), ["harness-error", "fail"]);
    assert.match(run.trials[0]?.verdict.reason ?? "", /^the page posted nonsense: /u);
  },
);

test(
  "what a page throws is the technique's failure, told without the token",
  { skip, timeout },
  async () => {
    await using lab = await startMisbehavingLab();
    assert.ok(anyBrowser);
    const run = await runBrowser(
      anyBrowser.target(),
      anyBrowser,
      runOptions(lab, trialsOf("throws")),
    );
    assert.equal(
      run.trials[0]?.verdict.reason,
      "the page could not even try: SyntaxError: cannot connect with (token #1)",
    );
  },
);

test("a browser that starts at the second try loses no trial", { skip, timeout }, async () => {
  await using lab = await startBrowserLab();
  assert.ok(anyBrowser);
  const real = anyBrowser.target();
  let tries = 0;
  const target: BrowserTarget = {
    ...real,
    launch(options) {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error("not today")) : real.launch(options);
    },
  };
  const options = { ...runOptions(lab, trialsOf("query-parameter")), onProblem: () => {} };
  assert.deepEqual(outcomes(await runBrowser(target, unstarted, options)), ["pass"]);
});

test("a browser that never starts has every cell say so, after three failures of two tries each", async () => {
  await using lab = await startBrowserLab();
  let tries = 0;
  const target: BrowserTarget = {
    id: "test",
    location: "nowhere",
    launch() {
      tries += 1;
      return Promise.reject(new Error("there is no display"));
    },
  };
  const problems: string[] = [];
  const onProblem = (sentence: string): void => void problems.push(sentence);
  const options = { ...runOptions(lab, trialsOf(...sturdy)), onProblem };
  const run = await runBrowser(target, unstarted, options);
  assert.equal(tries, 6);
  assert.match(problems.join(), /there is no display; trying again/u);
  assert.deepEqual(
    outcomes(run),
    sturdy.map(() => "crash"),
  );
  for (const trial of run.trials) assert.match(trial.verdict.reason, /there is no display/u);
  assert.equal(run.browser.version, null);
});

test(
  "an interrupted run keeps what was measured, and says why the rest is missing",
  { skip, timeout },
  async () => {
    await using lab = await startBrowserLab();
    assert.ok(anyBrowser);
    const controller = new AbortController();
    const run = await runBrowser(anyBrowser.target(), anyBrowser, {
      ...runOptions(lab, trialsOf(...sturdy)),
      signal: controller.signal,
      onTrial: ({ done }) => done === 2 && controller.abort(),
    });
    assert.deepEqual(outcomes(run), ["pass", "pass", "harness-error", "harness-error"]);
    assert.match(run.trials[3]?.verdict.reason ?? "", /interrupted/u);
    leftovers.assertNone();
  },
);

test(
  "a verdict needs no lab: it is the same when computed again from what was stored",
  { skip, timeout },
  async () => {
    await using lab = await startBrowserLab();
    assert.ok(anyBrowser);
    const run = await runBrowser(
      anyBrowser.target(),
      anyBrowser,
      runOptions(lab, trialsOf("query-parameter")),
    );
    for (const trial of run.trials) {
      assert.deepEqual(verdict(JSON.parse(JSON.stringify(trial))), trial.verdict);
    }
  },
);
