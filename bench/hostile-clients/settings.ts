import { defaultConfig, type LabConfig } from "../../server/config.ts";
import type { BenchmarkSurroundings } from "../benchmark.ts";

/** What a measurement of this size is made with. */
export interface Settings {
  readonly size: BenchmarkSurroundings["size"];
  /** Of the lab. */
  readonly limits: Pick<LabConfig, "origin" | "sockets">;
  /** How many connections of an attack's own number are made. */
  readonly share: number;
  readonly dribbleMs: number;
  /** How many cycles of a good client are made before an attack, and at least during it, which is made again until they were. */
  readonly cycles: number;
  /** How long an attack goes on at least that begins again and again. */
  readonly goesOnMs: number;
  /** Between two cycles of the good client. */
  readonly pauseMs: number;
}

const { origin, sockets } = defaultConfig;

/** At the limits that the lab has, and at ones that a test can wait for. */
export const settings: Readonly<Record<BenchmarkSurroundings["size"], Settings>> = {
  full: {
    size: "full",
    limits: { origin, sockets },
    share: 1,
    dribbleMs: 200,
    cycles: 100,
    goesOnMs: 5_000,
    pauseMs: 20,
  },
  small: {
    size: "small",
    limits: {
      origin: {
        ...origin,
        maxConnections: 100,
        firstMessageDeadlineMs: 300,
        pingIntervalMs: 400,
        idleLimitMs: 1_200,
      },
      sockets: {
        ...sockets,
        tlsHandshakeMs: 500,
        requestHeadMs: 500,
        requestMs: 700,
        checkIntervalMs: 100,
        standstillMs: 1_000,
        spare: 100,
      },
    },
    share: 0.1,
    dribbleMs: 20,
    cycles: 10,
    goesOnMs: 500,
    pauseMs: 10,
  },
};
