import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parseFlags } from "../../experiments/flags.ts";
import { nameOf } from "../../experiments/journal-format.ts";
import { beginJournal } from "../../experiments/journal.ts";
import { measure } from "../../experiments/measure.ts";
import { progressOn } from "../../experiments/progress.ts";
import { readJournal } from "../../experiments/recorded.ts";
import { absentRun } from "../../experiments/run-browser.ts";
import { sittingsOf } from "../../experiments/sittings.ts";
import { Canaries } from "../../server/canaries.ts";
import { createLaboratory } from "../../site/laboratory.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";

const harness = { version: "1.2.3", revision: "abc", dirty: false };
const identity = { id: "webkit", name: "WebKit", engine: "WebKit", os: "Linux" } as const;

for (const [made, when] of [
  [0, "was not here when the run began either"],
  [1, "was here when the run began"],
] as const) {
  test(`a browser that cannot be had any more and ${when} lacks ${made === 0 ? "nothing" : "the rest"}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "measure-"));
    try {
      const flags = parseFlags(["--technique", "query-parameter"], techniques, []);
      const sittings = sittingsOf(flags);
      const [first] = sittings;
      assert.ok(first);
      const canaries = new Canaries();
      const header = { arguments: [], workingDirectory: "/", harness };
      const keeper = { tokens: canaries, onProblem: assert.fail };
      using journal = beginJournal(folder, new Date(), header, keeper);
      const { trials, profile } = first;
      const run = absentRun(identity, "x", { ...first, harness, headless: true, through: null });
      const [trial] = run.trials;
      assert.ok(trial);
      if (made === 1) {
        journal.trial(nameOf(0, identity.id, profile), { trial, place: 0, run });
      }
      const { results, unmade } = await measure({
        flags,
        candidates: [{ identity, found: { state: "absent", reason: "it was not found" } }],
        sittings,
        harness,
        laboratory: createLaboratory(techniques, techniquesDirectory, harness, canaries),
        canaries,
        journal,
        recorded: await readJournal(journal.path),
        progress: progressOn(process.stderr),
        stop: new AbortController(),
      });
      const planned = sittings.reduce((sum, sitting) => sum + sitting.trials.length, 0);
      const sentence = `${planned - made} trials of WebKit could not be made: it was not found; --resume makes them when it is there`;
      assert.deepEqual(unmade, made === 0 ? [] : [sentence]);
      assert.equal(results.runs[0]?.trials.length, made === 0 ? trials.length : made);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
