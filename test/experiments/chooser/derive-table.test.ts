import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { choose } from "../../../experiments/chooser/choose.ts";
import { unconstrained } from "../../../experiments/chooser/constraints.ts";
import { chooserTable } from "../../../experiments/chooser/derive-table.ts";
import type { BrowserFacts } from "../../../experiments/chooser/table.ts";
import { risks } from "../../../experiments/risks/index.ts";
import { scenarios } from "../../../experiments/scenarios/index.ts";
import type { Attempt, Search } from "../../../model/observation.ts";
import type { JudgedTrial, LeftOut, Results, Run } from "../../../model/results.ts";
import { accepted, refused } from "../report/sample-attempts.ts";
import { ambient, hijacked, proof, technique, trial } from "./sample-trials.ts";
import { sampleFirefoxRun } from "../report/sample-results.ts";

const techniques = [{ id: technique, title: "Session cookie" }];

function searched(...searches: Search[]): JudgedTrial {
  const attempt: Attempt = { ...accepted("#1"), searched: true, searches };
  return trial("leaks", [attempt], { aspect: "leaks" });
}

function tableOf(...runs: Run[]): ReturnType<typeof chooserTable> {
  const results: Results = { schema: "websocket-auth-results/1", runs, trust: [] };
  return chooserTable(results, { techniques, scenarios, risks });
}

function factsOf(...runs: Run[]): BrowserFacts {
  const facts = tableOf(...runs).techniques[0]?.browsers["firefox"];
  assert.ok(facts !== undefined);
  return facts;
}

function states({ leaks }: BrowserFacts): string[] {
  return leaks.map(({ place, state }) => `${place}: ${state}`);
}

function severities({ cells }: BrowserFacts): string[] {
  return cells.map(({ severity }) => severity);
}

suite("what choosing looks at", () => {
  test("is how a technique does at each placement and over each scheme", () => {
    const { variants } = factsOf(sampleFirefoxRun(proof));
    assert.deepEqual(
      variants.map(({ variant, word, passed, total }) => [variant, word, passed, total]),
      [["same-origin, wss", "works", 3, 3]],
    );
  });

  test("knows nothing of what goes wrong when no trial was about it", () => {
    const table = tableOf(sampleFirefoxRun(proof));
    assert.deepEqual(table.techniques[0]?.browsers["firefox"]?.cells, []);
    assert.deepEqual(
      choose(unconstrained, table).map(({ state }) => state),
      ["unknown"],
    );
  });

  const checks = [
    { name: "let in", unchecked: ambient, needsOriginCheck: true, left: ["excluded"] },
    {
      name: "refused with nothing in hand",
      unchecked: refused("none", null, "no credential"),
      needsOriginCheck: false,
      left: ["ranked"],
    },
  ];
  for (const { name, unchecked, needsOriginCheck, left } of checks) {
    test(`sees what the Origin check is for: without it, another site is ${name}`, () => {
      const table = tableOf(sampleFirefoxRun([...proof, hijacked(unchecked)]));
      const all = table.techniques[0]?.browsers["firefox"]?.cells ?? [];
      const cells = all.filter(({ risk }) => risk === "hijacking");
      assert.deepEqual(
        cells.map((cell) => cell.needsOriginCheck),
        [needsOriginCheck],
      );
      const asked = { ...unconstrained, demands: ["without-origin-check"] } as const;
      assert.deepEqual(
        choose(asked, table).map(({ state }) => state),
        left,
      );
    });
  }

  const revoked = { ...accepted("#1"), afterwards: "be-revoked", shape: "jwt" } as const;
  const ends = [
    { name: "that was made", attempts: [revoked] },
    { name: "that failed before it began", attempts: [] },
  ];
  for (const { name, attempts } of ends) {
    test(`knows that a trial ${name} is about JSON Web Tokens only`, () => {
      const made = trial("revoked-jwt", attempts, { aspect: "session-end" });
      const { cells } = factsOf(sampleFirefoxRun([...proof, made]));
      const own = cells.filter(({ risk }) => risk === "session-end");
      assert.deepEqual(
        own.map(({ shapes }) => shapes),
        [["jwt"]],
      );
    });
  }

  test("names the trials that show it, and holds none", () => {
    const { cells } = factsOf(sampleFirefoxRun([...proof, hijacked(ambient)]));
    assert.deepEqual(cells[0]?.evidence, [
      {
        browser: "firefox",
        scenario: "hijack-cross-site",
        variant: "same-origin, wss",
        attempt: 2,
      },
      {
        browser: "firefox",
        scenario: "hijack-cross-site",
        variant: "same-origin, wss",
        attempt: 3,
      },
    ]);
    assert.doesNotMatch(JSON.stringify(cells), /Hello/);
  });

  const proxyLog = "proxy's access log";
  const direct = sampleFirefoxRun([
    ...proof,
    searched(
      { place: "access log", state: "clean" },
      { place: proxyLog, state: "unsearched", reason: "there is no proxy" },
    ),
  ]);
  const through: Run = {
    ...sampleFirefoxRun([searched({ place: proxyLog, state: "clean" })]),
    through: "nginx/1.22.1",
  };

  test("is what another run found where one could not look", () => {
    assert.deepEqual(states(factsOf(direct)), ["access log: clean", `${proxyLog}: unsearched`]);
    assert.deepEqual(severities(factsOf(direct)), ["unknown", "fine"]);
    assert.deepEqual(states(factsOf(direct, through)), ["access log: clean", `${proxyLog}: clean`]);
    assert.deepEqual(severities(factsOf(direct, through)), ["fine", "fine"]);
  });

  test("is not what another profile of the browser does", () => {
    const blocked = sampleFirefoxRun([hijacked(ambient)]);
    const other: Run = {
      ...blocked,
      profile: { ...blocked.profile, name: "third-party-blocked", means: ["a preference"] },
    };
    assert.deepEqual(factsOf(sampleFirefoxRun(proof), other).cells, []);
  });

  test("knows a risk that was left out because it has no meaning, and no other", () => {
    const leftOut = scenarios
      .filter(({ aspect }) => aspect === "planting")
      .map(({ id }): LeftOut => ({
        technique: technique ?? "",
        scenario: id,
        reason: "no cookie",
      }));
    const run = sampleFirefoxRun(proof);
    assert.ok(leftOut.length > 1);
    assert.deepEqual(factsOf({ ...run, leftOut }).pointless, [
      { risk: "planting", reason: "no cookie" },
    ]);
    assert.deepEqual(factsOf({ ...run, leftOut: leftOut.slice(1) }).pointless, []);
  });
});
