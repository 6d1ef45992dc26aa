import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { supplyChain, supplyFindings } from "../../bench/supply-chain/supply-chain.ts";
import { type LicensedPackage } from "../../supply-chain/licences.ts";

const integrity = `sha512-${"A".repeat(86)}==`;

suite("the supply chain", () => {
  test("is measured as it is", async (context) => {
    const { goals, tables } = await supplyChain.measure({
      size: "small",
      onProgress: (sentence) => context.diagnostic(sentence),
      signal: context.signal,
    });
    assert.deepEqual(
      goals.filter(({ isMet }) => !isMet).map(({ why }) => why),
      ["a small measurement asks nobody"],
    );
    for (const { headings, rows } of tables) {
      assert.ok(rows.every((row) => row.length === headings.length));
    }
  });

  test("misses every goal that there is an exception to, and names it", () => {
    const one: LicensedPackage = {
      path: "node_modules/one",
      name: "one",
      version: "1.0.0",
      link: false,
      dev: false,
      optional: false,
      hasInstallScript: true,
      licence: "GPL-3.0-only",
    };
    const own = { name: "lab", version: "1.0.0" };
    const asked = { dependencies: { one: "1.0.0" }, devDependencies: {} };
    const advisory = { id: "GHSA-x", name: "one", severity: "high", title: "one can be stopped" };
    const { goals, tables } = supplyFindings({
      manifest: { ...own, ...asked, allowScripts: {} },
      lock: { ...own, version: "0.9.0", root: asked, packages: [one] },
      packages: [one],
      bill: { specVersion: "1.5", components: 0 },
      answer: { state: "asked", advisories: [advisory] },
      decisions: new Map([["one", []]]),
    });
    assert.deepEqual(
      goals.map(({ isMet }) => isMet),
      goals.map(() => false),
    );
    assert.equal(goals.at(-1)?.why, "GHSA-x of one (high)");
    const direct = tables.find(({ title }) => title === "Direct dependencies");
    assert.deepEqual(direct?.rows, [["one", "1.0.0", "run", "GPL-3.0-only", "none"]]);
  });

  test("meets the goals when there is none", () => {
    const one: LicensedPackage = {
      path: "node_modules/one",
      name: "one",
      version: "1.0.0",
      integrity,
      link: false,
      dev: true,
      optional: false,
      hasInstallScript: false,
      licence: "MIT",
    };
    const own = { name: "lab", version: "1.0.0" };
    const asked = { dependencies: {}, devDependencies: { one: "1.0.0" } };
    const { goals } = supplyFindings({
      manifest: { ...own, ...asked, allowScripts: {} },
      lock: { ...own, root: asked, packages: [one] },
      packages: [one],
      bill: { specVersion: "1.5", components: 1 },
      answer: { state: "asked", advisories: [] },
      decisions: new Map([["one", [5]]]),
    });
    assert.deepEqual(
      goals.map(({ isMet, why }) => [isMet, why]),
      goals.map(() => [true, null]),
    );
  });
});
