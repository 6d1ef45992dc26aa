import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseResults } from "../../experiments/report/json.ts";
import type { Results } from "../../model/results.ts";
import { busyMs } from "./busy.ts";

/** A run as its user makes it: from starting the command until it has ended. */
export interface MadeRun {
  readonly results: Results;
  readonly tookMs: number;
  /** For how long processors were busy meanwhile, all of them together, whatever with. */
  readonly busyMs: number;
}

const main = fileURLToPath(new URL("../../experiments/main.ts", import.meta.url));

/** Makes a run in a process of its own. Rejects, with the end of what it said, when it measured nothing. */
export async function makeRun(flags: readonly string[], signal: AbortSignal): Promise<MadeRun> {
  const folder = await mkdtemp(join(tmpdir(), "bench-run-"));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(folder, { recursive: true }));
  const file = join(folder, "results.json");
  const startedAt = performance.now();
  const busyBefore = busyMs();
  const child = spawn(process.execPath, [main, ...flags, "--folder", folder, "--json", file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  // Told to end, it ends its browsers first.
  const end = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", end);
  const exited = once(child, "exit");
  const said = await text(child.stderr);
  const [code]: unknown[] = await exited;
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  // 1: it found something else than what is published, which is no matter of speed.
  if (code !== 0 && code !== 1) {
    throw new Error(`the run ended with exit code ${String(code)}: ${said.slice(-1_000)}`);
  }
  const tookMs = performance.now() - startedAt;
  const results = parseResults(await readFile(file, "utf8"));
  return { results, tookMs, busyMs: busyMs() - busyBefore };
}
