import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";

import { format } from "oxfmt";

import { parseResults, writeResults } from "../../experiments/report/json.ts";
import { publish } from "../../experiments/publication.ts";
import type { Results, Run } from "../../model/results.ts";
import { hostileTexts } from "./report/hostile-results.ts";
import { accepted, acceptedWith } from "./report/sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleTrial } from "./report/sample-results.ts";

const readmeText = `# A lab

<!-- results: written by npm run publish-results -->
<!-- /results -->

The end.
`;
const run = sampleFirefoxRun([
  sampleTrial("first-message", "valid", [accepted("#1")]),
  sampleTrial("user-information", "rotation", [accepted("#1"), acceptedWith("#1", "#2")]),
]);
const resultsOf = (...runs: Run[]): Results => ({
  schema: "websocket-auth-results/1",
  runs,
  trust: [],
});

/** A folder with a README and a results folder to publish in. */
async function openFolder(): Promise<
  AsyncDisposable & {
    readonly destination: Parameters<typeof publish>[1];
    published(): Promise<string[]>;
    readme(): Promise<string>;
    techniqueReadme(): Promise<string>;
    write(text: string): Promise<string>;
  }
> {
  const folder = await mkdtemp(join(tmpdir(), "publish-"));
  const destination = {
    directory: join(folder, "results"),
    readme: join(folder, "README.md"),
    techniqueReadmes: new Map([[join(folder, "technique.md"), ["user-information"]]]),
    catalogue: sampleCatalogue,
  };
  await mkdir(destination.directory);
  const techniqueReadme = join(folder, "technique.md");
  await writeFile(destination.readme, readmeText);
  await writeFile(techniqueReadme, readmeText);
  return {
    destination,
    published: async () => (await readdir(destination.directory)).toSorted(),
    techniqueReadme: () => readFile(techniqueReadme, "utf8"),
    readme: () => readFile(destination.readme, "utf8"),
    async write(text) {
      const path = join(folder, "local.json");
      await writeFile(path, text);
      return path;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

suite("publishing", () => {
  test("copies the results and shows them in the README", async () => {
    await using folder = await openFolder();
    const file = await folder.write(writeResults(resultsOf(run)));
    const publication = await publish(file, folder.destination);
    assert.deepEqual(publication, { state: "published", name: "2026-10-02.json" });
    const copy = await readFile(join(folder.destination.directory, "2026-10-02.json"), "utf8");
    assert.deepEqual(parseResults(copy), resultsOf(run));
    const readme = await folder.readme();
    assert.match(
      readme,
      /^# A lab\n\n<!-- results[^]*User information[^]*\/results -->\n\nThe end/,
    );
  });

  test("shows what concerns a technique in its own README", async () => {
    await using folder = await openFolder();
    await publish(await folder.write(writeResults(resultsOf(run))), folder.destination);
    const readme = await folder.techniqueReadme();
    assert.match(readme, /same-host, ws[^]*rotation/);
    assert.doesNotMatch(readme, /First message/);
  });

  test("a second file of the same day gets a name of its own", async () => {
    await using folder = await openFolder();
    const chromium = { ...run, browser: { ...run.browser, id: "chrome", name: "Chromium" } };
    for (const one of [run, chromium, run]) {
      await publish(await folder.write(writeResults(resultsOf(one))), folder.destination);
    }
    assert.deepEqual(await folder.published(), [
      "2026-10-02-2.json",
      "2026-10-02-3.json",
      "2026-10-02.json",
    ]);
    const first = await readFile(join(folder.destination.directory, "2026-10-02.json"), "utf8");
    assert.deepEqual(parseResults(first), resultsOf(run));
  });

  for (const name of ["Firefox", ...hostileTexts]) {
    test(`leaves a README in the formatter's layout for ${JSON.stringify(name)}`, async () => {
      await using folder = await openFolder();
      const results = resultsOf({ ...run, browser: { ...run.browser, name } });
      await publish(await folder.write(writeResults(results)), folder.destination);
      const readme = await folder.readme();
      assert.equal((await format("README.md", readme)).code, readme);
    });
  }

  const refusals = [
    { name: "what is not JSON", text: "%", reason: /local\.json is no results file: .* not JSON/ },
    { name: "another kind of file", text: "{}", reason: /is no results file: schema: / },
    { name: "no run", text: writeResults(resultsOf()), reason: /there is no run in it$/ },
    {
      name: "code that is not committed",
      text: writeResults(resultsOf({ ...run, harness: { ...run.harness, dirty: true } })),
      reason: /cannot be published: Firefox was measured by code that is not committed$/,
    },
    {
      name: "trials that say nothing",
      text: writeResults(
        resultsOf({
          ...run,
          trials: [sampleTrial("first-message", "valid", [], { outcome: "crash", reason: "gone" })],
        }),
      ),
      reason: /Firefox has trials that say nothing$/,
    },
  ];
  for (const { name, text, reason } of refusals) {
    test(`refuses ${name} and writes nothing`, async () => {
      await using folder = await openFolder();
      const publication = await publish(await folder.write(text), folder.destination);
      assert.match(publication.state === "refused" ? publication.reason : "", reason);
      assert.deepEqual(await folder.published(), []);
      assert.equal(await folder.readme(), readmeText);
    });
  }

  test("a README without a place for results leaves no file behind", async () => {
    await using folder = await openFolder();
    await writeFile(folder.destination.readme, "# A lab\n");
    const file = await folder.write(writeResults(resultsOf(run)));
    await assert.rejects(publish(file, folder.destination), /the README has no block from/);
    assert.deepEqual(await folder.published(), []);
  });

  test("a file that is not there is told in a sentence, with exit code 2", () => {
    const main = fileURLToPath(new URL("../../experiments/publish.ts", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, [main, "nope.json"], {
      encoding: "utf8",
    });
    assert.match(stderr, /^error: nope\.json is no results file: ENOENT: no such file.*\n$/);
    assert.equal(status, 2);
  });
});
