import type { Ends } from "./clients-process.ts";
import type { Operation, Usage } from "./lab-process.ts";
import type { Allowance, Memory } from "./memory.ts";
import type { Pauses } from "./pauses.ts";

/** All that the benchmark has measured, before anything is concluded from it. */
export interface Measured {
  readonly connections: MeasuredConnections;
  /** Memory by the number of tokens that were added. */
  readonly tokens: readonly MemoryAt[];
  readonly rounds: readonly RoundPair[];
  /** The store's operations in the empty lab and in the full one. */
  readonly operations: {
    readonly empty: readonly Operation[];
    readonly full: readonly Operation[];
  };
  readonly allowance: Allowance;
  readonly windows: readonly Window[];
  readonly expiry: Expiry;
  readonly surroundings: MachineLimits;
}

/** Memory with so many connections, or tokens. */
export interface MemoryAt {
  readonly count: number;
  readonly memory: Memory;
}

/** Memory by open connections, of the lab and of the bare server, one after the other at each step. */
export interface MeasuredConnections {
  readonly lab: readonly MemoryAt[];
  readonly bare: readonly MemoryAt[];
}

/** A round of handshakes with each of two labs, one right after the other. */
export interface RoundPair {
  readonly empty: Round;
  readonly full: Round;
}

/** Handshakes, what they took by the clock, and of the server. */
export interface Round extends Usage {
  readonly cycles: number;
  readonly tookMs: number;
}

/** A stretch of time in which the lab was watched, and beside it a process that does nothing. */
export interface Window {
  readonly name: string;
  /** Whether it is a part of tokens' expiry. */
  readonly isExpiry: boolean;
  readonly tookMs: number;
  readonly lab: Pauses;
  readonly idle: Pauses;
}

/** Whether what was to end has ended. */
export interface Expiry {
  readonly connections: number;
  /** How the connections ended whose tokens ran out. */
  readonly ends: Ends;
  readonly tokens: number;
  /** How many of them the store held in the end. */
  readonly left: number;
}

/** What else sets limits. */
export interface MachineLimits {
  /** Of Node, which the lab was started with. */
  readonly flags: readonly string[];
  readonly memoryBytes: number;
  /** How many ports a client address has; null where the system does not tell. */
  readonly clientPorts: number | null;
  readonly defaultConnections: number;
  readonly defaultTokens: number;
}
