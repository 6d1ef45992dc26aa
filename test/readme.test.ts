import assert from "node:assert/strict";
import { readFile, stat } from "node:fs/promises";
import { test } from "node:test";
import { catalogueOf } from "../experiments/laboratory.ts";
import { withResults } from "../experiments/report/readme.ts";
import { readPublished } from "../experiments/results-files.ts";
import { techniques } from "../techniques/index.ts";

test("the README shows the newest published results, and nothing else", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const published = await readPublished();
  const shown = await Promise.all(
    published.map((results) => withResults(readme, results, catalogueOf(techniques))),
  );
  assert.equal(readme, shown.at(-1));
});

for (const document of ["README.md", "CONTRIBUTING.md", "results/README.md"]) {
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
