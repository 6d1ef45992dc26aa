import { setTimeout as delay } from "node:timers/promises";
import { hasInEnvironment, listProcesses, type ProcessEntry } from "./process-table.ts";

const patienceMs = 3_000;

/** Signals a process, or with a negative number a group; `false` when nobody is left to be signalled. */
export function kill(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false; // ESRCH: nobody is left. EPERM (macOS): only zombies are.
  }
}

/** The processes that were started with this directory as their home; none where there is no /proc. */
export function stragglers(home: string): readonly ProcessEntry[] {
  return listProcesses().filter((entry) => hasInEnvironment(entry, `HOME=${home}\0`));
}

/** Kills them, and waits until they are gone. Crash reporters leave the process group to survive the browser, and write to its profile. */
export async function endStragglers(home: string): Promise<void> {
  await until(() => {
    const left = stragglers(home);
    for (const { pid } of left) kill(pid, "SIGKILL");
    return left.length === 0;
  });
}

/** Waits for 3 s at most. No event tells when processes are gone that are not our children. */
export async function until(done: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!done() && performance.now() < deadline) await delay(5);
}
