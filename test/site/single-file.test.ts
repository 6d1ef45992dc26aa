import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Results } from "../../model/results.ts";
import { html } from "../../site/single-file.ts";
import { hostileResults } from "../experiments/report/hostile-results.ts";
import { sampleCatalogue, sampleResults } from "../experiments/report/sample-results.ts";
import { variedResults } from "../experiments/report/varied-results.ts";

const rows: readonly { readonly name: string; readonly results: Results }[] = [
  { name: "of three browsers", results: sampleResults() },
  { name: "of many placements, profiles and certificates", results: variedResults() },
  { name: "of hostile results", results: hostileResults() },
];

for (const { name, results } of rows) {
  describe(`a single file ${name}`, async () => {
    const text = await html.render(results, sampleCatalogue);
    const markup = text.replace(/<style>.*?<\/style>/su, "").replace(/<script>.*?<\/script>/su, "");

    test("allows its own script and style by their hashes, and nothing else", () => {
      const policy = /http-equiv="Content-Security-Policy"\s+content="(?<policy>[^"]*)"/u
        .exec(text)
        ?.groups?.["policy"]?.replaceAll("&#39;", "'");
      const directives = new Map(
        (policy ?? "").split("; ").map((part) => [part.split(" ")[0], part.split(" ").slice(1)]),
      );
      assert.deepEqual(directives.get("default-src"), ["'none'"]);
      assert.deepEqual(directives.get("img-src"), ["data:"]);
      for (const [element, directive] of [
        ["script", "script-src"],
        ["style", "style-src"],
      ] as const) {
        const found = [...text.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, "gsu"))];
        assert.equal(found.length, 1, element);
        const hash = createHash("sha256")
          .update(found[0]?.[1] ?? "")
          .digest("base64");
        assert.deepEqual(directives.get(directive), [`'sha256-${hash}'`]);
      }
    });

    test("asks for nothing", () => {
      const sources = [
        ...markup.matchAll(/\s(?:src|srcset|style|on[a-z]+|data)="(?<value>[^"]*)"/gu),
      ];
      for (const { groups } of sources) assert.match(groups?.["value"] ?? "", /^data:image\//u);
      const links = [...markup.matchAll(/<link\s[^>]*?href="(?<href>[^"]*)"/gu)];
      for (const { groups } of links) assert.match(groups?.["href"] ?? "", /^data:image\//u);
      assert.doesNotMatch(text.slice(0, text.indexOf("</style>")), /url\(|@import/u);
    });

    test("holds the evidence of every run and technique, and all else that its pages need", () => {
      const held = inlinedIn(text);
      assert.ok(isHolding(held.get("site"), "runs"));
      assert.ok(held.has("choices"));
      assert.ok(isHolding(held.get("sources/query-parameter"), "files"));
      const evidence = [...held].filter(([key]) => key.startsWith("evidence/"));
      const trials = evidence.flatMap(([, content]) =>
        isHolding(content, "trials") && Array.isArray(content["trials"]) ? content["trials"] : [],
      );
      assert.deepEqual(
        trials.length,
        results.runs.reduce((sum, run) => sum + run.trials.length, 0),
      );
    });

    test("links to pages within itself only, to ids that it has, and to explanations", () => {
      const ids = new Set([...markup.matchAll(/\sid="(?<id>[^"]*)"/gu)].map((one) => one[1]));
      for (const [, href = ""] of markup.matchAll(/<a\s[^>]*?href="([^"]*)"/gu)) {
        if (href.startsWith("#")) assert.ok(ids.has(href.slice(1)), href);
        else assert.match(href, /^(?:\?|https:\/\/)/u);
      }
    });

    test("lets no control character or direction mark through", () => {
      const shown = markup.replaceAll(/="[^"]*"/gu, "");
      assert.doesNotMatch(shown, /[^\P{Cc}\n]|[\u200f\u202e\u2066]/u);
    });

    test("can be read without its script", () => {
      assert.match(markup, /<table/u);
      assert.match(markup, /<h2 id="findings">What failed<\/h2>/u);
    });
  });
}

function inlinedIn(text: string): ReadonlyMap<string, unknown> {
  const blocks = text.matchAll(
    /<script type="text\/plain" data-name="(?<name>[^"]*)">(?<packed>[^<]*)<\/script>/gu,
  );
  return new Map(
    [...blocks].map(({ groups }): [string, unknown] => {
      const bytes = gunzipSync(Buffer.from(groups?.["packed"] ?? "", "base64"));
      return [groups?.["name"] ?? "", JSON.parse(bytes.toString())];
    }),
  );
}

function isHolding(content: unknown, name: string): content is Record<string, unknown> {
  return typeof content === "object" && content !== null && name in content;
}
