import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Goal } from "../../bench/benchmark.ts";
import { ceilings, slopes } from "../../bench/scale/figures.ts";
import { findingsOf } from "../../bench/scale/findings.ts";
import { scale } from "../../bench/scale/index.ts";
import type { Measured, MemoryAt, Round, Window } from "../../bench/scale/measured.ts";
import type { Pauses } from "../../bench/scale/pauses.ts";
import { flagsIn } from "../../bench/scale/start-flags.ts";

const mebi = 2 ** 20;

/** Memory on a straight line, beginning at 100 MiB. */
function line(counts: readonly number[], each: { resident: number; objects: number }): MemoryAt[] {
  return counts.map((count) => ({
    count,
    memory: {
      resident: 100 * mebi + count * each.resident,
      objects: 100 * mebi + count * each.objects,
    },
  }));
}

const quiet: Pauses = {
  longestMs: 3,
  p999Ms: 2,
  medianMs: 0.1,
  inTheLongest: { computedMs: 1, collectedMs: 1 },
  longestOwnMs: 1,
  longestCollectionMs: 1,
  collections: 1,
};

function window(isExpiry: boolean, longestMs: number): Window {
  const lab = { ...quiet, longestMs };
  return { name: `until ${longestMs} ms`, isExpiry, tookMs: 1_000, lab, idle: quiet };
}

function round(tookMs: number): Round {
  return { cycles: 1_000, tookMs, processorMs: 500, busyMs: 900, idleMs: 100 };
}

const counts = [0, 5_000, 10_000];

/** Everything as it ought to be. */
const good: Measured = {
  connections: {
    lab: line(counts, { resident: 3_300, objects: 3_300 }),
    bare: line(counts, { resident: 3_000, objects: 3_000 }),
  },
  tokens: line([0, 1_000_000], { resident: 400, objects: 350 }),
  rounds: [{ empty: round(1_000), full: round(1_000) }],
  operations: { empty: [], full: [{ name: "one", times: 1, medianUs: 1, longestMs: 0 }] },
  allowance: { heapBytes: 4_096 * mebi, descriptors: 20_000, openDescriptors: 10_030 },
  windows: [window(false, 500), window(true, 10)],
  expiry: {
    connections: 10_000,
    ends: { 4401: 10_000 },
    tokens: 1_000_000,
    left: 0,
  },
  surroundings: {
    flags: [],
    memoryBytes: 16_384 * mebi,
    clientPorts: 28_232,
    defaultConnections: 1_000,
    defaultTokens: 1_000_000,
  },
};

suite("each goal is met by what was measured, and missed by a little less", () => {
  const rows: { name: string; goal: RegExp; measured: Partial<Measured> }[] = [
    {
      name: "a connection's objects",
      goal: /memory/u,
      measured: {
        connections: {
          ...good.connections,
          lab: line(counts, { resident: 3_000, objects: 3_310 }),
        },
      },
    },
    {
      name: "a connection's memory as the system counts it",
      goal: /memory/u,
      measured: {
        connections: {
          ...good.connections,
          lab: line(counts, { resident: 3_310, objects: 3_000 }),
        },
      },
    },
    {
      name: "the rate of handshakes",
      goal: /rate/u,
      measured: { rounds: [{ empty: round(1_000), full: round(1_060) }] },
    },
    {
      name: "a pause while tokens run out",
      goal: /pause/u,
      measured: { windows: [window(true, 3), window(true, 10.1)] },
    },
    {
      name: "a connection that ended otherwise",
      goal: /Every connection/u,
      measured: { expiry: { ...good.expiry, ends: { 4401: 9_999, 1006: 1 } } },
    },
    {
      name: "a dead token that stayed",
      goal: /no dead token/u,
      measured: { expiry: { ...good.expiry, left: 1 } },
    },
  ];
  for (const { name, goal, measured } of rows) {
    test(name, () => {
      assert.equal(goalOf(good, goal).isMet, true, goalOf(good, goal).measured);
      const { isMet, measured: words } = goalOf({ ...good, ...measured }, goal);
      assert.equal(isMet, false, words);
    });
  }
});

suite("the lab is started with the flags that npm start has for Node", () => {
  const rows = [
    { script: "node server/main.ts", flags: [] },
    { script: "node --one --two=2 server/main.ts --port 1", flags: ["--one", "--two=2"] },
  ];
  for (const { script, flags } of rows) {
    test(script, () => assert.deepEqual(flagsIn(script), flags));
  }
  for (const script of ["tsx server/main.ts", "node --one", ""]) {
    test(`which cannot be known of "${script}"`, () => {
      assert.throws(() => flagsIn(script), /ought to run a file with node/u);
    });
  }
});

test("a pause outside of the tokens' expiry is shown, and counts for nothing", () => {
  const { goals, tables } = findingsOf(good);
  assert.equal(goals.find(({ claim }) => claim.includes("pause"))?.isMet, true);
  const pauses = tables.find(({ title }) => title.startsWith("Pauses"));
  assert.ok(pauses?.rows.some((row) => row.includes("500.0")));
});

test("what each one more takes does not depend on what there is without any", () => {
  const points = line([0, 10, 1_000], { resident: 1_234, objects: 99 });
  const { resident, objects } = slopes(points);
  assert.deepEqual([Math.round(resident), Math.round(objects)], [1_234, 99]);
});

suite("what breaks first", () => {
  test("is what is the least times what was measured", () => {
    const [first, second, ...others] = ceilings(good);
    assert.equal(first?.what, "file descriptors");
    assert.equal(first.at, 20_000 - 30);
    assert.equal(second?.what, "ports of one client address, such as a proxy's");
    assert.equal(others.length, 3);
  });

  test("are tokens, where the heap has room for few more", () => {
    const allowance = { ...good.allowance, heapBytes: 600 * mebi };
    const [first] = ceilings({ ...good, allowance });
    assert.equal(first?.what, "Node's heap, by tokens");
    assert.equal(Math.floor(first.at / 1_000), 1_403);
  });

  test("is unknown of what the system does not tell, and of what a slope says never ends", () => {
    const found = ceilings({
      ...good,
      connections: { ...good.connections, lab: line(counts, { resident: -1, objects: 3_300 }) },
      allowance: { ...good.allowance, descriptors: null },
      surroundings: { ...good.surroundings, clientPorts: null },
    });
    assert.deepEqual(
      found.map(({ what }) => what),
      ["Node's heap, by tokens", "Node's heap, by connections"],
    );
  });
});

test("with few connections and tokens all of it is measured, and what has run out is gone", async () => {
  const said: string[] = [];
  const { goals, tables, plots, notes } = await scale.measure({
    size: "small",
    onProgress: (sentence) => void said.push(sentence),
    signal: new AbortController().signal,
  });
  assert.ok(said.length > 5);
  assert.equal(goals.length, 4);
  const expiry = goals.find(({ claim }) => claim.startsWith("Every connection"));
  assert.ok(expiry?.isMet, expiry?.measured ?? "no goal is about that");
  for (const { title, headings, rows } of tables) {
    assert.ok(rows.length > 0, title);
    for (const row of rows) assert.equal(row.length, headings.length, title);
  }
  for (const { id, labels, series } of plots) {
    for (const { values } of series) assert.equal(values.length, labels.length, id);
  }
  const words = JSON.stringify([goals, tables, notes]);
  assert.doesNotMatch(words, /NaN|Infinity|undefined/u);
});

function goalOf(measured: Measured, claim: RegExp): Goal {
  const found = findingsOf(measured).goals.find((goal) => claim.test(goal.claim));
  return found ?? assert.fail(`no goal is about ${claim}`);
}
