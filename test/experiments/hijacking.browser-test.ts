import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { runBrowser } from "../../experiments/run-browser.ts";
import type { Evidence } from "../../model/observation.ts";
import { allTrials } from "../all-trials.ts";
import { startBrowserLab } from "../start-lab.ts";
import { installedBrowsers } from "./installed-browsers.ts";
import { runOptions } from "./run-options.ts";

/** Ambient credentials that every engine sends along for pages on another port of the host. */
const ambient = ["session-cookie", "session-cookie-host", "cookie-iframe", "cookie-cors-lax"];
const attack = "hijack-other-port";

const trials = allTrials.filter(
  ({ technique, scenario, placement }) =>
    [...ambient, "session-cookie-unchecked"].includes(technique) &&
    scenario === attack &&
    placement === "same-host",
);

suite("a page on another port of the host, in a browser that is logged in", async () => {
  for (const browser of await installedBrowsers()) {
    test(browser.id, { skip: browser.skip, timeout: 120_000 }, async (context) => {
      await using lab = await startBrowserLab();
      const options = { ...runOptions(lab, trials), signal: context.signal };
      const run = await runBrowser(browser.target(), browser, options);
      const of = (technique: string): readonly (readonly Evidence[])[] => {
        const trial = run.trials.find((one) => one.technique === technique);
        return trial?.attempts.map(({ evidence }) => evidence) ?? [];
      };

      for (const technique of ambient) {
        await context.test(`${technique}: only the Origin check keeps it out`, () => {
          const [login, own, attacked, unchecked] = of(technique);
          assert.equal(letIn(login), "alice");
          assert.equal(letIn(own), "alice", "the browser presents it by itself");
          assert.equal(letIn(attacked), null);
          assert.equal(refusal(attacked), "origin not allowed");
          assert.equal(letIn(unchecked), "alice");
        });
      }

      await context.test("a server that never checks lets it in", () => {
        const [, , attacked] = of("session-cookie-unchecked");
        assert.equal(letIn(attacked), "alice");
      });
    });
  }
});

function letIn(evidence: readonly Evidence[] = []): string | null {
  return upgrades(evidence).find(({ user }) => user !== null)?.user ?? null;
}

function refusal(evidence: readonly Evidence[] = []): string | null | undefined {
  return upgrades(evidence).at(-1)?.refusal;
}

function upgrades(evidence: readonly Evidence[]): Extract<Evidence, { type: "request" }>[] {
  return evidence.flatMap((entry) => (entry.type === "request" && entry.upgrade ? [entry] : []));
}
