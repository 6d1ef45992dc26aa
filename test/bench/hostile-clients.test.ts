import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { attacks, type Attack } from "../../bench/hostile-clients/attacks.ts";
import { findingsOf } from "../../bench/hostile-clients/findings.ts";
import { measureAttacks, type Measured } from "../../bench/hostile-clients/measure.ts";
import { settings } from "../../bench/hostile-clients/settings.ts";

const mebibyte = 1_024 * 1_024;
const [attack] = attacks;
assert.ok(attack);

const sample: Measured = {
  attack,
  connections: 10,
  before: [1, 2, 3],
  during: [4, 2, 6],
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
  ];
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
    assert.ok(one.before.length > 0, one.attack.id);
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
