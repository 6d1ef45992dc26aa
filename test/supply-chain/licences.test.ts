import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { decisionsAbout } from "../../supply-chain/decisions.ts";
import {
  allowedLicences,
  licenceFaults,
  type LicensedPackage,
  withLicences,
} from "../../supply-chain/licences.ts";
import { readSupplies } from "../../supply-chain/lock-file.ts";

const project = new URL("../../", import.meta.url);
const { lock, manifest } = await readSupplies(project);
const [some] = lock.packages;

function packageWith(licence: string | null, dev = false): LicensedPackage {
  assert.ok(some);
  return { ...some, name: "one", version: "1.0.0", licence, dev };
}

suite("licences", () => {
  test("of all packages are known and allowed, and none is allowed that nobody has", async () => {
    const packages = await withLicences(lock.packages, project);
    assert.deepEqual(licenceFaults(packages), []);
    const had = new Set(packages.map(({ licence }) => licence));
    assert.deepEqual(
      allowedLicences.map(({ expression }) => expression).filter((one) => !had.has(one)),
      [],
    );
  });

  const rows: readonly {
    readonly name: string;
    readonly one: LicensedPackage;
    readonly fault: RegExp;
  }[] = [
    { name: "that is not told", one: packageWith(null), fault: /does not say its licence/u },
    { name: "that nobody allowed", one: packageWith("GPL-3.0-only"), fault: /does not allow/u },
    {
      name: "that is allowed for tests only",
      one: packageWith("MPL-2.0"),
      fault: /development only/u,
    },
  ];
  for (const { name, one, fault } of rows) {
    test(`do not include one ${name}`, () => {
      assert.match(licenceFaults([one])[0] ?? "", fault);
    });
  }

  test("that are allowed for tests are allowed there", () => {
    assert.deepEqual(licenceFaults([packageWith("MPL-2.0", true)]), []);
  });

  const old: readonly { readonly manifest: object; readonly licence: string | null }[] = [
    { manifest: { license: "ISC" }, licence: "ISC" },
    { manifest: { license: { type: "MIT" } }, licence: "MIT" },
    { manifest: { licenses: [{ type: "MIT" }] }, licence: "MIT" },
    { manifest: { licenses: [{ type: "MIT" }, { type: "GPL-2.0" }] }, licence: "(MIT OR GPL-2.0)" },
    { manifest: {}, licence: null },
  ];
  for (const { manifest: own, licence } of old) {
    test(`are read of a package.json as old as ${JSON.stringify(own)}`, async () => {
      const folder = await mkdtemp(join(tmpdir(), "licences-"));
      try {
        await mkdir(join(folder, "one"));
        await writeFile(join(folder, "one", "package.json"), JSON.stringify(own));
        const locked = { path: "one", name: "one", version: "1.0.0" };
        const flags = { link: false, dev: false, optional: false, hasInstallScript: false };
        const [read] = await withLicences([{ ...locked, ...flags }], pathToFileURL(`${folder}/`));
        assert.equal(read?.licence, licence);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});

test("a decision says why each direct dependency is there", async () => {
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const decisions = await decisionsAbout([...names, "left-pad"], project);
  const lacking = [...decisions].flatMap(([name, own]) => (own.length === 0 ? [name] : []));
  assert.deepEqual(lacking, ["left-pad"]);
});
