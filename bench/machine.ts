import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { arch, version } from "node:process";
import type { Machine } from "./published.ts";

/** The machine that this process is on. */
export function thisMachine(): Machine {
  return {
    system: `${type()} ${release()} ${arch}`,
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: version,
  };
}
