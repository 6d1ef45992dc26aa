import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultView, parseCompareQuery } from "../../site/compare-view.ts";
import { createComparison } from "../../site/comparison.ts";
import { outcomeCodes, type SiteRun } from "../../site/data.ts";
import { linksFrom } from "../../site/links.ts";
import { renderCompare } from "../../site/views/compare.ts";
import { publishedData } from "./compare-data.ts";

const data = await publishedData();
const comparison = createComparison(data);
const [first] = data.runs;
assert.ok(first);

function pageOf(query: string, runs: readonly SiteRun[] = data.runs): string {
  const context = { data: { ...data, runs }, links: linksFrom(""), isLab: false };
  return String(renderCompare(context, new URLSearchParams(query)));
}

/** What the cells of a page say, in one line each. */
function cellsOf(page: string): string[] {
  return [...page.matchAll(/<td[^>]*>(?<cell>.*?)<\/td>/gsu)].map(({ groups }) =>
    (groups?.["cell"] ?? "").replaceAll(/<[^>]*>/gu, "").replaceAll(/\s+/gu, " "),
  );
}

/** How many cells say that it works, and do not say that this is so far. */
function saysBare(page: string): number {
  return cellsOf(page).filter((cell) => /(?:works|all pass)(?! so far)/u.test(cell)).length;
}

describe("a cell of some placements and schemes", () => {
  for (const query of [
    "scheme=ws",
    "scheme=wss",
    "placement=same-origin",
    "placement=cross-site",
  ]) {
    test(`says what is unsafe elsewhere, for ${query}`, () => {
      const { view } = parseCompareQuery(new URLSearchParams(query), data);
      const { rows, columns } = comparison.matrix(view);
      const expected = rows.flatMap(({ technique, cells }) =>
        cells.flatMap(({ word }, index) => {
          const run = columns[index]?.run;
          if (run === undefined || word === "unsafe" || word === "untried") return [];
          return comparison.proof(run, technique.id)?.summary.word === "unsafe" ? [word] : [];
        }),
      );
      const warned = cellsOf(pageOf(query)).filter((cell) => cell.includes("‼ unsafe elsewhere"));
      assert.equal(warned.length, expected.length);
      if (query === "scheme=ws") assert.ok(expected.includes("works"), "there is such a technique");
    });
  }

  test("needs not say it where the word is about all", () => {
    assert.doesNotMatch(pageOf(""), /unsafe elsewhere/u);
  });
});

function visit(planned: number): SiteRun {
  assert.ok(first);
  return { ...first, key: "visit-1", source: "visit", planned };
}

describe("a cell of a visit that goes on", () => {
  for (const query of ["source=visit", "source=visit&scenario=rotation"]) {
    test(`works so far, for ${query}`, () => {
      const running = pageOf(query, [visit(first.trials.length + 1)]);
      assert.match(running, /… *<\/span>|>…</u);
      assert.match(running, / so far/u);
      assert.equal(saysBare(running), 0);
    });

    test(`works without more ado when all is over, for ${query}`, () => {
      const over = pageOf(query, [visit(first.trials.length)]);
      assert.doesNotMatch(over, / so far/u);
      assert.ok(saysBare(over) > 0);
    });
  }
});

describe("a cell of which nothing can be said", () => {
  test("means also what a browser could not be given", () => {
    const unsupported = outcomeCodes.indexOf("unsupported");
    const run: SiteRun = {
      ...first,
      trials: first.trials.map(([technique, scenario, placement, scheme]) => [
        technique,
        scenario,
        placement,
        scheme,
        unsupported,
      ]),
    };
    const { rows } = createComparison({ ...data, runs: [run] }).matrix({
      ...defaultView,
      scenario: ["rotation"],
    });
    assert.deepEqual([...new Set(rows.map(({ cells }) => cells[0]?.word))], ["open"]);
    const legend = /<dd>[^<]*of some nothing can be said[^<]*could not be given<\/dd>/u;
    assert.match(pageOf("scenario=rotation", [run]), legend);
  });
});
