import assert from "node:assert/strict";
import { test } from "node:test";
import { deriveSite } from "../../site/derive.ts";
import { packSite, unpackSite } from "../../site/packed-site.ts";
import { siteCatalogue } from "../../site/site-files.ts";
import { hostileResults } from "../experiments/report/hostile-results.ts";
import { sampleResults } from "../experiments/report/sample-results.ts";
import { variedResults } from "../experiments/report/varied-results.ts";

const rows = [
  { name: "three browsers", results: sampleResults() },
  { name: "many placements and profiles", results: variedResults() },
  { name: "hostile results", results: hostileResults() },
  { name: "no runs", results: { ...sampleResults(), runs: [] } },
  {
    name: "a run without trials",
    results: {
      ...sampleResults(),
      runs: sampleResults().runs.map((run) => ({ ...run, trials: [] })),
    },
  },
];
for (const { name, results } of rows) {
  test(`what is packed of ${name} is unpacked as it was`, () => {
    const { data } = deriveSite({
      ...siteCatalogue,
      files: [{ source: "published", prefix: "", results }],
    });
    assert.deepEqual(unpackSite(JSON.parse(JSON.stringify(packSite(data)))), data);
  });
}
