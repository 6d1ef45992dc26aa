import type { Benchmark } from "../benchmark.ts";
import { findingsOf } from "./findings.ts";
import { measureAttacks } from "./measure.ts";
import { settings } from "./settings.ts";

/** What bad clients are stopped by, and what good ones notice of them. */
export const hostileClients: Benchmark = {
  id: "hostile-clients",
  title: "Hostile clients",
  page: "reliability",
  cost: "About twelve minutes at the limits that the lab has; no browser.",
  isUsual: false,
  async measure({ size, onProgress, signal }) {
    return findingsOf(await measureAttacks(settings[size], { onProgress, signal }));
  },
};
