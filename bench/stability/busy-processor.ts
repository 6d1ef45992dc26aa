import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism, cpus } from "node:os";
import { kill } from "../orders.ts";

/** One that outlives whoever started it, whose id it is given, would keep a core for ever. */
const spin = "while (process.ppid === Number(process.argv[1])) for (let i = 0; i < 1e7; i++);";

/** Keeps every core of this machine busy at normal priority, with a process each, until disposed of. */
export async function keepBusy(): Promise<AsyncDisposable> {
  const children = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ["-e", spin, String(process.pid)], { stdio: "ignore" }),
  );
  await Promise.all(children.map((child) => once(child, "spawn")));
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(children.map(kill));
    },
  };
}

/** Which part of all cores' time was idle from now until it is asked, from 0 to 1. */
export function idleFromNow(): () => number {
  const before = coreTimes();
  return () => {
    const after = coreTimes();
    const all = after.all - before.all;
    return all === 0 ? 0 : (after.idle - before.idle) / all;
  };
}

function coreTimes(): { readonly idle: number; readonly all: number } {
  const times = cpus().map((core) => core.times);
  const all = times.map(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq);
  return { idle: sum(times.map(({ idle }) => idle)), all: sum(all) };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
