import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";
import { errorCode } from "../../model/error-code.ts";

/** Which process something belongs to, so that it cannot be mistaken for another one that has its number later. */
export interface Owner {
  readonly pid: number;
  /** When it was started, in clock ticks since boot (proc_pid_stat(5)); null where nobody says. */
  readonly startedAt: string | null;
  /** Where its number has a meaning: a host's name, and on Linux its namespace of processes. */
  readonly place: string;
  /** Which boot of that host; null where nobody says. */
  readonly boot: string | null;
}

/** Reads what was stored of an owner. */
export const ownerSchema: z.ZodType<Owner> = z.object({
  pid: z.int().positive(),
  startedAt: z.string().nullable(),
  place: z.string(),
  boot: z.string().nullable(),
});

/** This process. */
export function thisProcess(): Owner {
  const namespace = attempt(() => readlinkSync("/proc/self/ns/pid"));
  return {
    pid: process.pid,
    startedAt: look(process.pid)?.startedAt ?? null,
    place: namespace === null ? hostname() : `${hostname()} ${namespace}`,
    boot: attempt(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
  };
}

/** Whether an owner still runs. `elsewhere`: on another host or in another container, of which nothing can be told from here. */
export function stateOf(owner: Owner): "alive" | "gone" | "elsewhere" {
  const own = thisProcess();
  if (!isSamePlace(owner, own)) return "elsewhere";
  if (owner.boot !== own.boot || !exists(owner.pid)) return "gone";
  if (owner.startedAt === null) return "alive";
  const found = look(owner.pid);
  return found === null || found.isDead || found.startedAt !== owner.startedAt ? "gone" : "alive";
}

/** A host may change its name while it runs, but not its boot. */
function isSamePlace(a: Owner, b: Owner): boolean {
  if (a.boot === null || a.boot !== b.boot) return a.place === b.place;
  return a.place.split(" ").at(-1) === b.place.split(" ").at(-1);
}

/** Whether two marks are of the same process. */
export function isSameOwner(a: Owner, b: Owner): boolean {
  return a.pid === b.pid && a.startedAt === b.startedAt && a.place === b.place && a.boot === b.boot;
}

function look(pid: number): { readonly isDead: boolean; readonly startedAt: string } | null {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  if (stat === null) return null;
  // The command, in parentheses, may contain anything; state is the field after it, and the start the 20th.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { isDead: /^[ZX]/u.test(fields[0] ?? ""), startedAt: fields[19] ?? "" };
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return errorCode(error) === "EPERM";
  }
}

function attempt(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null; // There is no /proc, or that process has ended.
  }
}
