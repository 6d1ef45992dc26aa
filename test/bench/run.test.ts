import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findingsOf } from "../../bench/run/findings.ts";
import { sharesOf } from "../../bench/run/floor.ts";
import { floorPage } from "../../bench/run/floor-page.ts";
import { planFloor, type BlankPage } from "../../bench/run/floor-plan.ts";
import { openFloorServer } from "../../bench/run/floor-server.ts";
import { inherentMs } from "../../bench/run/inherent.ts";
import type { Round } from "../../bench/run/part.ts";
import type { Attempt } from "../../model/observation.ts";
import type { JudgedTrial, Run } from "../../model/results.ts";
import type { RunTiming } from "../../model/timing.ts";
import { accepted } from "../experiments/report/sample-attempts.ts";
import { sampleFirefoxRun, sampleTrial } from "../experiments/report/sample-results.ts";

function timing(navigationMs: number, attemptsMs: number): RunTiming {
  const none = { ms: 0, count: 0 };
  const phases = {
    launch: { ms: 1_000, count: 2 },
    preflight: { ms: 200, count: 1 },
    navigation: { ms: navigationMs, count: 4 },
    lab: { ms: 10, count: 8 },
    attempts: { ms: attemptsMs, count: 4 },
    restarts: none,
    close: { ms: 100, count: 2 },
    other: none,
  };
  return { phases, tookMs: Object.values(phases).reduce((sum, { ms }) => sum + ms, 0) };
}

const once = accepted("#1");
const unmade: JudgedTrial = {
  ...sampleTrial("a", "valid", []),
  verdict: { outcome: "unsupported", reason: "no" },
};

function runOf(trials: readonly JudgedTrial[], took: RunTiming): Run {
  return { ...sampleFirefoxRun(trials), timing: took };
}

/** Two trials in 800 ms; a page of the floor takes `pageMs`. */
function roundOf(size: number, pageMs: number, took = timing(400, 390)): Round {
  const trials = [
    { ...sampleTrial("a", "valid", [once]), tookMs: 100 },
    { ...sampleTrial("a", "rotation", [once, once]), tookMs: 700 },
    { ...unmade, tookMs: 0 },
  ];
  const run = runOf(trials, took);
  const browser = { browser: "firefox", pages: 2, tookMs: 1_000 + 2 * pageMs, pagesMs: 2 * pageMs };
  return {
    size,
    run: {
      results: { schema: "websocket-auth-results/1", runs: [run], trust: [] },
      tookMs: took.tookMs + 500,
      busyMs: 1_000,
    },
    floor: { browsers: [browser], tookMs: browser.tookMs, busyMs: 900 },
  };
}

suite("what a run's benchmark finds out", () => {
  test("a run is compared with its floor, browser by browser and from its command to its end", () => {
    const { goals } = findingsOf([roundOf(1, 350)], []);
    assert.deepEqual(
      goals.map(({ measured, isMet }) => [measured, isMet]),
      [
        ["1.53 times (2600 ms against 1700 ms)", false],
        ["1.24 times (2100 ms against 1700 ms)", true],
      ],
    );
    assert.equal(
      goals[0]?.why,
      "a trial spends 200 ms on loading its page, 5 ms in the lab, 195 ms on its attempts; a page of the floor takes 350 ms in all",
    );
    assert.equal(goals[1]?.why, null);
  });

  test("a trial that costs more in a larger run is seen, and what the floor's pages do there", () => {
    const rounds = [roundOf(1, 300), roundOf(4, 330, timing(500, 390))];
    const { goals, plots } = findingsOf(rounds, []);
    const growth = goals.at(-1);
    assert.match(growth?.claim ?? "", /costs at 4× at most 1.1 times what it costs at 1×/u);
    assert.equal(growth?.measured, "1.13 times (450 ms against 400 ms)");
    assert.equal(growth?.isMet, false);
    assert.equal(growth?.why, "a page of the floor costs 1.10 times as much there");
    assert.deepEqual(plots[0]?.labels, ["1×", "4×"]);
    assert.deepEqual(
      plots[0]?.series.map(({ name, values }) => [name, values]),
      [
        ["Firefox, run", [400, 450]],
        ["Firefox, floor", [300, 330]],
      ],
    );
  });

  test("its tables name phases and the slowest scenarios, and every row has all columns", () => {
    const { tables } = findingsOf([roundOf(1, 300), roundOf(2, 300)], []);
    for (const { headings, rows, title } of tables) {
      for (const row of rows) assert.equal(row.length, headings.length, title);
    }
    const slowest = tables.find(({ title }) => title === "The slowest scenarios");
    assert.deepEqual(slowest?.rows, [
      ["rotation", "2", "88 %", "700"],
      ["valid", "2", "13 %", "100"],
    ]);
    const phases = tables.find(({ title }) => title.startsWith("Where the time"));
    assert.deepEqual(phases?.rows[2], ["loading a trial's page", "0.8", "19 %", "100"]);
  });

  test("a browser that is not here is named", () => {
    const { notes } = findingsOf([roundOf(1, 300)], ["Chrome or Chromium"]);
    assert.ok(notes.some((note) => note.includes("Chrome or Chromium")));
  });
});

suite("what a run waits for because it measures it", () => {
  const rows: readonly (readonly [string, Partial<Attempt>, number])[] = [
    ["nothing, where everything goes well", {}, 0],
    [
      "a token that runs out on an open connection",
      {
        afterwards: "stay",
        events: [
          { at: 2, type: "open", protocol: "" },
          { at: 5, type: "message", data: "Hello alice!" },
          { at: 2_005, type: "close", code: 4401, reason: "", wasClean: true },
        ],
      },
      2_000,
    ],
    [
      "a server that says nothing",
      {
        fault: "silence",
        events: [
          { at: 23, type: "open", protocol: "" },
          { at: 1_023, type: "close", code: 1008, reason: "", wasClean: true },
        ],
      },
      1_000,
    ],
    ["a deadline that passed, at the least", { end: "timeout", events: [] }, 5_000],
    [
      "a deadline that passed, as long as the page says",
      {
        end: "timeout",
        events: [{ at: 8_000, type: "exception", name: "TimeoutError", message: "" }],
      },
      8_000,
    ],
  ];
  for (const [name, change, expected] of rows) {
    test(name, () => {
      const trial = sampleTrial("a", "b", [{ ...once, ...change }]);
      assert.equal(inherentMs(runOf([trial], timing(1, 1))), expected);
    });
  }

  test("restarts of the browser", () => {
    const took = timing(1, 1);
    const phases = { ...took.phases, restarts: { ms: 70, count: 1 } };
    assert.equal(inherentMs(runOf([], { ...took, phases })), 70);
  });
});

suite("the floor of a run", () => {
  test("has as many launches, pages and connections as the browser made", () => {
    const byProgram = { ...once, from: "program" as const };
    const planted = { ...once, plants: true as const };
    const callers = ["page", "frame", "tab", "cross-site-page", "cross-site-page"] as const;
    const trials = [
      sampleTrial("a", "valid", [once, byProgram]),
      { ...sampleTrial("a", "b", [planted, once]), placement: "cross-site" as const },
      sampleTrial(
        "a",
        "c",
        callers.map((from) => ({ ...once, from })),
      ),
      unmade,
    ];
    const runs = [runOf(trials, timing(1, 1)), runOf([unmade], timing(1, 1))];
    const [plan, ...others] = planFloor({ runs });
    assert.deepEqual(others, []);
    assert.equal(plan?.browser, "firefox");
    assert.equal(plan?.launches, 2);
    assert.deepEqual(
      plan?.pages.map(({ connections, placement }) => [connections, placement]),
      [
        [1, trials[0]?.placement],
        [1, "cross-site"],
        [2, trials[2]?.placement],
        [1, trials[2]?.placement],
        [2, trials[2]?.placement],
      ],
    );
    assert.deepEqual(plan?.loopbackDomains, ["example.com", "example.net"]);
  });

  test("is shared out evenly among its launches, and none of them is for nothing", () => {
    const page: BlankPage = { placement: "same-host", scheme: "ws", connections: 1 };
    const pages = Array.from({ length: 5 }, (_, connections) => ({ ...page, connections }));
    assert.deepEqual(
      sharesOf(pages, 2).map((share) => share.map(({ connections }) => connections)),
      [
        [0, 1, 2],
        [3, 4],
      ],
    );
    assert.equal(sharesOf(pages.slice(0, 2), 3).length, 2);
  });

  test("puts every page on a host of its own, of the lab's kind", async () => {
    await using server = await openFloorServer();
    const page: BlankPage = { placement: "same-host", scheme: "ws", connections: 2 };
    const { entrance, ended } = server.walk([
      page,
      { ...page, placement: "cross-site", scheme: "wss" },
    ]);
    assert.match(entrance.hostname, /^t0-[0-9a-z]{16}\.localhost$/u);
    const text = await fetchAt(entrance);
    assert.match(text, /"endpoint":"ws:\/\/t0-\w+\.localhost:\d+\/","connections":2/u);
    assert.match(text, /"next":"https:\/\/www\.t1-\w+\.example\.com:\d+\/\w+\/1"/u);
    await fetchAt(new URL(entrance.pathname.replace(/0$/u, "done"), entrance));
    await ended;
  });

  test("says so when a page loses its connection", async () => {
    await using server = await openFloorServer();
    const { entrance, ended } = server.walk([
      { placement: "same-host", scheme: "ws", connections: 1 },
    ]);
    const failed = assert.rejects(ended, /lost its connection: .*code=1006/u);
    await fetchAt(new URL(`${entrance.pathname.replace(/0$/u, "lost")}?code=1006`, entrance));
    await failed;
  });

  test("its page ends no script early, whatever an address holds", () => {
    const text = floorPage({ endpoint: "</script>", connections: 0, next: "", lost: "" });
    assert.equal(text.match(/<\/script>/gu)?.length, 1);
  });
});

/** Names under `localhost` need not be known here. */
async function fetchAt({ port, pathname, search }: URL): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}${pathname}${search}`);
  return await response.text();
}
