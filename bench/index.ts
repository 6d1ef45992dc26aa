import type { Benchmark } from "./benchmark.ts";

/** Every benchmark, in the order in which they are made and shown. */
export const benchmarks: readonly Benchmark[] = [];
