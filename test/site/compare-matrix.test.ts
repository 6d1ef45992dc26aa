import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { matrixOf } from "../../experiments/report/matrix.ts";
import { catalogueOf } from "../../experiments/catalogue.ts";
import { techniques } from "../../techniques/index.ts";
import { summariseBrowser } from "../../site/browser-summary.ts";
import { defaultView, parseCompareQuery } from "../../site/compare-view.ts";
import { createComparison, isRunning } from "../../site/comparison.ts";
import type { SiteRun } from "../../site/data.ts";
import { linksFrom } from "../../site/links.ts";
import type { ShownCell } from "../../site/matrix-cells.ts";
import { renderCompare } from "../../site/views/compare.ts";
import { newestPublished, publishedData, siteDataOf } from "./compare-data.ts";

const data = await publishedData();
const results = await newestPublished();
const comparison = createComparison(data);

function rowsOf(query: string): Map<string, readonly ShownCell[]> {
  const { view, problems } = parseCompareQuery(new URLSearchParams(query), data);
  assert.deepEqual(problems, []);
  return new Map(comparison.matrix(view).rows.map(({ technique, cells }) => [technique.id, cells]));
}

describe("the matrix of published results", () => {
  const reported = matrixOf(results, catalogueOf(techniques));

  test("has the columns of every report", () => {
    const shown = comparison.matrix(defaultView).columns.map(({ column }) => column.label);
    assert.deepEqual(
      shown,
      reported.columns.map(({ label }) => label),
    );
  });

  test("says of every technique and browser what every report says", () => {
    const shown = rowsOf("");
    assert.equal(shown.size, reported.rows.length);
    for (const { technique, cells } of reported.rows) {
      assert.deepEqual(
        shown.get(technique.id)?.map(({ word, passed, total, brokenWhere }) => {
          return { word, passed, total, brokenWhere };
        }),
        cells.map(({ summary: { word, passed, total }, brokenWhere }) => {
          return { word, passed, total, brokenWhere };
        }),
        technique.id,
      );
    }
  });

  test("marks every placement and scheme as the reports do", () => {
    for (const { technique, cells } of reported.rows) {
      const shown = rowsOf("").get(technique.id) ?? [];
      for (const [index, { variants }] of cells.entries()) {
        const marks = shown[index]?.marks.filter((mark) => mark !== "untried").toSorted();
        const words = variants.map(({ summary, isSupported }) =>
          isSupported ? summary.word : "unsupported",
        );
        assert.deepEqual(marks, words.toSorted(), technique.id);
      }
    }
  });

  test("says of other profiles what every report says", () => {
    const shown = createComparison(data).matrix({
      ...defaultView,
      run: data.runs.map(({ key }) => key),
    });
    for (const { technique, folded } of reported.rows) {
      for (const { column, summary } of folded) {
        const place = shown.columns.findIndex(({ run }) => run.id === column.run.id);
        const cell = shown.rows.find((row) => row.technique.id === technique.id)?.cells[place];
        if (summary.total === 0) assert.equal(cell?.total, 0);
        else assert.deepEqual([cell?.word, cell?.total], [summary.word, summary.total]);
      }
    }
  });

  test("counts only what is asked for, by placement and scheme", () => {
    for (const [technique, cells] of rowsOf("placement=cross-site&scheme=wss")) {
      const own = results.runs[0]?.trials.filter(
        (trial) =>
          trial.technique === technique &&
          trial.placement === "cross-site" &&
          trial.scheme === "wss" &&
          trial.aspect === undefined,
      );
      assert.equal(cells[0]?.total, own?.length ?? 0, technique);
    }
  });

  test("gives no verdict when something else than the proof is asked", () => {
    const words = [...rowsOf("scenario=hijack-cross-site").values()].flat().map(({ word }) => word);
    assert.ok((words.includes("all") && words.includes("none")) || words.includes("some"));
    for (const word of words) assert.match(word, /^(?:all|some|none|open|untried)$/u);
  });

  test("counts passes of an aspect plainly", () => {
    const cells = rowsOf("scenario=hijack-cross-site").get("session-cookie-unchecked");
    const own = results.runs[0]?.trials.filter(
      ({ technique, scenario }) =>
        technique === "session-cookie-unchecked" && scenario === "hijack-cross-site",
    );
    const passed = own?.filter(({ verdict }) => verdict.outcome === "pass").length;
    assert.deepEqual([cells?.[0]?.passed, cells?.[0]?.total], [passed, own?.length]);
  });

  test("says why something was left out", () => {
    const cells = rowsOf("placement=cross-site").get("session-cookie");
    assert.equal(cells, undefined, "a technique without any trial has no row");
    const some = rowsOf("placement=cross-site&run=chrome").get("first-message");
    assert.equal(some?.[0]?.leftOut, null);
  });

  test("shows only rows in which known answers differ, when asked", () => {
    const rows = rowsOf("differ=yes");
    assert.ok(rows.size > 0 && rows.size < rowsOf("").size);
    for (const cells of rows.values()) {
      const answers = new Set(cells.map(({ word, marks }) => `${word} ${marks.join(" ")}`));
      assert.ok(answers.size > 1);
    }
  });

  test("finds techniques by a part of their title in any case", () => {
    assert.ok(rowsOf("search=COOKIE").has("session-cookie"));
    assert.ok(!rowsOf("search=COOKIE").has("subprotocol"));
  });
});

describe("columns of the matrix", () => {
  test("puts the run that is asked for by name first, whatever else is chosen", () => {
    const { view } = parseCompareQuery(
      new URLSearchParams("run=firefox.private&browser=webkit"),
      data,
    );
    const keys = comparison.matrix(view).columns.map(({ run }) => run.key);
    assert.deepEqual(keys, ["firefox.private", "webkit"]);
  });

  test("shows only the newest local run of a browser", async () => {
    const [first] = results.runs;
    assert.ok(first);
    const older = { ...first, id: "older", startedAt: "2020-01-01T00:00:00.000Z" };
    const both = await siteDataOf(
      { source: "local", prefix: "local-1-", results: { ...results, runs: [older] } },
      { source: "local", prefix: "local-2-", results: { ...results, runs: [first] } },
    );
    const { columns } = createComparison(both).matrix(defaultView);
    assert.deepEqual(
      columns.map(({ run }) => run.key),
      ["local-2-chrome"],
    );
  });
});

describe("a browser in sentences", () => {
  const published = data.runs.filter(({ profile }) => profile.name === "default");
  const [one, ...others] = published;
  assert.ok(one);

  test("counts every technique once", () => {
    const { counts } = summariseBrowser(comparison, one, others);
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    assert.equal(total, rowsOf("browser=chrome").size);
  });

  test("differs in nothing from itself, measured again", () => {
    const again: SiteRun = { ...one, key: "visit-again", source: "visit" };
    const [against] = summariseBrowser(comparison, again, [one]).against;
    assert.deepEqual(against?.differences, []);
    assert.ok((against?.common ?? 0) > 30);
  });

  test("compares only trials that both made", () => {
    const trials = one.trials.filter(([, , , scheme]) => data.schemes[scheme] === "ws");
    const half: SiteRun = { ...one, key: "visit-half", trials };
    const [against] = summariseBrowser(comparison, half, [one]).against;
    assert.deepEqual(against?.differences, []);
  });

  test("leads to a trial that failed as the verdict says", () => {
    for (const run of published) {
      for (const { technique, trial, word } of summariseBrowser(comparison, run, []).failing) {
        assert.ok(trial, technique.id);
        const made = results.runs
          .find(({ id }) => id === run.id)
          ?.trials.find(
            (other) =>
              other.technique === technique.id &&
              other.scenario === trial.scenario &&
              other.placement === trial.placement &&
              other.scheme === trial.scheme &&
              other.verdict.outcome === "fail",
          );
        assert.ok(made, `${run.key} ${technique.id}`);
        if (word === "unsafe") {
          assert.equal(trial.outcome, "let-in");
          assert.match(made.aspect ?? "proof", /^(?:proof|hijacking|recovery)$/u);
        }
      }
    }
  });
});

describe("the home page", () => {
  const links = linksFrom("");

  test("has the forms of a lab only in a lab", () => {
    const lab = String(renderCompare({ data, links, isLab: true }, new URLSearchParams()));
    const folder = String(renderCompare({ data, links, isLab: false }, new URLSearchParams()));
    assert.match(lab, /action="\/runs"/u);
    assert.match(lab, /name="user"/u);
    assert.doesNotMatch(folder, /action="\/|method="post"/u);
  });

  test("carries the filters into the links of cells", () => {
    const query = new URLSearchParams("placement=cross-site&scheme=ws&browser=firefox");
    const page = String(renderCompare({ data, links, isLab: false }, query));
    assert.ok(
      page.includes(
        "evidence.html?run=firefox&amp;technique=user-information&amp;placement=cross-site&amp;scheme=ws",
      ),
    );
  });

  test("shows text from an address and from results as text", () => {
    const hostile = data.runs.map((run) => {
      return { ...run, browser: { ...run.browser, name: "<script>alert(1)</script>" } };
    });
    const query = new URLSearchParams({ search: '"><script>alert(2)</script>', browser: "<b>" });
    const context = { data: { ...data, runs: hostile }, links, isLab: true };
    assert.doesNotMatch(String(renderCompare(context, query)), /<script|<b>/u);
  });

  test("has a column for a visit that has made no trial yet, and says how far it is", () => {
    const [first] = data.runs;
    assert.ok(first);
    const visit: SiteRun = { ...first, key: "visit-1", source: "visit", trials: [], planned: 9 };
    assert.ok(isRunning(visit));
    const context = { data: { ...data, runs: [...data.runs, visit] }, links, isLab: true };
    const page = String(renderCompare(context, new URLSearchParams("run=visit-1")));
    assert.match(page, /measuring: 0 of 9 trials/u);
    assert.match(page, /not tried/u);
  });

  test("renders results without any run", () => {
    const context = { data: { ...data, runs: [] }, links, isLab: false };
    assert.match(String(renderCompare(context, new URLSearchParams())), /Nothing was measured/u);
  });
});
