import assert from "node:assert/strict";
import { mkdir, mkdtempDisposable, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { writeResults } from "../../experiments/report/json.ts";
import { readSiteSources, sourcesState } from "../../site/site-sources.ts";
import { sampleFirefoxRun } from "../experiments/report/sample-results.ts";

const results = writeResults({
  schema: "websocket-auth-results/1",
  runs: [sampleFirefoxRun([])],
  trust: [],
});

const strays: readonly {
  readonly name: string;
  readonly make: (folder: string) => Promise<void>;
  readonly tells?: readonly RegExp[];
}[] = [
  {
    name: "an editor's lock",
    make: (folder) => symlink("me@host.1:2", join(folder, ".#2026-01-01-x.json")),
  },
  {
    name: "a link to nothing",
    make: (folder) => symlink("absent", join(folder, "2026-01-02.json")),
  },
  { name: "a folder", make: (folder) => mkdir(join(folder, "2026-01-03.json")) },
  {
    name: "half a file",
    make: (folder) => writeFile(join(folder, "2026-01-04.json"), '{"sche'),
    tells: [/^2026-01-04\.json is left out: .*not JSON/u],
  },
];

for (const { name, make, tells = [] } of strays) {
  test(`${name} among the visits takes nothing from the others`, async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), "sources-"));
    await writeFile(join(folder.path, "2026-01-01-good.json"), results);
    await make(folder.path);
    const directory = pathToFileURL(`${folder.path}/`);
    const places = [{ source: "visit", directory, most: 50 }] as const;
    const leftOut: string[] = [];
    const found = await readSiteSources((sentence) => leftOut.push(sentence), places);
    assert.deepEqual(
      found.map(({ source, results: { runs } }) => [source, runs.length]),
      [["visit", 1]],
    );
    assert.match(await sourcesState(places), /2026-01-01-good\.json/u);
    assert.equal(leftOut.length, tells.length, leftOut.join("\n"));
    tells.forEach((pattern, index) => assert.match(leftOut[index] ?? "", pattern));
  });
}

test("a folder that is none, or not there, holds no results", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "sources-"));
  await writeFile(join(folder.path, "visits"), "");
  for (const name of ["visits/", "absent/"]) {
    const directory = new URL(name, pathToFileURL(`${folder.path}/`));
    assert.deepEqual(
      await readSiteSources(assert.fail, [{ source: "visit", directory, most: 1 }]),
      [],
    );
  }
});
