import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findNginx, startNginx } from "../../experiments/nginx.ts";
import { placements, schemes } from "../../experiments/axes.ts";
import { plan } from "../../experiments/plan.ts";
import { runBrowser } from "../../experiments/run-browser.ts";
import { valid } from "../../experiments/scenarios/valid.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { testAuthority } from "../authority.ts";
import { startBrowserLab } from "../start-lab.ts";
import { installedBrowsers } from "./installed-browsers.ts";
import { runOptions } from "./run-options.ts";

const timeout = 180_000;
const nginx = await findNginx();
const isCi = (process.env["CI"] ?? "") !== "";

suite("through nginx", { skip: !isCi && nginx.state === "absent" && nginx.reason }, async () => {
  for (const browser of await installedBrowsers()) {
    test(
      `${browser.id} is let in, from a page that came through it too`,
      { skip: browser.skip, timeout },
      async () => {
        assert.ok(nginx.state === "here", JSON.stringify(nginx));
        await using lab = await startBrowserLab({ behindProxy: true });
        await using proxy = await startNginx(nginx.path, {
          servers: new Map([...lab.ports].map(([name, { ws }]) => [name, ws])),
          certificate: testAuthority.fallback,
        });
        lab.announce(proxy.ports);
        const carried = techniques.filter(({ id }) =>
          ["query-parameter", "cookie-iframe"].includes(id),
        );
        const trials = plan({
          techniques: carried,
          techniquesDirectory,
          scenarios: [valid],
          placements: placements.filter((placement) => placement !== "cross-site"),
          schemes,
          repeat: 1,
        });
        const run = await runBrowser(browser.target(), browser, {
          ...runOptions(lab, trials),
          through: proxy.version,
        });
        assert.deepEqual(
          run.trials.map(({ verdict }) => verdict.outcome),
          trials.map(() => "pass"),
          JSON.stringify(run.trials.map(({ verdict }) => verdict)),
        );
        const upgrades = (await proxy.accessLog()).match(/"GET \S*[?&]token=\S+ HTTP\/1\.1" 101/gu);
        assert.equal(upgrades?.length, trials.length / carried.length, "tokens are in its log");
        assert.doesNotMatch(JSON.stringify(run), /[?&]token=(?!‹#\d+›)/u);
      },
    );
  }
});
