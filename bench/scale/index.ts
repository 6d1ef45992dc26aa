import type { Benchmark } from "../benchmark.ts";
import { findingsOf } from "./findings.ts";
import { measureScale } from "./measure.ts";
import { sizes } from "./terms.ts";

/** How much memory connections and tokens take, and what it does to a server to hold many of them. */
export const scale: Benchmark = {
  id: "scale",
  title: "Ten thousand connections and a million tokens in one process",
  page: "performance",
  cost: "5 minutes, 3 GiB of memory, and 11,000 file descriptors for a process",
  isUsual: true,
  async measure({ size, onProgress, signal }) {
    return findingsOf(await measureScale(sizes[size], { onProgress, signal }));
  },
};
