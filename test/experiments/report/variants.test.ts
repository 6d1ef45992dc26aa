import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { listed, whereAdverbially, whereFound } from "../../../experiments/report/variants.ts";

const placements = ["same-origin", "same-host", "same-site", "cross-site"];
const tried = placements.flatMap((placement) => [`${placement}, ws`, `${placement}, wss`]);
const of = (text: string): string[] => tried.filter((variant) => variant.endsWith(text));
const at = (...some: string[]): string[] =>
  tried.filter((variant) => some.some((placement) => variant.startsWith(`${placement},`)));

const rows: {
  readonly found: readonly string[];
  readonly tried?: readonly string[];
  readonly where: string;
  readonly adverbially: string | null;
}[] = [
  { found: tried, where: "everywhere", adverbially: "everywhere" },
  { found: of(" wss"), where: "wss only", adverbially: "over wss" },
  { found: at("cross-site"), where: "cross-site only", adverbially: "cross-site" },
  {
    found: at("same-site", "cross-site"),
    where: "same-site and cross-site only",
    adverbially: "same-site and cross-site",
  },
  {
    found: at("same-host", "same-site", "cross-site"),
    where: "same-host, same-site and cross-site only",
    adverbially: "same-host, same-site and cross-site",
  },
  {
    found: ["cross-site, ws"],
    where: "cross-site, ws only",
    adverbially: "cross-site over ws",
  },
  {
    found: ["same-site, ws", "cross-site, ws"],
    where: "same-site and cross-site, ws only",
    adverbially: "same-site and cross-site over ws",
  },
  {
    found: ["same-host, ws", "cross-site, wss"],
    where: "same-host, ws; cross-site, wss",
    adverbially: null,
  },
  {
    found: [...at("same-host"), "cross-site, ws"],
    where: "same-host, ws; same-host, wss; cross-site, ws",
    adverbially: null,
  },
  {
    found: ["same-host, ws"],
    tried: ["same-host, ws", "same-host, wss"],
    where: "ws only",
    adverbially: "over ws",
  },
  {
    found: ["cross-site, ws"],
    tried: ["same-host, ws", "cross-site, ws"],
    where: "cross-site only",
    adverbially: "cross-site",
  },
];

suite("where something was found is told as shortly as it can be", () => {
  for (const { found, tried: all = tried, where, adverbially } of rows) {
    test(`${where} (of ${all.length})`, () => {
      assert.equal(whereFound(found, all), where);
      assert.equal(whereAdverbially(found, all), adverbially);
    });
  }

  test("without a claim on the others when they are not known", () => {
    const unsure = { isComplete: false };
    assert.equal(whereFound(at("cross-site"), tried, unsure), "cross-site");
    assert.equal(whereFound(["cross-site, ws"], tried, unsure), "cross-site, ws");
    assert.equal(whereFound(of(" ws"), tried, unsure), "ws");
  });
});

test("words are listed as in a sentence", () => {
  assert.deepEqual([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listed), [
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});
