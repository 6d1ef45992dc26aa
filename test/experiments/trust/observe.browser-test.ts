import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { trustSurprises } from "../../../experiments/report/surprises.ts";
import { readPublished } from "../../../experiments/results-files.ts";
import { reference, trustConditions } from "../../../experiments/trust/conditions.ts";
import { trustFinding, type TrustFinding } from "../../../experiments/trust/finding.ts";
import { observeTrust } from "../../../experiments/trust/observe.ts";
import type { TrustObservation } from "../../../model/results.ts";
import { startBrowserLab } from "../../start-lab.ts";
import { installedBrowsers } from "../installed-browsers.ts";
import { runOptions } from "../run-options.ts";

const timeout = 240_000;
const published = await readPublished();

suite("certificates, in real browsers", { concurrency: true }, async () => {
  for (const browser of await installedBrowsers()) {
    test(browser.id, { skip: browser.skip, timeout }, async (context) => {
      await using lab = await startBrowserLab();
      const observed: TrustObservation[] = [];
      for (const condition of trustConditions) {
        const options = { ...runOptions(lab, []), signal: context.signal };
        observed.push(await observeTrust(browser.target(), browser, condition, options));
      }
      const finding = (id: string): TrustFinding => {
        const observation = observed.find(({ condition }) => condition === id);
        assert.ok(observation !== undefined);
        return trustFinding(
          observation,
          observed.find(({ condition }) => condition === reference),
        );
      };

      await context.test("every condition is observed", () => {
        for (const { id } of trustConditions) {
          const found = finding(id);
          assert.equal(found.outcome, "observed", `${id}: ${JSON.stringify(found)}`);
        }
      });

      const certain = [
        ["no-tls", true],
        ["untrusted", false],
        ["accepted-same-port", true],
        ["authority", true],
        ["accept-any", true],
        ["mixed-content", false],
      ] as const;
      for (const [id, connected] of certain) {
        await context.test(`${id}: ${connected ? "connects" : "does not connect"}`, () => {
          assert.partialDeepStrictEqual(finding(id), { connected });
        });
      }

      const version = observed[0]?.browser.version;
      const isKnown = published
        .flatMap(({ trust }) => trust)
        .some(({ browser: { id, version: known } }) => id === browser.id && known === version);
      const skip = !isKnown && `${browser.id} ${version} is not among the published results`;
      await context.test("what is seen is what was published", { skip }, () => {
        assert.deepEqual(trustSurprises(observed, published), []);
      });
    });
  }
});
