import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { findNginx } from "../../experiments/nginx.ts";
import { plan } from "../../experiments/plan.ts";
import { putProxyBefore } from "../../experiments/proxy.ts";
import { runBrowser } from "../../experiments/run-browser.ts";
import { leaks } from "../../experiments/scenarios/leaks.ts";
import type { LeakPlace, Search } from "../../model/observation.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { testAuthority } from "../authority.ts";
import { Canaries } from "../../server/canaries.ts";
import { startBrowserLab } from "../start-lab.ts";
import { installedBrowsers } from "./installed-browsers.ts";
import { runOptions } from "./run-options.ts";

const timeout = 180_000;
const nginx = await findNginx();
const isCi = (process.env["CI"] ?? "") !== "";
const skip = !isCi && nginx.state === "absent" && nginx.reason;

/** Where the token, or what was traded for it, has to be found when it was good, and where not. */
const rows: readonly (readonly [
  technique: string,
  found: readonly LeakPlace[],
  clean: readonly LeakPlace[],
])[] = [
  [
    "query-parameter",
    ["access log", "proxy's access log", "socket's url"],
    ["Referer", "answer to the handshake", "document.cookie"],
  ],
  [
    "ticket",
    ["access log", "proxy's access log", "socket's url"],
    ["Referer", "answer to the handshake", "document.cookie"],
  ],
  [
    "user-information",
    ["socket's url"],
    ["access log", "proxy's access log", "Referer", "answer to the handshake"],
  ],
  [
    "subprotocol",
    [],
    ["access log", "proxy's access log", "Referer", "answer to the handshake", "socket's url"],
  ],
  [
    "session-cookie",
    [],
    ["access log", "proxy's access log", "Referer", "socket's url", "document.cookie"],
  ],
];

suite("what a token leaves behind", { skip }, async () => {
  for (const browser of await installedBrowsers()) {
    test(`in ${browser.id}`, { skip: browser.skip, timeout }, async () => {
      const canaries = new Canaries();
      await using lab = await startBrowserLab({ behindProxy: true }, { onSecret: canaries.add });
      const names = rows.map(([technique]) => technique);
      await using proxy = await putProxyBefore(lab, {
        servers: names,
        announced: [],
        techniques,
        certificates: testAuthority,
      });
      assert.equal(proxy.state, "here", JSON.stringify(proxy));
      const trials = plan({
        techniques: techniques.filter(({ id }) => names.includes(id)),
        techniquesDirectory,
        scenarios: [leaks],
        placements: ["same-host"],
        schemes: ["wss"],
        repeat: 1,
      });
      const run = await runBrowser(browser.target(), browser, runOptions(lab, trials));
      for (const [technique, found, clean] of rows) {
        const { attempts = [] } = run.trials.find((trial) => trial.technique === technique) ?? {};
        const [good, forged] = attempts.map(({ searches = [] }) => searches);
        assert.ok(good !== undefined && forged !== undefined, technique);
        for (const place of found) assertState(technique, good, place, "found");
        for (const place of clean) assertState(technique, good, place, "clean");
        assertState(technique, forged, "access log", loggedForged(technique));
      }
      assert.equal(canaries.findIn(JSON.stringify(run)), null);
    });
  }
});

/** A forged token is traded for nothing, and so gets into no URL where good ones get there by a trade only. */
function loggedForged(technique: string): Search["state"] {
  return technique === "query-parameter" ? "found" : "clean";
}

function assertState(
  technique: string,
  searches: readonly Search[],
  place: LeakPlace,
  state: Search["state"],
): void {
  const search = searches.find((one) => one.place === place);
  assert.equal(search?.state, state, `${technique}, ${place}: ${JSON.stringify(search)}`);
  if (search?.state === "found") assert.match(search.excerpt, /\(token #\d+\)/u);
}
