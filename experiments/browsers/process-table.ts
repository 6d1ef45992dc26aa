import { readdirSync, readFileSync } from "node:fs";

/** A process that runs, from Linux's /proc. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** Every process of this machine but zombies; empty where there is no /proc. */
export function listProcesses(): readonly ProcessEntry[] {
  return entries("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`);
      // proc_pid_stat(5): the command in parentheses, which it may contain, then state, parent, group.
      const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (state === "" || state === "Z" || state === "X") return [];
      return [{ pid: Number(name), parent: Number(parent), group: Number(group) }];
    });
}

/** Whether the process was started with `value` somewhere in its environment. */
export function hasInEnvironment({ pid }: ProcessEntry, value: string): boolean {
  return read(`/proc/${pid}/environ`).includes(value);
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // It ended meanwhile, or it is not ours to read.
  }
}
