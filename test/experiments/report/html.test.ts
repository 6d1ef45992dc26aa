import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { featureEntries } from "../../../experiments/report/features.ts";
import { html, renderRunPage, reportCss } from "../../../experiments/report/html.ts";
import { hostileResults } from "./hostile-results.ts";
import { accepted, acceptedWith } from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleResults, sampleTrial } from "./sample-results.ts";
import { variedResults } from "./varied-results.ts";

const repeated = sampleFirefoxRun(
  [
    [accepted("#1"), acceptedWith("#1", "#2")],
    [accepted("#1"), accepted("#2")],
  ].map((attempts) => sampleTrial("user-information", "rotation", attempts)),
);

const pages = [
  { name: "of three browsers", text: html.render(sampleResults(), sampleCatalogue) },
  {
    name: "of many placements, profiles and certificates",
    text: html.render(variedResults(), sampleCatalogue),
  },
  { name: "of hostile results", text: html.render(hostileResults(), sampleCatalogue) },
  {
    name: "of one browser, twice, with repetitions",
    text: html.render({ ...sampleResults(), runs: [repeated, repeated] }, sampleCatalogue),
  },
  {
    name: "of a visitor's run",
    text: renderRunPage(repeated, sampleCatalogue, { styleHref: "/report.css" }),
  },
];

for (const { name, text } of pages) {
  const markup = text.replace(/<style>[^]*?<\/style>/, "<style></style>");
  const tags = [...markup.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*\/?>/g)];

  describe(`an HTML page ${name}`, () => {
    test("has no markup but its own", () => {
      const closing = [...markup.matchAll(/<\/[a-z][a-z0-9]*\s*>/g)];
      assert.equal(markup.split("<").length - 1, tags.length + closing.length + 1);
      assert.match(markup, /^<!doctype html>/);
      const names = new Set(tags.map(([, tag]) => tag));
      for (const forbidden of ["script", "img", "iframe", "object", "form", "base"]) {
        assert.ok(!names.has(forbidden), forbidden);
      }
    });

    test("closes every element that it opens", () => {
      const open: string[] = [];
      for (const [whole, slash, tag = ""] of markup.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
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
      for (const link of links.filter((one) => !["/report.css", ...explanations].includes(one))) {
        assert.ok(ids.includes(link.slice(1)), link);
      }
    });

    test("asks for nothing from elsewhere and needs no exception from a content policy", () => {
      const names = tags.flatMap(([, , list = ""]) =>
        [...list.matchAll(/([a-z-]+)(?:=|\s|$)/g)].map(([, attribute = ""]) => attribute),
      );
      for (const attribute of new Set(names)) {
        assert.doesNotMatch(attribute, /^(src|srcset|style|on.*|action|data)$/);
      }
      assert.doesNotMatch(reportCss, /url\(|@import|<\//);
    });

    test("has headings in order", () => {
      const levels = tags.flatMap(([, tag = ""]) => (/^h[1-6]$/.test(tag) ? Number(tag[1]) : []));
      assert.equal(levels[0], 1);
      assert.equal(levels.filter((level) => level === 1).length, 1);
      for (const [index, level] of levels.entries()) {
        assert.ok(level <= (levels[index - 1] ?? 0) + 1, `heading ${index + 1}`);
      }
    });

    test("has tables with captions and scopes", () => {
      assert.equal(count("table"), count("caption"));
      assert.equal(count("th"), attributes("scope").length);
    });

    test("lets no control character or direction mark through", () => {
      assert.doesNotMatch(markup, /[^\P{Cc}\n]|[\u200f\u202e\u2066]/u);
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

describe("the HTML report", () => {
  const text = html.render(sampleResults(), sampleCatalogue);

  test("shows hostile text as text", () => {
    const hostile = html.render(hostileResults(), sampleCatalogue);
    assert.match(hostile, /&lt;img src=x onerror=alert\(1\)&gt;/);
    assert.match(hostile, /\\u\{202e\}gnp\.exe/);
    assert.match(hostile, /\]\]&gt;--&gt;/);
  });

  test("carries its style", () => {
    assert.match(text, /<style>\s*:root \{/);
  });

  test("opens what failed, and only that", () => {
    const trials = [...text.matchAll(/<details [^>]*?( open)?\s*>\s*<summary>[^]*?<\/summary>/g)];
    assert.equal(trials.length, 84);
    for (const [trial, open] of trials) {
      assert.equal(open !== undefined, trial.includes("tag fail"), trial);
    }
  });

  test("links a cell to the evidence of its technique and browser", () => {
    assert.match(text, /<a class="cell unsafe" href="#firefox\.user-information">/);
    assert.match(text, /<h4 id="firefox\.user-information">/);
  });

  test("sets what was presented against what was given", () => {
    const [, trial = ""] = text.split('<details id="chrome.user-information.rotation"');
    assert.match(
      trial.slice(0, trial.indexOf("</details>")),
      /<b class="serial">#1<\/b>\s*<span class="mismatch"\s*>≠ given <b class="serial">#2<\/b>/,
    );
  });

  test("tells how it was measured", () => {
    for (const fact of ["HeadlessChrome/156.0.0.0", "puppeteer-bidi", "3f1c9a7d2b6e", "Gecko"]) {
      assert.ok(text.includes(fact), fact);
    }
  });
});

describe("the HTML report of many placements and profiles", () => {
  const text = html.render(variedResults(), sampleCatalogue);

  test("opens one trial of those that failed for the same reasons", () => {
    const opened = [...text.matchAll(/<details id="([^"]*)" class="trial"\s+open>/g)];
    assert.deepEqual(
      opened.flatMap(([, id = ""]) => (id.startsWith("firefox.") ? [id] : [])),
      [
        "firefox.user-information.expired.same-origin.ws",
        "firefox.user-information.rotation.same-origin.ws",
      ],
    );
  });

  test("leaves out the evidence of what passed with another profile as by default, and says so", () => {
    const ids = [...text.matchAll(/<details id="(firefox_third-party-blocked\.[^"]*)"/g)];
    assert.deepEqual(
      ids.flatMap(([, id = ""]) => (id.includes("cookie") ? [id] : [])),
      ["ws", "wss"].map(
        (scheme) => `firefox_third-party-blocked.cookie-iframe.rotation.cross-site.${scheme}`,
      ),
    );
    assert.match(text, /10 more passed; the JSON report has them/);
  });

  test("tells how each profile was set up, and no more than differs", () => {
    const [, card = ""] = text.split('<h3 id="run.firefox_private">');
    assert.match(card.slice(0, 400), /browser\.setting=private/);
    assert.doesNotMatch(card.slice(0, card.indexOf("</section>")), /user agent/);
  });

  test("says in a cell where its technique is broken", () => {
    assert.match(text, /<span class="where">broken cross-site<\/span>/);
  });

  test("stays below two kilobytes for a trial", () => {
    const trials = variedResults().runs.flatMap((run) => run.trials);
    assert.ok(text.length < 2000 * trials.length, `${text.length / trials.length}`);
  });
});

describe("a visitor's page", () => {
  const visit = { ...repeated, browser: { ...repeated.browser, driver: "visit" } };
  const text = renderRunPage(visit, sampleCatalogue, { styleHref: "/report.css" });

  test("lists its trials once, without a table of scenarios against one browser", () => {
    assert.doesNotMatch(text, /<table class="scenarios"/);
    assert.match(html.render(sampleResults(), sampleCatalogue), /<table class="scenarios"/);
  });

  test("does not say whether the browser had a window", () => {
    assert.doesNotMatch(text, /<dt>mode<\/dt>/);
    const driven = renderRunPage(repeated, sampleCatalogue, { styleHref: "/report.css" });
    assert.match(driven, /<dt>mode<\/dt>\s*<dd>headless<\/dd>/);
  });

  test("has its style from a file", () => {
    assert.match(text, /<link rel="stylesheet" href="\/report\.css" \/>/);
    assert.doesNotMatch(text, /<style/);
  });

  test("names the repetitions", () => {
    assert.match(text, /repetition 2 of 2/);
    assert.match(text, /unstable: 1 fail, 1 pass/);
  });
});
