import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { hasInEnvironment, listProcesses } from "../../../experiments/browsers/process-table.ts";

/** Gives this test file a temporary directory of its own, so that what browsers leave there can be told. */
export function watchLeftovers(): { assertNone(): void } & Disposable {
  const before = process.env["TMPDIR"];
  const directory = mkdtempSync(join(tmpdir(), "left-"));
  process.env["TMPDIR"] = directory;
  return {
    assertNone() {
      assert.deepEqual(readdirSync(directory), [], "a scratch directory was left behind");
      const left = listProcesses().filter((entry) => hasInEnvironment(entry, `=${directory}/`));
      assert.deepEqual(left, [], "a process was left behind");
    },
    [Symbol.dispose]() {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
