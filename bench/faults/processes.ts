import { readFileSync } from "node:fs";
import { listProcesses } from "../../experiments/browsers/process-table.ts";

/** A descendant of a process whose command line has a match; null when there is none, or where there is no /proc. */
export function descendant(of: number, command: RegExp): number | null {
  const all = listProcesses();
  const family = new Set([of]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return [...family].find((pid) => pid !== of && command.test(commandLine(pid))) ?? null;
}

/** How many processes live in scratch homes below a directory. */
export function livingBelow(directory: string): number {
  return listProcesses().filter(({ pid }) => environment(pid).includes(`=${directory}/`)).length;
}

function commandLine(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function environment(pid: number): string {
  return read(`/proc/${pid}/environ`);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // It has ended.
  }
}
