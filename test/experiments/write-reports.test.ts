import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { reports } from "../../experiments/report/index.ts";
import type { Report } from "../../experiments/report/report.ts";
import { writeReports } from "../../experiments/write-reports.ts";
import type { Results } from "../../model/results.ts";
import { Canaries } from "../../server/canaries.ts";
import { Tokens } from "../../server/tokens.ts";
import { sampleCatalogue, sampleResults } from "./report/sample-results.ts";

/** A folder that is gone afterwards. */
function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "reports-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

/** The sample's results with a text in the first run that holds whatever is planted. */
function planted(text: string): Results {
  const results = sampleResults();
  const [first, ...others] = results.runs;
  assert.ok(first);
  return { ...results, runs: [{ ...first, dialogs: [`a dialog: ${text}`] }, ...others] };
}

const rows: readonly (readonly [name: string, write: (token: string) => string])[] = [
  ["as it is", (token) => token],
  ["in base64", (token) => Buffer.from(`alice:${token}`).toString("base64")],
  ["in base64url", (token) => Buffer.from(token).toString("base64url")],
  [
    "percent-encoded",
    (token) => token.replaceAll(/./gsu, (c) => `%${c.charCodeAt(0).toString(16)}`),
  ],
];

suite("reports that hold a token are not written", () => {
  for (const [name, write] of rows) {
    test(`whatever the report, when the results hold one ${name}`, async () => {
      using folder = temporaryFolder();
      const canaries = new Canaries();
      const tokens = new Tokens({ onSecret: canaries.add });
      const { secret, serial } = tokens.issue("alice", 1_000, false);
      const files = reports.map((report) => ({ report, path: join(folder.path, report.flag) }));
      const results = planted(write(secret));
      const { leaks } = await writeReports(results, sampleCatalogue, files, canaries, () =>
        assert.fail("nothing is written"),
      );
      assert.equal(leaks.length, 1);
      assert.match(leaks[0] ?? "", new RegExp(`^a token got into our own report: .* ${serial} `));
      assert.ok(!(leaks[0] ?? "").includes(secret));
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }

  test("and others are, when one report alone made it up", async () => {
    using folder = temporaryFolder();
    const canaries = new Canaries();
    const tokens = new Tokens({ onSecret: canaries.add });
    const { secret, serial } = tokens.forge("alice");
    const [good, bad] = [join(folder.path, "good"), join(folder.path, "bad")];
    const written: string[] = [];
    const { leaks } = await writeReports(
      sampleResults(),
      sampleCatalogue,
      [
        { report: { flag: "html", render: () => `<p>${secret}</p>` }, path: bad },
        { report: { flag: "json", render: () => "{}\n" }, path: good },
      ],
      canaries,
      (path) => written.push(path),
    );
    assert.deepEqual(leaks, [
      `a token got into our own report: html holds the token ${serial} (raw), and is not written`,
    ]);
    assert.deepEqual(written, [good]);
    assert.equal(readFileSync(good, "utf8"), "{}\n");
    assert.ok(!existsSync(bad));
  });

  test("and all are, when there is none", async () => {
    using folder = temporaryFolder();
    const canaries = new Canaries();
    const { secret } = new Tokens().issue("alice", 1_000, false);
    const files = reports.map((report) => ({ report, path: join(folder.path, report.flag) }));
    const results = planted(secret);
    assert.deepEqual(
      await writeReports(results, sampleCatalogue, files, canaries, () => {}),
      { leaks: [], failures: [] },
      "it is no token of this lab",
    );
    assert.equal(readdirSync(folder.path).length, reports.length);
  });
});

function broken(message: string): Pick<Report, "flag" | "render"> {
  return {
    flag: "broken",
    render() {
      throw new Error(message);
    },
  };
}

test("a report that fails takes nothing from the others, and says why", async () => {
  using folder = temporaryFolder();
  const canaries = new Canaries();
  const { secret } = new Tokens({ onSecret: canaries.add }).issue("alice", 1_000, false);
  const path = (name: string): string => join(folder.path, name);
  const { leaks, failures } = await writeReports(
    sampleResults(),
    sampleCatalogue,
    [
      { report: broken("out of ideas"), path: path("a") },
      // A folder is in its way.
      { report: { flag: "json", render: () => "{}\n" }, path: folder.path },
      { report: broken(`with ${secret}`), path: path("b") },
      { report: { flag: "json", render: () => "{}\n" }, path: path("c") },
    ],
    canaries,
    () => {},
  );
  assert.deepEqual(leaks, []);
  assert.equal(failures[0], `${path("a")} cannot be written: out of ideas`);
  assert.match(failures[1] ?? "", / cannot be written: (?:EISDIR|EEXIST|ENOTEMPTY)/u);
  assert.match(failures[2] ?? "", /^a token got into our own report: .*#\d+/u);
  assert.ok(!failures.join().includes(secret));
  assert.deepEqual(readdirSync(folder.path), ["c"]);
});
