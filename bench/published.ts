import type { Findings } from "./benchmark.ts";

/** The machine that measured. */
export interface Machine {
  /** "Linux 6.1.0 x64". */
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** "v26.10.0". */
  readonly node: string;
}

/** A results file of a benchmark: `bench/results/<id>.json`. */
export interface BenchmarkResult extends Findings {
  readonly schema: "websocket-auth-bench/1";
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly tookMs: number;
  /** The command that makes it again. */
  readonly command: string;
  /** Of the code that was measured; null outside a git checkout. */
  readonly revision: string | null;
  readonly dirty: boolean | null;
  readonly machine: Machine;
}
