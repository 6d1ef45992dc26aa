import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { featureEntries } from "../../../experiments/report/features.ts";
import { riskStyle } from "../../../site/risk-page.ts";
import { hostileResults } from "./hostile-results.ts";
import { renderSections } from "./render-sections.ts";
import { accepted, acceptedWith } from "./sample-attempts.ts";
import { sampleFirefoxRun, sampleResults, sampleTrial } from "./sample-results.ts";
import { variedResults } from "./varied-results.ts";

const varied = variedResults();
const repeated = sampleFirefoxRun(
  [
    [accepted("#1"), acceptedWith("#1", "#2")],
    [accepted("#1"), accepted("#2")],
  ].map((attempts) => sampleTrial("user-information", "rotation", attempts)),
);

const pages = [
  { name: "of three browsers", text: renderSections(sampleResults()) },
  {
    name: "of many placements, profiles and certificates",
    text: renderSections(varied),
  },
  { name: "of hostile results", text: renderSections(hostileResults()) },
  {
    name: "of one browser, twice, with repetitions",
    text: renderSections({ ...sampleResults(), runs: [repeated, repeated] }),
  },
];

for (const { name, text } of pages) {
  const tags = [...text.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>/g)];

  describe(`the sections of an HTML page ${name}`, () => {
    test("has no markup but its own", () => {
      const closing = [...text.matchAll(/<\/[a-z][a-z0-9]*\s*>/g)];
      assert.equal(text.split("<").length - 1, tags.length + closing.length);
      const names = new Set(tags.map(([, tag]) => tag));
      for (const forbidden of ["script", "img", "iframe", "object", "form", "base"]) {
        assert.ok(!names.has(forbidden), forbidden);
      }
    });

    test("closes every element that it opens", () => {
      const open: string[] = [];
      for (const [whole, slash, tag = ""] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
        if (whole.endsWith("/>")) continue;
        if (slash === "") open.push(tag);
        else assert.equal(open.pop(), tag);
      }
      assert.deepEqual(open, []);
    });

    test("has unique ids, and links that lead to them", () => {
      const ids = attributes("id");
      assert.deepEqual(ids, [...new Set(ids)]);
      const links = [...attributes("href"), ...attributes("aria-labelledby").map((id) => `#${id}`)];
      assert.ok(links.length > 3);
      const explanations = featureEntries.map(({ specification }) => specification);
      for (const link of links.filter((one) => !explanations.includes(one))) {
        assert.ok(link.startsWith("/") || ids.includes(link.slice(1)), link);
      }
    });

    test("asks for nothing from elsewhere and needs no exception from a content policy", () => {
      const names = tags.flatMap(([, , list = ""]) =>
        [...list.matchAll(/([a-z-]+)(?:=|\s|$)/g)].map(([, attribute = ""]) => attribute),
      );
      for (const attribute of new Set(names)) {
        assert.doesNotMatch(attribute, /^(src|srcset|style|on.*|action|data)$/);
      }
      assert.doesNotMatch(riskStyle, /url\(|@import|<\//);
    });

    test("has headings in order", () => {
      const levels = tags.flatMap(([, tag = ""]) => (/^h[1-6]$/.test(tag) ? Number(tag[1]) : []));
      assert.equal(levels[0], 2);
      for (const [index, level] of levels.entries()) {
        assert.ok(level > 1 && level <= (levels[index - 1] ?? 1) + 1, `heading ${index + 1}`);
      }
    });

    test("has tables with captions and scopes", () => {
      assert.equal(count("table"), count("caption"));
      assert.equal(count("th"), attributes("scope").length);
    });

    test("lets no control character or direction mark through", () => {
      assert.doesNotMatch(text, /[^\P{Cc}\n]|[\u200f\u202e\u2066]/u);
    });
  });

  function attributes(attribute: string): string[] {
    return tags.flatMap(([, , list = ""]) =>
      [...list.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, "g"))].map(
        ([, value = ""]) => value,
      ),
    );
  }

  function count(tag: string): number {
    return tags.filter(([, one]) => one === tag).length;
  }
}

describe("the sections of an HTML page", () => {
  const text = renderSections(sampleResults());

  test("show hostile text as text", () => {
    const hostile = renderSections(hostileResults());
    assert.match(hostile, /&lt;img src=x onerror=alert\(1\)&gt;/);
    assert.match(hostile, /\\u\{202e\}gnp\.exe/);
    assert.match(hostile, /\]\]&gt;--&gt;/);
  });

  test("link what failed to its evidence", () => {
    assert.match(text, /<a href="\/firefox\/user-information\/rotation\/same-host\/ws"/);
  });

  test("tell how it was measured", () => {
    for (const fact of ["HeadlessChrome/156.0.0.0", "puppeteer-bidi", "3f1c9a7d2b6e", "Gecko"]) {
      assert.ok(text.includes(fact), fact);
    }
  });

  test("do not say whether a visitor's browser had a window", () => {
    const visit = { ...repeated, browser: { ...repeated.browser, driver: "visit" } };
    const modes = [visit, repeated].map((run) =>
      /<dt>mode<\/dt>\s*<dd>headless<\/dd>/.test(
        renderSections({ ...sampleResults(), runs: [run] }),
      ),
    );
    assert.deepEqual(modes, [false, true]);
  });

  test("tell how each profile was set up, and no more than differs", () => {
    const index = varied.runs.findIndex(
      ({ browser, profile }) => browser.id === "firefox" && profile.name === "private",
    );
    const [, card = ""] = renderSections(varied).split(`<h3 id="run.${index + 1}">`);
    assert.match(card.slice(0, 400), /browser\.setting=private/);
    assert.doesNotMatch(card.slice(0, card.indexOf("</section>")), /user agent/);
  });

  test("name the repetitions that disagree", () => {
    const twice = renderSections({ ...sampleResults(), runs: [repeated] });
    assert.match(twice, /unstable: 1 fail, 1 pass/);
  });
});
