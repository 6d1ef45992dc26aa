import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Serial } from "../../model/observation.ts";
import { idOf, TokenEntries, type Kept } from "../../server/token-entries.ts";

interface Entry extends Kept<Entry> {}

function entry(secret: string, serial: Serial): Entry {
  const number = Number(serial.slice(1));
  return { secret: secret.padEnd(34, "-"), number, older: null, newer: null };
}

function secretsOf(entries: Iterable<Entry>): string[] {
  return [...entries].map(({ secret }) => secret.replaceAll("-", ""));
}

/** From the first to the last. */
function inOrder(entries: TokenEntries<Entry>): string[] {
  const found: Entry[] = [];
  for (let next = entries.oldest; next !== null; next = next.newer) found.push(next);
  return secretsOf(found);
}

suite("token entries", () => {
  test("are found by their whole id, and by nothing else", () => {
    const entries = new TokenEntries<Entry>();
    const one = entry("abcdefghijklmnop", "#1");
    entries.add(one);
    assert.equal(entries.get(idOf(one.secret)), one);
    for (const id of ["", "abcdefghijk", "abcdefghijklm", "abcdefghijkL", "constructor"]) {
      assert.equal(entries.get(id), undefined, id);
    }
  });

  test("whose ids have the same hash are told apart", () => {
    const entries = new TokenEntries<Entry>();
    // 31 * "B" + "b" is 31 * "C" + "C".
    const [one, other] = [entry("BbBbBbBbBbBb", "#1"), entry("CCBbBbBbBbBb", "#2")];
    entries.add(one);
    entries.add(other);
    assert.equal(entries.get("BbBbBbBbBbBb"), one);
    assert.equal(entries.get("CCBbBbBbBbBb"), other);
    entries.delete(one);
    assert.equal(entries.get("BbBbBbBbBbBb"), undefined);
    assert.equal(entries.get("CCBbBbBbBbBb"), other);
  });

  test("are found by their serial, oldest first, until they are taken away", () => {
    const entries = new TokenEntries<Entry>();
    const [one, two, three] = [entry("a", "#7"), entry("b", "#7"), entry("c", "#4103")];
    for (const some of [one, two, three]) entries.add(some);
    assert.deepEqual(secretsOf(entries.withSerial("#7")), ["a", "b"]);
    // In the same part of the map.
    assert.deepEqual(secretsOf(entries.withSerial("#4103")), ["c"]);
    entries.delete(one);
    assert.deepEqual(secretsOf(entries.withSerial("#7")), ["b"]);
    entries.delete(two);
    assert.deepEqual(secretsOf(entries.withSerial("#7")), []);
    assert.deepEqual(secretsOf(entries.withSerial("#4103")), ["c"]);
  });

  const rows: { name: string; without: readonly string[]; expected: readonly string[] }[] = [
    { name: "all of them", without: [], expected: ["a", "b", "c"] },
    { name: "without the oldest", without: ["a"], expected: ["b", "c"] },
    { name: "without one in the middle", without: ["b"], expected: ["a", "c"] },
    { name: "without the newest", without: ["c"], expected: ["a", "b"] },
    { name: "without any but one", without: ["a", "c"], expected: ["b"] },
    { name: "without any", without: ["b", "a", "c"], expected: [] },
  ];
  for (const { name, without, expected } of rows) {
    test(`stay in the order in which they came: ${name}`, () => {
      const entries = new TokenEntries<Entry>();
      const all = ["a", "b", "c"].map((secret) => entry(secret, "#1"));
      for (const one of all) entries.add(one);
      for (const gone of without) {
        entries.delete(all.find(({ secret }) => secret.startsWith(gone)) ?? assert.fail());
      }
      assert.deepEqual(inOrder(entries), expected);
      assert.equal(entries.size, expected.length);
      entries.add(entry("d", "#2"));
      assert.deepEqual(inOrder(entries), [...expected, "d"]);
    });
  }

  test("keep no others alive once they are gone", () => {
    const entries = new TokenEntries<Entry>();
    const all = ["a", "b", "c"].map((secret) => entry(secret, "#1"));
    for (const one of all) entries.add(one);
    const [, middle] = all;
    assert.ok(middle);
    entries.delete(middle);
    assert.deepEqual([middle.older, middle.newer], [null, null]);
  });
});
