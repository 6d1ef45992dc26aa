import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FeatureObservation } from "../../../model/features.ts";
import type { Results, Run } from "../../../model/results.ts";
import { featureTable } from "../../../experiments/report/feature-table.ts";
import { featureEntries } from "../../../experiments/report/features.ts";
import { parseResults, writeResults } from "../../../experiments/report/json.ts";
import { markdown } from "../../../experiments/report/markdown.ts";
import { renderTerminal } from "../../../experiments/report/terminal.ts";
import { renderSections } from "./render-sections.ts";
import { sampleCatalogue, sampleResults } from "./sample-results.ts";
import { withProfile } from "./varied-results.ts";

const found: Readonly<Record<string, FeatureObservation[]>> = {
  chrome: [
    { id: "webtransport", supported: true, detail: "there is a WebTransport" },
    { id: "made-up", supported: true, detail: "who knows" },
    { id: "websocket-stream", supported: true, detail: "there is a WebSocketStream" },
  ],
  firefox: [{ id: "websocket-stream", supported: false, detail: "there is no WebSocketStream" }],
};

const runs = sampleResults().runs.map((run): Run => {
  return { ...run, features: found[run.browser.id] ?? [] };
});
const results: Results = { schema: "websocket-auth-results/1", runs, trust: [] };

function answersIn(table: ReturnType<typeof featureTable>): unknown {
  return table?.rows.map(({ id, cells }) => [id, ...cells.map(({ answer }) => answer)]);
}

describe("the table of features", () => {
  test("has features in the order of their explanations, and what nobody explained last", () => {
    assert.deepEqual(answersIn(featureTable(results)), [
      ["websocket-stream", "yes", "no", "unknown"],
      ["webtransport", "yes", "unknown", "unknown"],
      ["made-up", "yes", "unknown", "unknown"],
    ]);
  });

  test("shows each browser once, and the default profile only", () => {
    const others = runs.map((run) => withProfile(run, "private"));
    const earlier = runs.map((run) => ({ ...run, features: [] }));
    const table = featureTable({ runs: [...others, ...earlier, ...runs] });
    assert.deepEqual(table, featureTable(results));
  });

  test("is not there when nobody looked", () => {
    assert.equal(featureTable(sampleResults()), null);
    assert.equal(featureTable({ runs: runs.map((run) => withProfile(run, "private")) }), null);
  });
});

describe("the explanations of features", () => {
  test("have ids and titles of their own, a specification and a sentence", () => {
    for (const key of ["id", "title", "meaning"] as const) {
      assert.equal(new Set(featureEntries.map((entry) => entry[key])).size, featureEntries.length);
    }
    for (const { specification, meaning } of featureEntries) {
      assert.equal(new URL(specification).protocol, "https:");
      assert.match(meaning, /^[A-Z].*\.$/u);
    }
  });
});

describe("features in reports", () => {
  const heading = "Neighbours: what might replace this";

  test("Markdown has a table with links, and what they would mean", () => {
    const [, text = ""] = markdown.render(results, sampleCatalogue).split(`### ${heading}\n\n`);
    assert.deepEqual(text.split("\n").slice(0, 6), [
      "| Feature | Chromium<br>156.0.7204.92 | Firefox<br>153.7.0 | WebKitGTK MiniBrowser<br>2.50.4 |",
      "| --- | --- | --- | --- |",
      "| [WebSocketStream](https://github.com/whatwg/websockets/pull/48) | yes | no | unknown |",
      "| [WebTransport](https://w3c.github.io/webtransport/#web-transport) | yes | unknown | unknown |",
      "| made-up | yes | unknown | unknown |",
      "",
    ]);
    assert.match(text, /^- \*\*WebSocketStream\*\*: The same handshake/mu);
  });

  test("HTML has links, what they would mean, and what the page saw", () => {
    const [, text = ""] = renderSections(results).split(heading);
    assert.match(text, /<a href="https:\/\/w3c\.github\.io\/webtransport\/#web-transport"/u);
    assert.match(text, /The same handshake behind streams/u);
    assert.match(text, /there is no WebSocketStream/u);
  });

  test("the terminal has a table", () => {
    const options = { columns: 80, colour: false, axes: false };
    const [, text = ""] = renderTerminal(results, sampleCatalogue, options).split(`${heading}\n`);
    assert.match(text, /^WebSocketStream +yes +no +unknown$/mu);
  });

  test("results without runs that looked have no such section", () => {
    for (const text of [
      markdown.render(sampleResults(), sampleCatalogue),
      renderSections(sampleResults()),
    ]) {
      assert.doesNotMatch(text, /Neighbours/u);
    }
  });

  test("results from before they were asked for are read as having none", () => {
    const old = writeResults(results).replaceAll(/"features":\s*\[[^\]]*\],?/gu, "");
    assert.doesNotMatch(old, /features/u);
    assert.deepEqual(
      parseResults(old).runs.map(({ features }) => features),
      [[], [], []],
    );
    assert.deepEqual(parseResults(writeResults(results)), results);
  });
});
