import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { suite, test } from "node:test";
import { assault, neverConnected } from "../../bench/hostile-clients/assault.ts";
import { attacks, type Attack } from "../../bench/hostile-clients/attacks.ts";
import { findingsOf } from "../../bench/hostile-clients/findings.ts";
import { measureAttacks, type Measured } from "../../bench/hostile-clients/measure.ts";
import { settings } from "../../bench/hostile-clients/settings.ts";

const mebibyte = 1_024 * 1_024;
const attack: Attack = attacks[0] ?? assert.fail();

const sample: Measured = {
  attack,
  connections: 10,
  before: [1, 2, 3],
  during: [4, 2, 6],
  cycles: 3,
  unserved: 0,
  releasedAfterMs: 20_500,
  said: new Map([["408", 9]]),
  resident: { before: 100 * mebibyte, during: 120 * mebibyte },
  heap: { before: 50 * mebibyte, after: 51 * mebibyte },
};

suite("goals about hostile clients", () => {
  test("are met by a lab that holds", () => {
    const { goals } = findingsOf([sample]);
    assert.deepEqual(
      goals.map(({ measured, isMet }) => [measured, isMet]),
      [
        ["1 of 1 attacks", true],
        ["3 of 3 cycles", true],
        ["at most 2.0 times (silence: 4.0 ms against 2.0 ms)", true],
        ["1.0 MiB more than the 50.0 MiB before the first", true],
      ],
    );
  });

  test("count those who flood apart, and say so", () => {
    const flood = { ...sample, attack: { ...attack, goesOn: true as const }, during: [9, 40, 90] };
    const { goals, notes } = findingsOf([sample, flood]);
    assert.ok(goals.every(({ isMet }) => isMet));
    assert.match(notes[0] ?? "", / up to 20\.0 times \(silence: 40\.0 ms against 2\.0 ms\)\.$/u);
  });

  const rows: readonly { name: string; differs: Partial<Measured>; missed: number }[] = [
    { name: "leaves connections open", differs: { releasedAfterMs: null }, missed: 0 },
    { name: "does not serve others", differs: { unserved: 1 }, missed: 1 },
    { name: "serves nobody at all", differs: { unserved: 2, during: [] }, missed: 1 },
    { name: "serves others late", differs: { during: [1, 7, 7] }, missed: 2 },
    {
      name: "keeps memory",
      differs: { heap: { before: 60 * mebibyte, after: 90 * mebibyte } },
      missed: 3,
    },
    { name: "is ended by an attack", differs: { heap: { before: 0, after: null } }, missed: 0 },
    { name: "refuses connections", differs: { said: new Map([[neverConnected, 1]]) }, missed: 0 },
    {
      name: "ends some by another limit",
      differs: {
        said: new Map([
          ["408", 9],
          ["503", 1],
        ]),
      },
      missed: 0,
    },
    { name: "is not seen to end anything", differs: { said: new Map() }, missed: 0 },
    { name: "serves too few during an attack", differs: { during: [4, 2] }, missed: 1 },
    { name: "serves nobody before or during", differs: { before: [], during: [] }, missed: 2 },
  ];
  test("are met by an attack that reads nothing, and sees no end", () => {
    const unread = { ...sample, attack: { ...attack, neverReads: true as const }, said: new Map() };
    assert.ok(findingsOf([sample, unread]).goals.every(({ isMet }) => isMet));
  });

  test("take the mean of the two in the middle", () => {
    const { goals } = findingsOf([{ ...sample, before: [1, 3], during: [2, 2, 3, 9] }]);
    assert.match(goals[2]?.measured ?? "", /2\.5 ms against 2\.0 ms/u);
  });

  for (const { name, differs, missed } of rows) {
    test(`are missed by a lab that ${name}`, () => {
      const { goals } = findingsOf([sample, { ...sample, ...differs }]);
      assert.equal(goals[missed]?.isMet, false);
    });
  }
});

test("a few attacks are measured from both ends", { timeout: 120_000 }, async () => {
  const some = ["tls-half", "too-many", "reset-handshake", "ping-flood-unread"];
  const chosen: Attack[] = attacks.filter(({ id }) => some.includes(id));
  const { signal } = new AbortController();
  const measured = await measureAttacks(settings.small, { onProgress: () => {}, signal }, chosen);
  assert.deepEqual(
    measured.map((one) => one.attack.id),
    chosen.map(({ id }) => id),
  );
  for (const one of measured) {
    assert.ok(one.during.length >= settings.small.cycles, one.attack.id);
    assert.equal(one.unserved, 0, one.attack.id);
    assert.notEqual(one.releasedAfterMs, null, one.attack.id);
    assert.ok([...one.said.keys()].every((said) => one.attack.ends.includes(said)));
  }
  const { tables } = findingsOf(measured);
  assert.deepEqual(
    tables.map(({ rows }) => rows.length),
    [chosen.length, chosen.length],
  );
});

test("a connection that nobody accepts is not taken for one that was cut", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : assert.fail();
  server.close();
  await once(server, "close");
  const refused: Attack = { ...attack, open: () => connect(port, "127.0.0.1") };
  const target = { app: 0, handshake: 0, handshakeTls: 0, message: 0, token: "", dribbleMs: 1 };
  using hostile = assault(refused, target, 2);
  const ends = await hostile.over;
  assert.deepEqual(
    ends.map(({ said }) => said),
    [neverConnected, neverConnected],
  );
});

/** An attack that does this when it begins. */
function doing(something: () => void): Attack {
  return {
    ...attack,
    get connections() {
      something();
      return attack.connections;
    },
  };
}

test("a lab that dies of an attack is a missed goal", { timeout: 60_000 }, async () => {
  let lab: ChildProcess | undefined;
  const deadly = doing(() => assert.equal(lab?.kill("SIGKILL"), true));
  const { signal } = new AbortController();
  const measured = await measureAttacks(
    settings.small,
    { onProgress: () => {}, signal },
    [deadly, deadly],
    (started) => (lab = started),
  );
  assert.equal(measured.length, 1);
  const { goals } = findingsOf(measured);
  assert.match(goals[0]?.why ?? "", /^the lab's process ended, and what follows was not tried/u);
  assert.ok(goals.every(({ isMet }) => !isMet));
});

test("who interrupts an attack is told so, and nothing else", { timeout: 60_000 }, async () => {
  const controller = new AbortController();
  const interrupted = doing(() => controller.abort(new Error("interrupted")));
  const { signal } = controller;
  const measuring = measureAttacks(settings.small, { onProgress: () => {}, signal }, [interrupted]);
  await assert.rejects(measuring, { message: "interrupted" });
});
