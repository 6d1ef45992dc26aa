import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { connectionFindings, type Measured } from "../../bench/connections/findings.ts";
import { connections } from "../../bench/connections/connections.ts";
import { factsOf, type Comparison, type Round } from "../../bench/connections/comparison.ts";
import { spreadOf } from "../../bench/spread.ts";

/** A round of this rate; the client was busy for this part of it. */
function round(rate: number, clientBusy = 0.5): Round {
  const micros = 1_000_000 / rate;
  return { rate, serverMicros: micros, serverShare: 1, clientMicros: micros / 2, clientBusy };
}

/** One that reached these parts of a bare server's rate. */
function comparison(title: string, ratios: readonly number[], twinRatio?: number): Comparison {
  return {
    id: title,
    title,
    messages: { client: twinRatio === undefined ? 1 : 2, server: 1 },
    groups: ratios.map((ratio) => ({
      bare: round(1_000),
      own: round(1_000 * ratio),
      twin: twinRatio === undefined ? null : round((1_000 * ratio) / twinRatio),
    })),
  };
}

const noFacts = { cryptography: null, library: null };

function measured(others: Partial<Measured>): Measured {
  const nothing = { techniques: [], together: [], attempts: [], servers: [] };
  return { ...nothing, concurrency: 16, pinned: true, ...others };
}

suite("what is said of authenticated connections", () => {
  test("is the median of ratios of neighbours, and not a ratio of medians", () => {
    const groups = [
      { bare: round(1_000), own: round(900), twin: null },
      { bare: round(2_000), own: round(1_900), twin: null },
      { bare: round(4_000), own: round(3_960), twin: null },
    ];
    const one = { ...comparison("one", []), groups, ...noFacts };
    const [goal] = connectionFindings(measured({ techniques: [one] })).goals;
    assert.ok(goal);
    assert.match(goal.measured, /^0\.95 \(one\)$/u);
    assert.equal(goal.isMet, true);
  });

  test("misses the goal when one technique does, and names it with its figure", () => {
    const techniques = [
      comparison("quick", [0.99, 0.98, 1]),
      comparison("slow", [0.9, 0.94, 0.96]),
    ];
    const [goal] = connectionFindings(
      measured({ techniques: techniques.map((one) => ({ ...one, ...noFacts })) }),
    ).goals;
    assert.ok(goal);
    assert.equal(goal.isMet, false);
    assert.match(goal.why ?? "", /^1 of 2 are below: slow 0\.94$/u);
  });

  test("compares what takes more messages with as many messages", () => {
    const longer = { ...comparison("longer", [0.8, 0.8, 0.8], 0.97), ...noFacts };
    const { goals, tables } = connectionFindings(measured({ techniques: [longer] }));
    assert.equal(goals.length, 2, "nothing is said of techniques that there are none of");
    assert.match(goals[0]?.measured ?? "", /^0\.97/u);
    assert.equal(goals[0]?.isMet, true);
    assert.deepEqual(tables[0]?.rows[0]?.slice(2, 5), ["0.80", "0.80–0.80", "0.97"]);
  });

  test("sets no goal for cryptography and for protocols, and says of whom", () => {
    const techniques = [
      { ...comparison("signed", [0.5]), cryptography: "HMAC", library: null },
      { ...comparison("wrapped", [0.4]), cryptography: null, library: "mqtt" },
    ];
    const { goals, tables, notes } = connectionFindings(measured({ techniques }));
    assert.equal(goals.length, 1);
    assert.deepEqual(
      tables[0]?.rows.map((row) => row.at(-1)),
      ["HMAC", "protocol of mqtt"],
    );
    assert.ok(notes.some((note) => note.includes("signed, wrapped")));
  });

  const limits = [
    { name: "the client", bare: round(1_000, 0.97), why: /the client was busy/u },
    { name: "a busy machine", bare: { ...round(1_000), serverShare: 0.4 }, why: /other things/u },
  ];
  for (const { name, bare, why } of limits) {
    test(`misses its goal when ${name} was what limited it`, () => {
      const one = comparison("one", [1, 1, 1]);
      const groups = one.groups.map((group) => ({ ...group, bare }));
      const { goals } = connectionFindings(
        measured({ techniques: [{ ...one, groups, ...noFacts }] }),
      );
      assert.deepEqual(
        goals.map(({ isMet }) => isMet),
        [true, false],
      );
      assert.match(goals[1]?.why ?? "", why);
    });
  }

  test("says why another server is absent, and how one compares with itself", () => {
    const servers = [
      { title: "Absent", absent: "there is none here" },
      {
        title: "Other (1.2)",
        own: comparison("Other", [0.4]),
        open: comparison("Other", [0.5]),
      },
    ];
    const { tables } = connectionFindings(measured({ servers }));
    const rows = tables.find(({ title }) => title.startsWith("Other servers"))?.rows;
    assert.deepEqual(rows, [
      ["Absent", "", "", "", "not measured: there is none here"],
      ["Other (1.2)", "400", "0.40", "0.40–0.40", "0.80"],
    ]);
  });

  test("has a bar for each technique", () => {
    const techniques = ["a", "b"].map((title) => ({ ...comparison(title, [0.9]), ...noFacts }));
    const attempts = [comparison("c", [0.7])];
    const [plot] = connectionFindings(measured({ techniques, attempts })).plots;
    assert.deepEqual(plot?.labels, ["a", "b", "c"]);
    assert.deepEqual(plot?.series[0]?.values, [0.9, 0.9, 0.7]);
  });
});

suite("the spread of values", () => {
  const rows = [
    { values: [3], expected: { median: 3, lower: 3, upper: 3 } },
    { values: [1, 2], expected: { median: 1.5, lower: 1.25, upper: 1.75 } },
    { values: [5, 1, 3, 2, 4], expected: { median: 3, lower: 2, upper: 4 } },
  ];
  for (const { values, expected } of rows) {
    test(values.join(", "), () => assert.deepEqual(spreadOf(values), expected));
  }

  test("of nothing is nothing that could be told", () => {
    assert.throws(() => spreadOf([]), /nothing was measured/u);
  });
});

suite("what a technique does besides", () => {
  const rows = [
    { source: "readCredential() {}", cryptography: null },
    { source: 'createHmac("sha256", key)', cryptography: "HMAC" },
    { source: "randomBytes(16)", cryptography: null },
  ];
  for (const { source, cryptography } of rows) {
    test(`${source}: ${cryptography}`, () => {
      assert.deepEqual(factsOf({}, source), { cryptography, library: null });
    });
  }

  test("is TLS when it asks for a certificate, and a protocol when it has libraries", () => {
    assert.match(factsOf({ asksForCertificate: true }, "").cryptography ?? "", /TLS/u);
    assert.equal(factsOf({ libraries: ["mqtt"] }, "").library, "mqtt");
  });
});

test("a small run connects to every kind of server, and nobody is refused", async () => {
  const said: string[] = [];
  const { goals, tables, plots, notes } = await connections.measure({
    size: "small",
    onProgress: (sentence) => said.push(sentence),
    signal: AbortSignal.timeout(120_000),
  });
  const [techniques, together, attempts, servers] = tables;
  const messages = techniques?.rows.map(([title, , , , , , , count]) => [title, count]);
  assert.deepEqual(messages, [
    ["First message", "2 + 1"],
    ["Query parameter", "1 + 1"],
    ["Single-use ticket", "1 + 1"],
    ["MQTT CONNECT", "3 + 3"],
  ]);
  assert.equal(together?.rows.length, 2);
  assert.equal(attempts?.rows.length, 2);
  assert.equal(servers?.rows.length, 4);
  assert.match(servers?.rows.at(-1)?.[0] ?? "", /^Socket\.IO, auth \(Socket\.IO 4\./u);
  assert.equal(goals.length, 3);
  assert.equal(plots[0]?.labels.length, 6);
  assert.ok(notes.length > 0 && said.length > 0);
});
