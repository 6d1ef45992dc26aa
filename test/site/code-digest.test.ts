import assert from "node:assert/strict";
import fs from "node:fs";
import { cp, mkdir, mkdtempDisposable, rename, rm, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { codeDigest } from "../../site/code-digest.ts";

async function makeCheckout(top: string): Promise<void> {
  for (const folder of ["model", "techniques/ticket", "server", "experiments", "site", "public"]) {
    await mkdir(join(top, folder), { recursive: true });
    await writeFile(join(top, folder, "one.ts"), `// ${folder}`);
  }
  await writeFile(join(top, "package-lock.json"), "{}");
}

const changes: readonly {
  readonly name: string;
  readonly make: (top: string) => Promise<void>;
}[] = [
  { name: "another letter", make: (top) => writeFile(join(top, "site/one.ts"), "// sitE") },
  { name: "a file more", make: (top) => writeFile(join(top, "techniques/ticket/README.md"), "") },
  { name: "a file less", make: (top) => rm(join(top, "public/one.ts")) },
  {
    name: "another name",
    make: (top) => rename(join(top, "site/one.ts"), join(top, "site/two.ts")),
  },
  {
    name: "another place",
    make: (top) => rename(join(top, "site/one.ts"), join(top, "model/two.ts")),
  },
  { name: "other versions", make: (top) => writeFile(join(top, "package-lock.json"), "[]") },
  {
    name: "others installed",
    make: async (top) => {
      await mkdir(join(top, "node_modules"));
      await writeFile(join(top, "node_modules/.package-lock.json"), "{}");
    },
  },
];

for (const { name, make } of changes) {
  test(`${name} is another digest`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "digest-"));
    const [one, other] = ["one", "other"].map((part) => join(folder.path, part));
    assert.ok(one !== undefined && other !== undefined);
    await makeCheckout(one);
    await cp(one, other, { recursive: true });
    const before = codeDigest(pathToFileURL(`${one}/`));
    assert.equal(codeDigest(pathToFileURL(`${other}/`)), before, "copies are the same");
    await make(other);
    assert.notEqual(codeDigest(pathToFileURL(`${other}/`)), before);
  });
}

for (const { code, isSkipped } of [
  { code: "ENOENT", isSkipped: true },
  { code: "EACCES", isSkipped: true },
  { code: "EIO", isSkipped: false },
]) {
  test(`a file that cannot be read (${code}) ${isSkipped ? "is another digest" : "throws"}`, async (context) => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "digest-"));
    await makeCheckout(folder.path);
    const root = pathToFileURL(`${folder.path}/`);
    const before = codeDigest(root);
    const { readFileSync } = fs;
    const mocked = context.mock.method(fs, "readFileSync", (path: string) => {
      if (!path.endsWith("/site/one.ts")) return readFileSync(path);
      throw Object.assign(new Error(code), { code });
    });
    syncBuiltinESMExports();
    try {
      if (isSkipped) assert.notEqual(codeDigest(root), before);
      else assert.throws(() => codeDigest(root), { code });
    } finally {
      mocked.mock.restore();
      syncBuiltinESMExports();
    }
    assert.equal(codeDigest(root), before);
  });
}
