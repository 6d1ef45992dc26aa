import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { reports } from "../../../experiments/report/index.ts";
import { hostileResults } from "./hostile-results.ts";
import { sampleCatalogue, sampleResults } from "./sample-results.ts";
import { variedResults } from "./varied-results.ts";

for (const report of reports) {
  describe(`the ${report.flag} report`, () => {
    test("has a flag of its own and a description", () => {
      assert.match(report.flag, /^[a-z]+$/);
      assert.equal(reports.filter(({ flag }) => flag === report.flag).length, 1);
      assert.notEqual(report.description, "");
    });

    test("ends with a line break", () => {
      assert.match(report.render(sampleResults(), sampleCatalogue), /[^\n]\n$/);
    });

    test("gives the same bytes for the same results", () => {
      const [first, second] = [1, 2].map(() => report.render(sampleResults(), sampleCatalogue));
      assert.equal(first, second);
    });

    test("draws results without runs", () => {
      const empty = { schema: "websocket-auth-results/1", runs: [], trust: [] } as const;
      assert.notEqual(report.render(empty, sampleCatalogue), "");
    });

    test("draws what the catalogue does not know", () => {
      const text = report.render(sampleResults(), {
        techniques: [],
        scenarios: [],
        conditions: [],
      });
      assert.match(text, /user-information/);
    });

    test("draws placements, schemes, profiles and certificates", () => {
      assert.match(report.render(variedResults(), sampleCatalogue), /private/);
    });

    test("draws hostile text without throwing", () => {
      assert.notEqual(report.render(hostileResults(), sampleCatalogue), "");
    });

    test("leaves the results alone", () => {
      const results = sampleResults();
      report.render(results, sampleCatalogue);
      assert.deepEqual(results, sampleResults());
    });
  });
}
