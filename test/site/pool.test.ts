import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { fromPool, toPool } from "../../site/pool.ts";

suite("a pool", () => {
  const rows: readonly { readonly name: string; readonly value: object }[] = [
    { name: "nothing", value: {} },
    { name: "an empty list", value: { list: [] } },
    { name: "every kind of value", value: { a: "", b: 0, c: -1, d: true, e: false, f: null } },
    { name: "values that look alike", value: ["1", 1, true, "true", null, "null", "[]", [], {}] },
    { name: "numbers like the marks of lists", value: [-1, [-1], [[-1]], { "-1": -1 }] },
    { name: "keys of any kind", value: { "": 1, "a,b": 2, __proto: 3, é: { "": [] } } },
    {
      name: "the same keys in another order",
      value: [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
    },
  ];
  for (const { name, value } of rows) {
    test(`gives back ${name}`, () => {
      assert.deepEqual(fromPool(JSON.parse(JSON.stringify(toPool(value)))), value);
    });
  }

  test("leaves out what is undefined, as JSON does", () => {
    assert.deepEqual(fromPool(toPool({ a: undefined, b: 1 })), { b: 1 });
  });

  test("says everything once", () => {
    const one = { long: "a sentence that comes up again", list: [1, 2, 3] };
    const { entries } = toPool([one, { ...one }, [structuredClone(one)]]);
    const texts = entries.map((entry) => JSON.stringify(entry));
    assert.equal(new Set(texts).size, texts.length);
  });

  test("takes nothing but plain data", () => {
    assert.throws(() => toPool([() => {}]), /and not a function/u);
  });
});
