import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { type BillOfMaterials, billOfMaterials } from "../../supply-chain/bill-of-materials.ts";
import { readSupplies } from "../../supply-chain/lock-file.ts";

const project = new URL("../../", import.meta.url);
const { manifest, lock } = await readSupplies(project);

suite("the bill of materials", async () => {
  const bill = await billOfMaterials(project);

  test("names this project, and every package of the lock file with its hash", () => {
    assert.equal(bill.metadata.component.name, manifest.name);
    assert.equal(bill.metadata.component.version, manifest.version);
    const listed = new Map(bill.components.map((one) => [`${one.name} ${one.version}`, one]));
    for (const { name, version, integrity = "" } of lock.packages) {
      const found = listed.get(`${name} ${version}`);
      const [hash] = found?.hashes ?? [];
      assert.equal(hash?.alg, "SHA-512", name);
      const base64 = Buffer.from(hash.content, "hex").toString("base64");
      assert.equal(`sha512-${base64}`, integrity, name);
    }
    assert.equal(
      listed.size,
      new Set(lock.packages.map((one) => `${one.name} ${one.version}`)).size,
    );
  });

  test("has a licence for every package", () => {
    const lacking = bill.components.filter(({ licenses = [] }) => licenses.length === 0);
    assert.deepEqual(
      lacking.map(({ name }) => name),
      [],
    );
  });

  test("says what depends on what, without gaps", () => {
    const refs = [bill.metadata.component, ...bill.components].map((one) => one["bom-ref"]);
    assert.equal(new Set(refs).size, refs.length);
    const linked = bill.dependencies.flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]);
    assert.deepEqual(
      linked.filter((ref) => !refs.includes(ref)),
      [],
    );
    const direct = bill.dependencies.find(({ ref }) => ref === bill.metadata.component["bom-ref"]);
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    assert.equal(direct?.dependsOn?.length, Object.keys(wanted).length);
  });

  test("is the same each time, but for its serial number and time", async () => {
    assert.deepEqual(contentOf(await billOfMaterials(project)), contentOf(bill));
  });

  test("leaves out what only development needs", async () => {
    const shorter = await billOfMaterials(project, { withDevelopment: false });
    const names = shorter.components.map(({ name }) => name);
    assert.ok(Object.keys(manifest.dependencies).every((name) => names.includes(name)));
    assert.equal(names.includes("typescript"), false);
    assert.ok(names.length < bill.components.length);
  });
});

function contentOf({ components, dependencies }: BillOfMaterials): unknown {
  return { components, dependencies };
}
