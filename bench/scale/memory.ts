import { readdirSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { getHeapSpaceStatistics, getHeapStatistics } from "node:v8";

/** What a process holds after the garbage is gone, in bytes. */
export interface Memory {
  /**
   * What the operating system counts, without V8's nursery, which is empty then, and whose size follows
   * how fast objects were made: https://v8.dev/blog/trash-talk
   */
  readonly resident: number;
  /** Objects of JavaScript, and what they hold outside of the heap. */
  readonly objects: number;
}

/** What a process may have at most. */
export interface Allowance {
  /** Of the heap, in bytes. */
  readonly heapBytes: number;
  /** Files and sockets that may be open; null where the system does not tell. */
  readonly descriptors: number | null;
  /** Of those, the ones that are open; null where the system does not tell. */
  readonly openDescriptors: number | null;
}

/** Collects the garbage, and says what is left. */
export async function settledMemory(): Promise<Memory> {
  if (globalThis.gc === undefined) throw new Error("the process needs --expose-gc");
  for (let times = 0; times < 3; times += 1) {
    globalThis.gc();
    // oxlint-disable-next-line no-await-in-loop -- what was closed is let go of a turn later
    await nextTurn();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const nursery = getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name.startsWith("new_"))
    .reduce((sum, { physical_space_size: bytes }) => sum + bytes, 0);
  return { resident: rss - nursery, objects: heapUsed + external };
}

/** What this process may have. Node has raised its own limit of descriptors to the highest that it may. */
export function allowance(): Allowance {
  return {
    heapBytes: getHeapStatistics().heap_size_limit,
    descriptors: descriptorLimit(),
    openDescriptors: openDescriptors(),
  };
}

function descriptorLimit(): number | null {
  // It would look up the name of every connection's other end: https://nodejs.org/api/report.html
  Object.assign(process.report, { excludeNetwork: true });
  const report: unknown = process.report.getReport();
  if (typeof report !== "object" || report === null || !("userLimits" in report)) return null;
  const { userLimits } = report;
  if (typeof userLimits !== "object" || userLimits === null) return null;
  const files: unknown = "open_files" in userLimits ? userLimits.open_files : null;
  if (typeof files !== "object" || files === null || !("soft" in files)) return null;
  return typeof files.soft === "number" ? files.soft : null;
}

function openDescriptors(): number | null {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return null;
  }
}
