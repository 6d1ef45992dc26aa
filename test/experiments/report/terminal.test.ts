import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { renderTerminal } from "../../../experiments/report/terminal.ts";
import { hostileResults } from "./hostile-results.ts";
import { accepted, acceptedWith } from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleResults, sampleTrial } from "./sample-results.ts";
import { variedResults } from "./varied-results.ts";

const plain = { columns: 80, colour: false, axes: false };

describe("the terminal report", () => {
  test("is an aligned table, as narrow as it can be", () => {
    const text = renderTerminal(sampleResults(), sampleCatalogue, plain);
    assert.deepEqual(text.split("\n").slice(0, 7), [
      "                                                     WebKitGTK",
      "                          Chromium       Firefox     MiniBrowser",
      "                          156.0.7204.92  153.7.0     2.50.4",
      "First message             works 7/7      works 7/7   works 7/7",
      "Query parameter           works 7/7      works 7/7   works 7/7",
      "Cookie through an iframe  works 7/7      works 7/7   unknown 6/7",
      "User information          partly 5/7     unsafe 5/7  broken 1/7",
    ]);
  });

  test("tells what failed, then what is inconclusive, with reasons", () => {
    const text = renderTerminal(sampleResults(), sampleCatalogue, plain);
    const [, fails = "", inconclusive = ""] = text.split(/^\d+ (?:failed|inconclusive).*$/m);
    assert.match(
      fails.replace(/\s+/g, " "),
      /Firefox 153\.7\.0 User information expired was let in as alice with the expired token/,
    );
    assert.doesNotMatch(fails, /crash/);
    assert.match(inconclusive, /rotation-new-user\n {6}crash: WebKitGTK MiniBrowser stopped/);
  });

  test("has no section for what did not happen", () => {
    const results = {
      ...sampleResults(),
      runs: [sampleFirefoxRun([sampleTrial("first-message", "valid", [accepted("#1")])])],
    };
    assert.doesNotMatch(renderTerminal(results, sampleCatalogue, plain), /failed|inconclusive/);
  });

  for (const columns of [50, 60, 80, 120]) {
    test(`fits ${columns} columns`, () => {
      const text = renderTerminal(sampleResults(), sampleCatalogue, { ...plain, columns });
      for (const line of text.split("\n")) assert.ok(stringWidth(line) <= columns, line);
    });
  }

  test("fits 80 columns with placements, schemes, profiles and certificates", () => {
    const text = renderTerminal(variedResults(), sampleCatalogue, { ...plain, axes: true });
    for (const line of text.split("\n")) assert.ok(stringWidth(line) <= 80, line);
  });

  test("says below a cell where its technique is broken", () => {
    const text = renderTerminal(variedResults(), sampleCatalogue, plain);
    assert.match(text, /^Cookie through an iframe {2}partly 30\/42 .*\n +broken\n +cross-site\n/m);
  });

  test("shows placements and schemes one by one only when asked to", () => {
    const text = renderTerminal(variedResults(), sampleCatalogue, { ...plain, axes: true });
    const line = /^Cookie through an iframe ws +left out +works 7\/7 +works 7\/7 +broken 1\/7$/m;
    assert.match(text, line);
    assert.doesNotMatch(renderTerminal(variedResults(), sampleCatalogue, plain), line);
    const narrow = renderTerminal(sampleResults(), sampleCatalogue, { ...plain, axes: true });
    assert.equal(narrow, renderTerminal(sampleResults(), sampleCatalogue, plain));
  });

  test("tells what was left out, other profiles and certificates in words", () => {
    const text = renderTerminal(variedResults(), sampleCatalogue, plain).replace(/\s+/g, " ");
    for (const sentence of [
      "Left out: Cookie through an iframe at same-origin: the page can set the cookie itself",
      "third-party-blocked: no difference (60 trials)",
      "rotation, cross-site only: passes by default, fails here presented nothing instead of its own token",
      "private: all 60 trials: unsupported: it has no private window",
      "same-site and cross-site, all techniques: unsupported: it takes no names of one's own",
      "Firefox 153.7.0: refused: page sees error, close 1006 in under 10 ms; looks like a refused token",
    ]) {
      assert.ok(text.includes(sentence), sentence);
    }
  });

  test("legend takes one line of 80 columns", () => {
    const lines = renderTerminal(sampleResults(), sampleCatalogue, plain).split("\n");
    assert.equal(lines.filter((line) => line.includes("·")).length, 1);
  });

  test("has colour only when asked to, and the same text then", () => {
    const text = renderTerminal(sampleResults(), sampleCatalogue, plain);
    const coloured = renderTerminal(sampleResults(), sampleCatalogue, {
      ...plain,
      colour: true,
    });
    assert.equal(stripVTControlCharacters(text), text);
    assert.notEqual(coloured, text);
    assert.equal(stripVTControlCharacters(coloured), text);
  });

  test("counts repetitions and says when they disagree", () => {
    const attempts = [
      [accepted("#1"), acceptedWith("#1", "#2")],
      [accepted("#1"), accepted("#2")],
      [accepted("#1"), acceptedWith("#1", "#2")],
    ];
    const trials = attempts.map((made) => sampleTrial("user-information", "rotation", made));
    const results = { ...sampleResults(), runs: [sampleFirefoxRun(trials)] };
    const text = renderTerminal(results, sampleCatalogue, plain);
    assert.match(
      text,
      /rotation, unstable: 2 fail, 1 pass\n {6}2× attempt 2 presented the token of/,
    );
  });

  test("lets no control character or direction mark through", () => {
    const text = renderTerminal(hostileResults(), sampleCatalogue, { ...plain, axes: true });
    assert.doesNotMatch(text, /[^\P{Cc}\n]|[\u200f\u202e\u2066]/u);
    assert.match(text, /\\u\{202e\}/);
  });
});
