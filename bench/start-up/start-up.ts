import type { Benchmark } from "../benchmark.ts";
import { findingsOf } from "./findings.ts";
import { measureStartUp, type Size } from "./measure.ts";

const sizes: Readonly<Record<"full" | "small", Size>> = {
  full: { rounds: 15, visits: 5 },
  small: { rounds: 1, visits: 0 },
};

/** How long the lab takes to start, and its first page to appear. */
export const startUp: Benchmark = {
  id: "start-up",
  title: "Starting the lab, and its first page",
  page: "performance",
  cost: "three minutes, and the browsers that are installed",
  isUsual: true,
  async measure({ size, onProgress, signal }) {
    return findingsOf(await measureStartUp(sizes[size], { onProgress, signal }));
  },
};
