import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { format } from "oxfmt";
import { type GuideSources, renderGuide } from "../../../experiments/chooser/guide.ts";
import { snippetsOf } from "../../../experiments/chooser/snippets.ts";
import { risks } from "../../../experiments/risks/index.ts";
import { scenarios } from "../../../experiments/scenarios/index.ts";
import type { JudgedTrial, Results } from "../../../model/results.ts";
import { techniques, techniquesDirectory } from "../../../techniques/index.ts";
import { hostileResults, hostileTexts } from "../report/hostile-results.ts";
import { refused } from "../report/sample-attempts.ts";
import { sampleFirefoxRun } from "../report/sample-results.ts";
import { ambient, hijacked, proof } from "./sample-trials.ts";

const sources: GuideSources = {
  techniques,
  scenarios,
  risks,
  readSnippets: snippetsOf(techniques, techniquesDirectory),
};

function resultsOf(...trials: JudgedTrial[]): Results {
  return { schema: "websocket-auth-results/1", runs: [sampleFirefoxRun(trials)], trust: [] };
}

/** The part of the guide for one situation. */
function section(guide: string, title: string): string {
  return guide.split(/^## /mu).find((part) => part.startsWith(`${title}\n`)) ?? "";
}

suite("the guide", () => {
  test("ranks with reasons and the trials that show them, and shows both halves of the first", async () => {
    const guide = await renderGuide(resultsOf(...proof, hijacked(ambient)), sources);
    const text = section(guide, "Page and server share an origin");
    assert.match(
      text,
      /\| 1 +\| \[Session cookie\]\(\.\.\/techniques\/session-cookie\/README\.md\)/,
    );
    assert.match(text, /\*\*mind\*\* · Hijacking\\?: only the Origin check/);
    assert.match(text, /hijack-cross-site at same-origin, wss in firefox, attempt 3/);
    assert.match(text, /What to do: [^]*Never leave the Origin check out/);
    assert.match(text, /\.\.\/techniques\/session-cookie\/server\.ts\):\n\n```ts\nimport /);
    assert.match(text, /\.\.\/techniques\/session-cookie\/browser\.ts\):\n\n```ts\n/);
  });

  test("leaves away what is let in where nobody looks at the Origin, for those who cannot vouch for that", async () => {
    const title = "Nobody can vouch for the Origin check";
    const checked = await renderGuide(resultsOf(...proof, hijacked(ambient)), sources);
    assert.match(
      section(checked, title),
      /1 left away[^]*Because it is not safe without an Origin check:\n\n- \[Session cookie\]/,
    );
    const unchecked = refused("none", null, "no credential");
    const safe = await renderGuide(resultsOf(...proof, hijacked(unchecked)), sources);
    assert.match(section(safe, title), /### 1\. Session cookie/);
  });

  test("ranks nothing when nothing is known of what goes wrong", async () => {
    const guide = await renderGuide(resultsOf(...proof), sources);
    assert.match(section(guide, "Page and server share an origin"), /Nothing can be ranked here/);
    assert.doesNotMatch(guide, /^### 1\./mu);
  });

  for (const [name, results] of [
    ["hostile results", hostileResults()],
    ...hostileTexts.map((text) => [JSON.stringify(text), hostileReason(text)] as const),
  ] as const) {
    test(`keeps the formatter's layout, and its own, with ${name}`, async () => {
      const guide = await renderGuide(results, sources);
      const { code } = await format("guide.md", guide);
      assert.equal((await format("guide.md", code)).code, code);
      assert.doesNotMatch(guide, /(?<!\\)<(?:script|img|\/style)/iu);
    });
  }
});

/** Somebody else's words in a finding. */
function hostileReason(text: string): Results {
  const attempt = refused("none", null, text);
  return resultsOf(...proof, hijacked({ ...attempt, end: "completed" }));
}
