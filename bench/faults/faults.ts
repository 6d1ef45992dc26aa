import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homePrefix } from "../../experiments/browsers/home-names.ts";
import type { Benchmark, Findings } from "../benchmark.ts";
import { livingBelow } from "./processes.ts";
import { browserHung, browserKilled, driverKilled } from "./browser-faults.ts";
import { diskFullAtTheEnd, diskFullMeanwhile, readOnlyFolder } from "./disk-faults.ts";
import type { Fault, FaultResult } from "./fault.ts";
import { findingsOf, type FaultRow } from "./findings.ts";
import {
  clockJump,
  interrupted,
  labKilled,
  labThrows,
  portTaken,
  twoAtOnce,
} from "./lab-faults.ts";
import { proxyKilled, serverRestarted } from "./server-faults.ts";

/** Every fault, in the order in which it is made and shown. */
export const allFaults: readonly Fault[] = [
  browserKilled,
  browserHung,
  driverKilled,
  serverRestarted,
  proxyKilled,
  labKilled,
  labThrows,
  interrupted,
  diskFullAtTheEnd,
  diskFullMeanwhile,
  readOnlyFolder,
  clockJump,
  portTaken,
  twoAtOnce,
];

/** What a run does when something breaks. */
export const faults: Benchmark = {
  id: "faults",
  title: "Faults",
  page: "reliability",
  cost: "about three minutes, most of it one browser at a time; root or prlimit for the full disk",
  isUsual: true,
  async measure({ size, onProgress, signal }): Promise<Findings> {
    const rows: FaultRow[] = [];
    for (const fault of allFaults.filter(({ isQuick }) => size === "full" || isQuick)) {
      signal.throwIfAborted();
      onProgress(fault.title);
      rows.push({ fault, outcome: await tryFault(fault, signal) });
      signal.throwIfAborted();
    }
    return findingsOf(rows);
  },
};

/** One that could not be carried through misses the goals, and the others are made all the same. */
async function tryFault(fault: Fault, signal: AbortSignal): Promise<FaultRow["outcome"]> {
  try {
    return await makeFault(fault, signal);
  } catch (error) {
    return { state: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Does a fault in a scratch folder, which is removed afterwards. */
export async function makeFault(
  fault: Fault,
  signal: AbortSignal = new AbortController().signal,
): Promise<FaultResult> {
  const scratch = await mkdtemp(join(tmpdir(), "fault-"));
  try {
    const outcome = await fault.make({ scratch, signal });
    if (outcome.state === "absent") return outcome;
    const homes = (await readdir(scratch)).filter((name) => name.startsWith(homePrefix));
    const left = homes.length + livingBelow(scratch);
    return { ...outcome, seen: outcome.seen.replaceAll(scratch, "…"), left };
  } finally {
    // What was killed may still be cleaned up after.
    await rm(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
