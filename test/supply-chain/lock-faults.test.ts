import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type LockFile, parseLock, readSupplies } from "../../supply-chain/lock-file.ts";
import { agreementFaults, originFaults, scriptFaults } from "../../supply-chain/lock-faults.ts";

const { manifest, lock } = await readSupplies(new URL("../../", import.meta.url));
const integrity = `sha512-${"A".repeat(86)}==`;
const host = "packages.example";

/** A lock file with this package, and two good ones. */
function lockWith(one: object): LockFile {
  return parseLock({
    name: "lab",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: {
      "": { dependencies: { a: "^1.0.0" } },
      "node_modules/a": {
        version: "1.0.0",
        integrity,
        resolved: `https://${host}/a/-/a-1.0.0.tgz`,
      },
      "node_modules/b": {
        version: "1.0.0",
        integrity,
        resolved: `https://${host}/b/-/b-1.0.0.tgz`,
      },
      "node_modules/a/node_modules/@scope/c": one,
    },
  });
}

suite("this project's lock file", () => {
  test("pins every package, and takes none from elsewhere than a registry", () => {
    assert.deepEqual(originFaults(lock), []);
    assert.ok(lock.packages.length > Object.keys(manifest.dependencies).length);
  });

  test("has no install script that nobody decided about", () => {
    assert.deepEqual(scriptFaults(lock, manifest), []);
  });

  test("was written for this package.json", () => {
    assert.deepEqual(agreementFaults(lock, manifest), []);
  });
});

suite("a lock file", () => {
  const rows: readonly { readonly name: string; readonly one: object; readonly fault: RegExp }[] = [
    { name: "without a hash", one: { version: "1.0.0" }, fault: /is not pinned/u },
    { name: "with a weak hash", one: { integrity: "sha1-AAAA" }, fault: /is not pinned/u },
    {
      name: "from git",
      one: { integrity, resolved: "git+ssh://git@host/c.git#0123" },
      fault: /elsewhere/u,
    },
    { name: "from a folder", one: { integrity, resolved: "file:../c" }, fault: /elsewhere/u },
    { name: "linked to a folder", one: { link: true, resolved: "../c" }, fault: /is a link/u },
    {
      name: "over plain http",
      one: { integrity, resolved: `http://${host}/c.tgz` },
      fault: /elsewhere/u,
    },
    {
      name: "from another host",
      one: { integrity, resolved: "https://other.example/c.tgz" },
      fault: /elsewhere/u,
    },
  ];
  for (const { name, one, fault } of rows) {
    test(`is refused for a package ${name}`, () => {
      const [first, ...others] = originFaults(lockWith(one));
      assert.match(first ?? "", fault);
      assert.match(first ?? "", /^node_modules\/a\/node_modules\/@scope\/c /u);
      assert.deepEqual(others, []);
    });
  }

  test("may leave out where packages come from", () => {
    assert.deepEqual(originFaults(lockWith({ version: "1.0.0", integrity })), []);
  });

  test("has each install script decided about by name, wherever it is installed", () => {
    const scripted = lockWith({ integrity, hasInstallScript: true });
    assert.deepEqual(scriptFaults(scripted, { allowScripts: { "@scope/c": false } }), []);
    assert.match(
      scriptFaults(scripted, { allowScripts: {} })[0] ?? "",
      /^@scope\/c has an install script/u,
    );
    const none = lockWith({ integrity });
    assert.match(
      scriptFaults(none, { allowScripts: { c: true } })[0] ?? "",
      /names c, which has no/u,
    );
  });

  test("has to agree with package.json", () => {
    const good = { name: "lab", version: "1.0.0", devDependencies: {}, allowScripts: {} };
    const own = lockWith({ integrity });
    assert.deepEqual(agreementFaults(own, { ...good, dependencies: { a: "^1.0.0" } }), []);
    for (const dependencies of [{}, { a: "^2.0.0" }, { a: "^1.0.0", d: "1.0.0" }]) {
      assert.notDeepEqual(agreementFaults(own, { ...good, dependencies }), []);
    }
    const renamed = { ...good, version: "2.0.0", dependencies: { a: "^1.0.0" } };
    assert.match(agreementFaults(own, renamed)[0] ?? "", /another version/u);
  });

  test("of an old format is refused with what to do", () => {
    assert.throws(
      () => parseLock({ name: "lab", version: "1.0.0", lockfileVersion: 1, packages: { "": {} } }),
      /let npm 7 or later write it/u,
    );
  });
});
