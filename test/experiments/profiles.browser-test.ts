import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { profiles } from "../../experiments/axes.ts";
import { plan } from "../../experiments/plan.ts";
import { runBrowser } from "../../experiments/run-browser.ts";
import { valid } from "../../experiments/scenarios/valid.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { startBrowserLab } from "../start-lab.ts";
import { installedBrowsers } from "./installed-browsers.ts";
import { runOptions } from "./run-options.ts";

const timeout = 180_000;
const trials = plan({
  techniques: techniques.filter(({ id }) => id === "cookie-iframe"),
  techniquesDirectory,
  scenarios: [valid],
  placements: ["same-site", "cross-site"],
  schemes: ["wss"],
  repeat: 1,
});

suite("a third party's cookie comes with the handshake as the profile has it", async () => {
  for (const browser of await installedBrowsers()) {
    test(browser.id, { skip: browser.skip, timeout }, async () => {
      await using lab = await startBrowserLab();
      const seen: Record<string, string[]> = {};
      for (const profile of profiles) {
        const options = { ...runOptions(lab, trials), profile };
        const run = await runBrowser(browser.target(), browser, options);
        assert.equal(run.profile.name, profile);
        seen[profile] = run.trials.map(({ verdict: { outcome } }) => outcome);
      }
      assert.deepEqual(seen["third-party-allowed"], ["pass", "pass"]);
      assert.deepEqual(seen["third-party-blocked"], ["pass", "fail"]);
      const isAlwaysPrivate = browser.id === "webkit";
      assert.equal(seen["private"]?.[0], isAlwaysPrivate ? "unsupported" : "pass");
      assert.equal(seen["default"]?.[0], "pass");
    });
  }
});
