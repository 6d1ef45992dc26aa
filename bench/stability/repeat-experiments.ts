import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseResults } from "../../experiments/report/json.ts";
import type { Results } from "../../model/results.ts";

const main = fileURLToPath(new URL("../../experiments/main.ts", import.meta.url));

/** How `npm run experiments` is asked. */
export interface Asked {
  /** Its flags, but for those below. */
  readonly flags: readonly string[];
  readonly repeat: number;
  /** Called for every trial that ended. */
  readonly onTrial: () => void;
  readonly signal: AbortSignal;
}

/**
 * Runs the experiments in a process of their own, as users do, and reads what they wrote. Surprises are
 * results; rejects when there are none, with what the process said last.
 */
export async function repeatExperiments({
  flags,
  repeat,
  onTrial,
  signal,
}: Asked): Promise<Results> {
  signal.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), "stability-"));
  try {
    const file = join(folder, "results.json");
    // Its own folder: the journal of an interrupted one is nothing that a user's --resume should find.
    const own = ["--repeat", String(repeat), "--json", file, "--folder", folder];
    const args = [main, ...flags, ...own];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    const closed = once(child, "close");
    const interrupt = (): void => void child.kill("SIGINT");
    signal.addEventListener("abort", interrupt);
    const lastLines: string[] = [];
    try {
      for await (const line of createInterface({ input: child.stderr })) {
        if (/^.+ \d+\/\d+ .+: [a-z-]+$/u.test(line)) onTrial();
        else if (lastLines.push(line) > 10) lastLines.shift();
      }
      await closed;
    } finally {
      signal.removeEventListener("abort", interrupt);
    }
    signal.throwIfAborted();
    if (child.exitCode !== 0 && child.exitCode !== 1) {
      const how = child.exitCode ?? child.signalCode;
      throw new Error(`the experiments ended with ${how}: ${lastLines.join("\n")}`);
    }
    return parseResults(await readFile(file, "utf8"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
