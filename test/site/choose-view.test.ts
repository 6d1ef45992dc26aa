import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { ChooserTable } from "../../experiments/chooser/table.ts";
import { chooserTable } from "../../experiments/chooser/derive-table.ts";
import { guideSources } from "../../experiments/chooser/sources.ts";
import { readPublished } from "../../experiments/results-files.ts";
import { packChoices, unpackChoices } from "../../site/choices.ts";
import { dataScript } from "../../site/data-script.ts";
import { deriveSite } from "../../site/derive.ts";
import { linksFrom, linksWithin } from "../../site/links.ts";
import { siteCatalogue } from "../../site/site-files.ts";
import { renderChoose } from "../../site/views/choose.ts";
import { cell, facts, leak, tableOf, variant } from "../experiments/chooser/sample-table.ts";
import { hostileTexts } from "../experiments/report/hostile-results.ts";

const { data } = deriveSite({ ...siteCatalogue, files: [] });
const context = { data, links: linksFrom(""), isLab: false };

function render(table: ChooserTable | null, query = ""): string {
  return String(renderChoose(context, new URLSearchParams(query), table));
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
  test("shows each rank with its reasons, their severity, the trial that shows it, and advice", () => {
    const text = render(table);
    assert.match(text, /<span class="rank">1<\/span> <a href="techniques\/one\.html">/);
    assert.match(text, /danger<\/span\s*>\s*<strong>Hijacking: <bdi>hijacking danger<\/bdi>/);
    assert.match(text, /hijacking-1 at same-origin, wss in firefox, attempt 2/);
    assert.match(text, /Do about hijacking\./);
    assert.match(text, /It does not work here \(1\)[^]*href="techniques\/three\.html"/);
  });

  test("offers the code of what it ranks", () => {
    assert.match(render(table), /<details name="code" data-code="one">/);
  });

  test("ticks what was asked for, and answers that", () => {
    const text = render(table, "demand=quiet-log&placement=same-origin&scheme=wss");
    assert.match(text, /name="demand"\s+value="quiet-log"\s+checked/);
    assert.doesNotMatch(text, /value="quiet-proxy-log"\s+checked/);
    assert.match(text, /It leaves a usable token in the server&#39;s access log \(1\)/);
  });

  test("says what it does not understand", () => {
    assert.match(
      render(table, "browser=netscape"),
      /role="alert"[^]*there is no &quot;netscape&quot;/,
    );
  });

  test("takes no offence at the name of its page, where pages share a document", () => {
    const within = { ...context, links: linksWithin() };
    const text = String(renderChoose(within, new URLSearchParams("page=choose"), table));
    assert.doesNotMatch(text, /role="alert"/);
    assert.match(text, /action="\?page=choose#answer"/);
  });

  test("says so when nothing is known, and ranks nothing", () => {
    const text = render(tableOf({ one: facts(), two: facts() }));
    assert.match(text, /Nothing can be ranked\./);
    assert.match(text, /<bdi>Not known: Hijacking, Leaks<\/bdi> \(2\)/);
    assert.doesNotMatch(text, /class="rank"/);
  });

  test("says so when there are no published results", () => {
    assert.match(render(null), /no published results/);
  });

  for (const hostile of hostileTexts) {
    test(`writes ${JSON.stringify(hostile)} as it is, from an address or a result`, () => {
      const query = new URLSearchParams({ browser: hostile, [hostile]: "1" }).toString();
      const cells = [cell("hijacking", "danger", { sentence: hostile, word: hostile })];
      const text = render(tableOf({ one: facts({ cells }) }), query);
      assert.match(text, /role="alert"/);
      assert.doesNotMatch(text, /<script|<img|<style| on[a-z]+="/i);
    });
  }
});

suite("the page that chooses, of the published results", async () => {
  const results = (await readPublished()).at(-1);
  assert.ok(results, "results/ holds published results");
  const published = chooserTable(results, guideSources);

  test("is made from a file of less than 600 kB, from which nothing was left out", () => {
    const packed = packChoices(published);
    const size = dataScript("choices", packed).length / 1000;
    assert.ok(size < 600, `${size} kB`);
    assert.deepEqual(
      unpackChoices(JSON.parse(JSON.stringify(packed))),
      JSON.parse(JSON.stringify(published)),
    );
  });

  test("leads to the trials that show its reasons", () => {
    const files = [{ source: "published", prefix: "", results } as const];
    const site = deriveSite({ ...siteCatalogue, files });
    const text = String(
      renderChoose({ ...context, data: site.data }, new URLSearchParams(), published),
    );
    const links = [...text.matchAll(/href="evidence\.html\?([^"]+)"/gu)].map(
      ([, query = ""]) => new URLSearchParams(query.replaceAll("&amp;", "&")),
    );
    assert.ok(links.length > 50);
    for (const query of links) {
      const asked = Object.fromEntries(query);
      const evidence = site.evidence(asked["run"] ?? "", asked["technique"] ?? "");
      const isThere = evidence?.trials.some(
        ({ scenario, placement, scheme }) =>
          scenario === asked["scenario"] &&
          placement === asked["placement"] &&
          scheme === asked["scheme"],
      );
      assert.ok(isThere, query.toString());
    }
    const unlinked = [...text.matchAll(/class="evidence"\s*>\s*<bdi>([^<]*)/gu)];
    assert.deepEqual(unlinked, [], "every reason with a trial leads to it");
  });
});
