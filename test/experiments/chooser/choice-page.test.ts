import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { renderChoicePage } from "../../../experiments/chooser/choice-page.ts";
import type { PublishedTable } from "../../../experiments/chooser/published-table.ts";
import { hostileTexts } from "../report/hostile-results.ts";
import { cell, facts, leak, tableOf, variant } from "./sample-table.ts";

const code = 'const a = "<b>";\n\n  indented();\n';

async function render(table: PublishedTable, query = ""): Promise<string> {
  const snippets = [{ path: "one/server.ts", role: "The server's half", source: code }];
  return await renderChoicePage(new URLSearchParams(query), table, async () => snippets, {
    styleHref: "/choose/style.css",
  });
}

const table = tableOf({
  one: facts({
    cells: [cell("hijacking", "danger"), cell("leaks", "fine")],
    leaks: [leak("access log", "clean")],
  }),
  two: facts({
    cells: [cell("hijacking", "fine"), cell("leaks", "danger")],
    leaks: [leak("access log", "found")],
  }),
  three: facts({ variants: [variant("broken", 1)] }),
});

suite("the page that chooses", () => {
  test("shows each rank with its reasons, their severity, the trial that shows it, and advice", async () => {
    const text = await render(table);
    assert.match(text, /<span class="rank">1<\/span> <a href="\/techniques\/one">/);
    assert.match(text, /danger<\/span\s*>\s*<strong>Hijacking: <bdi>hijacking danger<\/bdi>/);
    assert.match(text, /hijacking-1 at same-origin, wss in firefox, attempt 2/);
    assert.match(text, /Do about hijacking\./);
    assert.match(text, /It does not work here \(1\)[^]*href="\/techniques\/three"/);
  });

  test("shows the code as it is, whatever is in it", async () => {
    const text = await render(table);
    assert.ok(text.includes("const a = &quot;&lt;b&gt;&quot;;&#10;&#10;  indented();&#10;"));
  });

  test("ticks what was asked for, and answers that", async () => {
    const text = await render(table, "demand=quiet-log&placement=same-origin&scheme=wss");
    assert.match(text, /name="demand"\s+value="quiet-log"\s+checked/);
    assert.doesNotMatch(text, /value="quiet-proxy-log"\s+checked/);
    assert.match(text, /It leaves a usable token in the server&#39;s access log \(1\)/);
  });

  test("says so when nothing is known, and ranks nothing", async () => {
    const text = await render(tableOf({ one: facts(), two: facts() }));
    assert.match(text, /Nothing can be ranked\./);
    assert.match(text, /Not known: <bdi>Hijacking, Leaks<\/bdi> \(2\)/);
    assert.doesNotMatch(text, /class="rank"/);
  });

  test("says so when there are no published results", async () => {
    assert.match(await render(null), /no published results/);
  });

  for (const hostile of hostileTexts) {
    test(`writes ${JSON.stringify(hostile)} as it is, from an address or a result`, async () => {
      const query = new URLSearchParams({ browser: hostile, [hostile]: "1" }).toString();
      const cells = [cell("hijacking", "danger", { sentence: hostile, word: hostile })];
      const text = await render(tableOf({ one: facts({ cells }) }), query);
      assert.match(text, /role="alert"/);
      assert.doesNotMatch(text, /<script|<img|<style| on[a-z]+="/i);
    });
  }
});
