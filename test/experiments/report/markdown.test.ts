import assert from "node:assert/strict";
import { describe, test } from "node:test";
import markdownIt from "markdown-it";
import { escapeMarkdown } from "../../../experiments/report/escape-markdown.ts";
import { markdown } from "../../../experiments/report/markdown.ts";
import { visible } from "../../../experiments/report/visible.ts";
import { hostileResults, hostileTexts } from "./hostile-results.ts";
import { sampleCatalogue, sampleResults } from "./sample-results.ts";
import { variedResults } from "./varied-results.ts";

const renderer = markdownIt({ html: true, linkify: true });

describe("the markdown report", () => {
  test("has the matrix as a table", () => {
    const text = markdown.render(sampleResults(), sampleCatalogue);
    assert.deepEqual(text.split("\n").slice(0, 6), [
      "| Technique | Chromium<br>156.0.7204.92 | Firefox<br>153.7.0 | WebKitGTK MiniBrowser<br>2.50.4 |",
      "| --- | --- | --- | --- |",
      "| First message | works 7/7 | works 7/7 | works 7/7 |",
      "| Query parameter | works 7/7 | works 7/7 | works 7/7 |",
      "| Cookie through an iframe | works 7/7 | works 7/7 | **unknown** 6/7 |",
      "| User information | **partly** 5/7 | **unsafe** 5/7 | **broken** 1/7 |",
    ]);
  });

  test("tells every reason", () => {
    const text = markdown.render(sampleResults(), sampleCatalogue);
    assert.match(text, /\*rotation\*: attempt 2 presented the token of attempt 1/);
    assert.match(text, /\*rotation-new-user\*: crash: WebKitGTK MiniBrowser stopped answering/);
  });

  test("folds placements and schemes, and tells profiles and certificates", () => {
    const text = markdown.render(variedResults(), sampleCatalogue);
    for (const line of [
      "| Cookie through an iframe | **partly** 30/42<br>broken cross-site | works 42/42 | **unknown** 12/14 |",
      "| Cookie through an iframe, wss | left out | works 7/7 | works 7/7 | **broken** 1/7 |",
      "Left out: Cookie through an iframe at same-origin: the page can set the cookie itself",
      "- **private**: all 60 trials: unsupported: it has no private window",
      "| Is a certificate of a trusted authority accepted? | connects | connects | connects; asked: Select a certificate |",
    ]) {
      assert.ok(text.split("\n").includes(line), line);
    }
    const [, folded = ""] = text.split("<details>");
    assert.match(folded, /^\n<summary>By placement and scheme<\/summary>\n\n[^]*\n\n<\/details>\n/);
    assert.doesNotMatch(markdown.render(sampleResults(), sampleCatalogue), /By placement/);
  });

  test("folds what failed under its number", () => {
    const text = markdown.render(sampleResults(), sampleCatalogue);
    assert.match(text, /<details>\n<summary>\d+ failed<\/summary>\n\n#### [^]*\n\n<\/details>\n/u);
  });

  for (const text of hostileTexts) {
    test(`shows ${JSON.stringify(text)} as itself`, () => {
      const rendered = renderer.renderInline(escapeMarkdown(text));
      assert.equal(textOf(rendered), visible(text).trim());
      assert.doesNotMatch(rendered, /<(?!\/?code>)/);
    });
  }

  test("keeps hostile text within its cell and its item", () => {
    const rendered = renderer.render(markdown.render(hostileResults(), sampleCatalogue));
    const tags = new Set([...rendered.matchAll(/<\/?([^\s>]+)/g)].map(([, name]) => name));
    const ours = ["table", "thead", "tbody", "tr", "th", "td", "br", "details", "summary"];
    const expected = [...ours, "p", "h3", "h4", "ul", "li", "strong", "em", "code"];
    assert.deepEqual(tags, new Set(expected));
    const tables = rendered.split("<table>").slice(1);
    assert.ok(tables.length > 2);
    for (const table of tables) {
      const [head = "", ...rows] = table.split("<tr>").slice(1);
      const width = head.split("<th>").length;
      for (const row of rows) assert.equal(row.split("<td>").length, width, row);
    }
  });
});

function textOf(rendered: string): string {
  const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"' };
  return rendered
    .replace(/<[^>]*>/g, "")
    .replace(/&(lt|gt|amp|quot);/g, (whole, name: string) => entities[name] ?? whole);
}
