import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startUp } from "../../bench/start-up/start-up.ts";
import { findingsOf } from "../../bench/start-up/findings.ts";
import type { LabStart, Measured, Visit } from "../../bench/start-up/measured.ts";
import { startLab } from "../../bench/start-up/starting.ts";

function start(readyMs: number): LabStart {
  return { readyMs, documentMs: 10, pageMs: 20, readyBytes: 2 ** 27, servedBytes: 2 ** 28 };
}

function visit(firstPaintMs: number, sentBytes = 1_000): Visit {
  return { paint: { firstByteMs: 5, firstPaintMs, loadMs: firstPaintMs + 1 }, sentBytes };
}

const measured: Measured = {
  nodeMs: [40, 30, 50],
  typeScriptMs: [90, 100, 80],
  first: [start(1_041), start(1_039), start(5_000)],
  later: [start(700), start(690), start(710)],
  npm: [start(900), start(880), start(920)],
  idleBytes: 2 ** 25,
  files: [
    { path: "/", sentBytes: 1_500, bodyBytes: 1_200, encoding: "none", gzippedBytes: 300 },
    {
      path: "/style.css",
      sentBytes: 2_500,
      bodyBytes: 2_200,
      encoding: "gzip",
      gzippedBytes: 2_200,
    },
  ],
  browsers: [
    { name: "One 1.0", first: [visit(300), visit(100), visit(200)], again: [visit(50, 10)] },
    { name: "Other", absent: "it is not installed here" },
  ],
};

function table(title: RegExp, of: Measured = measured): readonly (readonly string[])[] {
  return findingsOf(of).tables.find((one) => title.test(one.title))?.rows ?? [];
}

describe("what starts are found to take", () => {
  const rows: readonly {
    readonly name: string;
    readonly claim: RegExp;
    readonly measured: string;
    readonly isMet: boolean;
    readonly why: string | null;
  }[] = [
    {
      name: "a later start, by the medians",
      claim: /main\.ts` is ready within/u,
      measured: "0.66 s beyond it (700 ms against 40 ms)",
      isMet: true,
      why: null,
    },
    {
      name: "a first start, one millisecond too late",
      claim: /the first time/u,
      measured: "1.00 s beyond it (1041 ms against 40 ms)",
      isMet: false,
      why: "341 ms of it is what later starts save: stripping types, and compiling",
    },
    {
      name: "npm's, with npm's own time",
      claim: /npm start/u,
      measured: "0.86 s beyond it (900 ms against 40 ms)",
      isMet: true,
      why: null,
    },
  ];
  for (const { name, claim, ...expected } of rows) {
    test(name, () => {
      const found = findingsOf(measured).goals.find((goal) => claim.test(goal.claim));
      assert.deepEqual(found, { claim: found?.claim, ...expected });
    });
  }

  test("a goal that is just met", () => {
    const [, first] = findingsOf({ ...measured, first: [start(1_039)] }).goals;
    assert.equal(first?.isMet, true);
  });

  test("no reason where chance speaks against it", () => {
    const slow = { ...measured, later: [start(3_000)], first: [start(2_000)] };
    const [, first] = findingsOf(slow).goals;
    assert.equal(first?.isMet, false);
    assert.equal(first?.why, null);
  });

  test("nothing of npm where there is none, and a note that says so", () => {
    const { goals, tables, plots, notes } = findingsOf({ ...measured, npm: { absent: "no npm" } });
    assert.doesNotMatch(JSON.stringify([goals, tables, plots]), /npm start/u);
    assert.ok(notes.some((note) => note.includes("no npm")));
  });

  test("each kind of start with its medians, and what it takes beyond Node", () => {
    assert.deepEqual(
      table(/^Starts/u).map(([name, ready, beyond, range]) => [name, ready, beyond, range]),
      [
        ["node -e 0", "40", "0", "30 to 50"],
        ["node empty.ts", "90", "50", "80 to 100"],
        ["node server/main.ts", "700", "660", "690 to 710"],
        ["node server/main.ts, the first time", "1041", "1001", "1039 to 5000"],
        ["npm start", "900", "860", "880 to 920"],
      ],
    );
  });

  test("the memory of processes, and none where the system does not tell", () => {
    assert.deepEqual(table(/^Memory/u)[1], ["the lab", "128", "256"]);
    const untold = [start(1), { ...start(1), readyBytes: null }];
    const without = { ...measured, idleBytes: null, first: untold, later: untold };
    assert.deepEqual(table(/^Memory/u, without), []);
  });

  test("what is sent, in all", () => {
    assert.deepEqual(table(/as the lab sends/u), [
      ["`/`", "1.5", "nothing", "0.3"],
      ["`/style.css`", "2.5", "gzip", "2.2"],
      ["all", "4.0", "", "2.5"],
    ]);
  });

  test("browsers by their medians, and those that are absent in a note", () => {
    assert.deepEqual(table(/in browsers/u), [
      ["One 1.0", "the first", "5", "200", "201", "1.0"],
      ["One 1.0", "once more", "5", "50", "51", "0.0"],
    ]);
    const { notes } = findingsOf(measured);
    assert.ok(notes.includes("Other: it is not installed here."));
  });

  test("a browser that does not say when it paints, in its own words", () => {
    const silent: Visit = { paint: { unknown: "it has no paint timing" }, sentBytes: 2_000 };
    const browsers = [{ name: "One", first: [visit(1), silent], again: [silent] }];
    assert.deepEqual(table(/in browsers/u, { ...measured, browsers })[0], [
      "One",
      "the first",
      "it has no paint timing",
      "",
      "",
      "1.5",
    ]);
  });
});

const { signal } = new AbortController();

test("a lab that does not start is no figure, and its words are told", async () => {
  const command = [process.execPath, "-e", "console.error('no port'); process.exit(3)"] as const;
  await assert.rejects(
    startLab(command, { cwd: ".", signal }),
    /ended before it was ready: no port/u,
  );
});

test("a start that is called off ends its process", async () => {
  const calledOff = new AbortController();
  const command = [process.execPath, "-e", "setInterval(() => {}, 1e6)"] as const;
  const started = startLab(command, { cwd: ".", signal: calledOff.signal });
  calledOff.abort();
  await assert.rejects(started, /ended before it was ready/u);
});

test("the smallest measurement has every figure but that of browsers", async () => {
  const said: string[] = [];
  const { goals, tables, plots } = await startUp.measure({
    size: "small",
    onProgress: (sentence) => said.push(sentence),
    signal,
  });
  assert.ok(said.includes("Round 1 of 1"), said.join("\n"));
  assert.ok(goals.length >= 2);
  const titles = tables.map(({ title }) => title.split(" ")[0]);
  assert.deepEqual(
    titles,
    process.platform === "win32" ? ["Starts", "The"] : ["Starts", "Memory", "The"],
  );
  for (const { title, headings, rows } of tables) {
    for (const row of rows) assert.equal(row.length, headings.length, title);
    assert.doesNotMatch(JSON.stringify(rows), /NaN|undefined|null|Infinity/u);
  }
  assert.doesNotMatch(JSON.stringify(goals), /NaN|undefined/u);
  for (const { labels, series } of plots) {
    for (const { values } of series) assert.equal(values.length, labels.length);
  }
});
