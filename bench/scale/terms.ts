/** Who everybody is. */
export const user = "alice";

/** The technique whose server is measured: the plainest, so that nothing but the product's own part counts. */
export const techniqueId = "query-parameter";

/** How many tokens are made in one turn of the event loop: a server has other things to do, too. */
export const tokensPerTurn = 100;

/** The pause that nobody is to notice, in milliseconds. */
export const goalPauseMs = 10;

/** How many times the memory of a bare connection one of the lab may take. */
export const goalMemoryRatio = 1.1;

/** What part of an empty server's handshake rate has to be left. */
export const goalRateRatio = 0.95;

/** How many connections a lab has open, and what is done to it. */
export interface Sizes {
  /** After how many connections memory is looked at, the first being 0. */
  readonly steps: readonly number[];
  readonly tokens: number;
  /** Pairs of rounds, and the handshakes of one. */
  readonly rounds: number;
  readonly cycles: number;
  /** How long it is looked at while nothing happens to it: in the full size longer than the lab waits between two pings. */
  readonly restMs: number;
  /** How long dead tokens are remembered. */
  readonly remembranceMs: number;
}

/** By the size that is asked for. */
export const sizes: Readonly<Record<"full" | "small", Sizes>> = {
  full: {
    steps: [0, 2_500, 5_000, 7_500, 10_000],
    tokens: 1_000_000,
    rounds: 20,
    cycles: 2_000,
    restMs: 16_000,
    remembranceMs: 1_000,
  },
  small: {
    steps: [0, 50, 100, 150, 200],
    tokens: 10_000,
    rounds: 2,
    cycles: 100,
    restMs: 300,
    remembranceMs: 100,
  },
};
