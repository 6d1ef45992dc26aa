import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reports as drawnHere } from "../../../experiments/report/index.ts";
import type { Report } from "../../../experiments/report/report.ts";
import { html } from "../../../site/single-file.ts";
import { hostileResults } from "./hostile-results.ts";
import { sampleCatalogue, sampleResults } from "./sample-results.ts";
import { variedResults } from "./varied-results.ts";

const reports: readonly Report[] = [...drawnHere, html];

for (const report of reports) {
  describe(`the ${report.flag} report`, () => {
    test("has a flag of its own and a description", () => {
      assert.match(report.flag, /^[a-z]+$/);
      assert.equal(reports.filter(({ flag }) => flag === report.flag).length, 1);
      assert.notEqual(report.description, "");
    });

    test("ends with a line break", async () => {
      assert.match(await report.render(sampleResults(), sampleCatalogue), /[^\n]\n$/);
    });

    test("gives the same bytes for the same results", async () => {
      const first = await report.render(sampleResults(), sampleCatalogue);
      const second = await report.render(sampleResults(), sampleCatalogue);
      assert.equal(first, second);
    });

    test("draws results without runs", async () => {
      const empty = { schema: "websocket-auth-results/1", runs: [], trust: [] } as const;
      assert.notEqual(await report.render(empty, sampleCatalogue), "");
    });

    test("draws what the catalogue does not know", async () => {
      const text = await report.render(sampleResults(), {
        techniques: [],
        scenarios: [],
        conditions: [],
      });
      assert.match(text, /user-information/);
    });

    test("draws placements, schemes, profiles and certificates", async () => {
      assert.match(await report.render(variedResults(), sampleCatalogue), /private/);
    });

    test("draws hostile text without throwing", async () => {
      assert.notEqual(await report.render(hostileResults(), sampleCatalogue), "");
    });

    test("leaves the results alone", async () => {
      const results = sampleResults();
      await report.render(results, sampleCatalogue);
      assert.deepEqual(results, sampleResults());
    });
  });
}
