import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { placesOfResults } from "../experiments/places-of-results.ts";
import { showing } from "../experiments/publication.ts";
import { readPublished } from "../experiments/results-files.ts";

test("the READMEs show the newest published results, and nothing else", async () => {
  const newest = (await readPublished()).at(-1);
  assert.ok(newest !== undefined);
  for (const [path, text] of await showing(newest, placesOfResults())) {
    const isCurrent = (await readFile(path, "utf8")) === text;
    assert.ok(isCurrent, `${path} does not show what results/ holds: publish it anew`);
  }
});

for (const document of [
  "README.md",
  "CONTRIBUTING.md",
  "results/README.md",
  "docs/choosing.md",
  "docs/what-goes-wrong.md",
  "docs/what-was-measured.md",
]) {
  test(`every file that ${document} links to exists`, async () => {
    const base = new URL(`../${document}`, import.meta.url);
    const text = await readFile(base, "utf8");
    const links = [...text.matchAll(/\]\((?<path>[^):]+)\)/gu)].flatMap(
      (match) => match.groups?.["path"] ?? [],
    );
    assert.ok(links.length > 0);
    for (const link of links) await assert.doesNotReject(stat(new URL(link, base)), link);
  });
}
