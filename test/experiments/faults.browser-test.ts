import assert from "node:assert/strict";
import { after, suite, test } from "node:test";
import { cuttablePort } from "../../bench/faults/cuttable-port.ts";
import { descendant } from "../../bench/faults/processes.ts";
import { runSessions } from "../../experiments/certified-sessions.ts";
import { runRest } from "../../experiments/rest-of-run.ts";
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

function neverAsked(): Promise<never> {
  return Promise.reject(new Error("no trial is about a certificate"));
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

    test(
      "hung in the middle of a run, it loses only its unfinished trial",
      { timeout },
      async () => {
        await using lab = await startBrowserLab();
        const sessions: BrowserSession[] = [];
        const stop = ({ done }: Progress): void => {
          if (done !== 2) return;
          const pid = sessions[0]?.pid;
          assert.ok(pid);
          process.kill(pid, "SIGSTOP");
        };
        const all = [...sturdy, ...sturdy];
        const run = await runBrowser(watched(browser.target(), sessions), browser, {
          ...runOptions(lab, trialsOf(...all)),
          patienceMs: 5_000,
          onTrial: stop,
        });
        const lost = run.trials.filter(({ failure }) => failure !== null);
        assert.deepEqual(
          lost.map(({ failure }) => failure?.outcome),
          ["timeout"],
          JSON.stringify(lost.map(({ failure }) => failure)),
        );
        assert.match(lost[0]?.failure?.reason ?? "", /no sign of life for 5 s/u);
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

test(
  "WebKitGTK's driver killed in the middle of a run loses only its unfinished trial",
  { timeout, skip: browsers.find(({ id }) => id === "webkit")?.skip ?? true },
  async () => {
    const webkit = browsers.find(({ id }) => id === "webkit");
    assert.ok(webkit);
    await using lab = await startBrowserLab();
    const run = await runBrowser(webkit.target(), webkit, {
      ...runOptions(lab, trialsOf(...sturdy)),
      onTrial({ done }) {
        if (done !== 2) return;
        const driver = descendant(process.pid, /WebKitWebDriver/u);
        assert.ok(driver);
        process.kill(driver, "SIGKILL");
      },
    });
    assert.deepEqual(outcomes(run), ["pass", "pass", "crash", "pass"]);
    assert.match(run.trials[2]?.verdict.reason ?? "", / died: /u);
    leftovers.assertNone();
  },
);

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
  "a server that goes away in the middle of a trial costs that trial only",
  { skip, timeout },
  async () => {
    await using lab = await startBrowserLab();
    assert.ok(anyBrowser);
    const { ws = 0 } = lab.ports.get("query-parameter") ?? {};
    await using port = await cuttablePort(ws);
    lab.announce(new Map([...lab.ports, ["query-parameter", { ws: port.port, wss: null }]]));
    const cuts: Promise<void>[] = [];
    const run = await runBrowser(anyBrowser.target(), anyBrowser, {
      ...runOptions(lab, trialsOf("query-parameter", "query-parameter", "query-parameter")),
      onTrial: ({ done }) => done === 1 && cuts.push(port.cutAt(1)),
    });
    await Promise.all(cuts);
    const [before, during, afterwards] = run.trials;
    assert.deepEqual([before?.verdict.outcome, afterwards?.verdict.outcome], ["pass", "pass"]);
    assert.match(during?.verdict.reason ?? "", /close 1006/u);
  },
);

suite("a run that goes on", { skip }, () => {
  test(
    "makes what is left, and is one run; all of it anew with another version of the browser",
    { timeout },
    async () => {
      await using lab = await startBrowserLab();
      assert.ok(anyBrowser);
      const trials = trialsOf(...sturdy);
      const options = { ...runOptions(lab, trials), certified: [], certify: neverAsked };
      const controller = new AbortController();
      const cutOff = await runSessions(anyBrowser.target(), anyBrowser, {
        ...options,
        signal: controller.signal,
        onTrial: ({ done }) => done === 2 && controller.abort(),
      });
      const kept = { run: { ...cutOff, trials: cutOff.trials.slice(0, 2) }, places: [0, 1] };
      const progress: number[] = [];
      const run = await runRest(kept, anyBrowser.target(), anyBrowser, {
        ...options,
        onTrial: ({ done, place, total }) => progress.push(done, place, total),
      });
      assert.deepEqual(progress, [3, 2, 4, 4, 3, 4]);
      assert.deepEqual(outcomes(run), ["pass", "pass", "pass", "pass"]);
      assert.deepEqual(
        run.trials.map(({ technique }) => technique),
        sturdy,
      );
      assert.deepEqual(run.trials.slice(0, 2), kept.run.trials);
      assert.deepEqual([run.id, run.startedAt], [cutOff.id, cutOff.startedAt]);

      const older = { ...kept.run, browser: { ...kept.run.browser, version: "1.0" } };
      const problems: string[] = [];
      const anew = await runRest({ ...kept, run: older }, anyBrowser.target(), anyBrowser, {
        ...options,
        onProblem: (sentence) => problems.push(sentence),
      });
      assert.deepEqual(outcomes(anew), ["pass", "pass", "pass", "pass"]);
      assert.equal(anew.browser.version, cutOff.browser.version);
      assert.notDeepEqual(anew.trials[0], kept.run.trials[0], "it was made again");
      assert.match(problems.join(), /now, and was 1\.0 when the run began: .* 2 trials/u);
    },
  );
});

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
