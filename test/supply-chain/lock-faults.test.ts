import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type LockFile, parseLock, readSupplies } from "../../supply-chain/lock-file.ts";
import { agreementFaults, originFaults, scriptFaults } from "../../supply-chain/lock-faults.ts";

const { manifest, lock } = await readSupplies(new URL("../../", import.meta.url));
const integrity = `sha512-${"A".repeat(86)}==`;
const host = "packages.example";
const resolved = `https://${host}/c/-/c-1.0.0.tgz`;

/** A lock file with this package, and two good ones that come from there; "": it does not say from where. */
function lockWith(one: object, from = `https://${host}/`): LockFile {
  const good = (name: string): object => {
    const origin = from === "" ? {} : { resolved: `${from}${name}/-/${name}-1.0.0.tgz` };
    return { version: "1.0.0", integrity, ...origin };
  };
  return parseLock({
    name: "lab",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: {
      "": { dependencies: { a: "^1.0.0" } },
      "node_modules/a": good("a"),
      "node_modules/b": good("b"),
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
    { name: "without a hash", one: { resolved }, fault: /is not pinned/u },
    {
      name: "with a weak hash",
      one: { resolved, integrity: "sha1-AAAA" },
      fault: /is not pinned/u,
    },
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
    assert.deepEqual(originFaults(lockWith({ version: "1.0.0", integrity }, "")), []);
  });

  test("that leaves out where packages come from has to do so for each", () => {
    assert.deepEqual(originFaults(lockWith({ integrity, resolved }, "")), [
      "node_modules/a/node_modules/@scope/c comes from elsewhere than the others",
    ]);
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
