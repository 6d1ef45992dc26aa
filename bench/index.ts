import type { Benchmark } from "./benchmark.ts";
import { connections } from "./connections/connections.ts";
import { hostileClients } from "./hostile-clients/hostile-clients.ts";
import { hostileInput } from "./hostile-input/hostile-input.ts";
import { run, wholeRun } from "./run/run.ts";
import { faults } from "./faults/faults.ts";
import { scale } from "./scale/index.ts";
import { stability, stabilityOfTheWhole } from "./stability/stability.ts";
import { startUp } from "./start-up/start-up.ts";
import { supplyChain } from "./supply-chain/supply-chain.ts";

/** Every benchmark, in the order in which they are made and shown. */
export const benchmarks: readonly Benchmark[] = [
  run,
  wholeRun,
  connections,
  scale,
  startUp,
  hostileInput,
  hostileClients,
  faults,
  stability,
  stabilityOfTheWhole,
  supplyChain,
];
