import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import type { Plot } from "../../bench/benchmark.ts";
import { benchmarks } from "../../bench/index.ts";
import { renderMarkdown } from "../../bench/markdown.ts";
import { blockOf, pageOf, pictureOf, resultFileOf, showing } from "../../bench/pages.ts";
import { renderPlot } from "../../bench/plot.ts";
import type { BenchmarkResult } from "../../bench/published.ts";
import { readBenchmarkResult } from "../../bench/result-file.ts";
import { renderSummary } from "../../bench/summary.ts";

const plot: Plot = {
  id: "cost",
  title: "Cost <a trial>",
  kind: "bars",
  labels: ["1×", "2×"],
  series: [
    { name: "run", values: [12, 13] },
    { name: "floor", values: [10, 10] },
  ],
  unit: "ms",
};

const result: BenchmarkResult = {
  schema: "websocket-auth-bench/1",
  id: "example",
  startedAt: "2026-01-02T03:04:05.000Z",
  tookMs: 90_000,
  command: "npm run bench -- example",
  revision: "0123456789abcdef",
  dirty: false,
  machine: { system: "OS", processor: "CPU", cores: 2, memoryGiB: 8, node: "v1.2.3" },
  goals: [
    { claim: "At most 1.5 times", measured: "1.3 times", isMet: true, why: null },
    { claim: "No | pause", measured: "12 ms", isMet: false, why: "a <collection>" },
  ],
  tables: [{ title: "Rows", headings: ["what", "ms"], rows: [["a|b", "1"]] }],
  plots: [plot],
  notes: ["It was \u001b[31mred."],
};

suite("a benchmark's results", () => {
  test("show a missed goal with its figure and reason, and no markup of theirs", () => {
    const markdown = renderMarkdown(result, () => "picture.svg");
    assert.match(markdown, /\| No \\\| pause \| 12 ms \| \*\*missed\*\*: a \\<collection\\> \|/u);
    assert.match(markdown, /\| At most 1.5 times \| 1.3 times \| met \|/u);
    assert.match(markdown, /!\[Cost \\<a trial\\>\]\(picture.svg\)/u);
    assert.match(markdown, /revision 0123456789ab, on CPU, 2 cores/u);
  });

  test("name the machine, and say when the code was changed", () => {
    const markdown = renderMarkdown({ ...result, dirty: true }, () => "");
    assert.match(markdown, /revision 0123456789ab with changes/u);
  });

  test("reach a terminal without control characters", () => {
    const summary = renderSummary({ title: "Example" }, result);
    assert.equal(summary.includes("\u001b"), false);
    assert.match(summary, /✗ No \| pause: 12 ms/u);
  });

  test("replace their own block of a page, and nothing else", async () => {
    const begin = "<!-- bench example: written by npm run bench -- example --publish -->";
    const page = `before\n\n${begin}\nold\n<!-- /bench example -->\n\nafter\n`;
    const shown = await showing(page, { id: "example" }, result);
    assert.match(shown, /^before\n\n<!-- bench example/u);
    assert.match(shown, /<!-- \/bench example -->\n\nafter\n$/u);
    assert.doesNotMatch(shown, /\nold\n/u);
    await assert.rejects(showing("no block", { id: "example" }, result), /has no block/u);
  });

  test("are drawn with every bar as long as its value, from an axis that begins at 0", () => {
    const picture = renderPlot(plot);
    const [first = 0, second = 0] = numbersIn(
      picture,
      /width="(?<number>[\d.]+)"\s+height="[\d.]+"\s+fill="#0072b2"/gu,
    );
    assert.ok(Math.abs(second / first - 13 / 12) < 0.01);
    assert.match(picture, /Cost &lt;a trial&gt; \(ms\)/u);
  });

  test("are drawn with long names beside what they name, and none over another", () => {
    const name = "what is long enough to be in the way";
    const series = Array.from({ length: 5 }, (_, index) => ({
      name: `${name} ${index}`,
      values: [index, index, index],
    }));
    const picture = renderPlot({ ...plot, labels: [name, name, name], series });
    const rows = numbersIn(picture, /y="(?<number>[\d.]+)">what is long/gu);
    assert.equal(new Set(rows).size, 3);
    const beside = numbersIn(picture, /y="(?<number>[\d.]+)" text-anchor="end">what is long/gu);
    const [one = 0, other = 0] = beside;
    assert.equal(beside.length, 3);
    assert.ok(other - one >= 12);
    assert.ok(name.length * 6 < Number(/<rect\s+x="(?<x>[\d.]+)"/u.exec(picture)?.groups?.["x"]));
  });

  test("are drawn as lines at the heights of their values", () => {
    const picture = renderPlot({ ...plot, kind: "lines" });
    const [run = ""] = [...picture.matchAll(/points="(?<points>[^"]+)"/gu)].map(
      ({ groups }) => groups?.["points"] ?? "",
    );
    const [first = 0, second = 0] = run.split(" ").map((point) => Number(point.split(",")[1]));
    assert.ok(second < first);
  });
});

function numbersIn(text: string, pattern: RegExp): readonly number[] {
  return [...text.matchAll(pattern)].map(({ groups }) => Number(groups?.["number"]));
}

suite("a published benchmark", () => {
  for (const benchmark of benchmarks) {
    const isPublished = existsSync(resultFileOf(benchmark));
    test(`${benchmark.id} has a block on its page, which says nothing before it is published`, async () => {
      const block = blockOf(await readFile(pageOf(benchmark), "utf8"), benchmark);
      assert.equal(block !== "", isPublished);
    });
    if (!isPublished) continue;
    test(`${benchmark.id} is what its page and its pictures say`, async () => {
      const published = await readBenchmarkResult(resultFileOf(benchmark));
      assert.equal(published.id, benchmark.id);
      assert.equal(published.dirty, false);
      const url = pageOf(benchmark);
      const page = await readFile(url, "utf8");
      assert.equal(page, await showing(page, benchmark, published));
      for (const drawn of published.plots) {
        const picture = await readFile(new URL(pictureOf(benchmark, drawn), url), "utf8");
        assert.equal(picture, renderPlot(drawn));
      }
    });
  }
});
