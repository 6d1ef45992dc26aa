import type { Memory } from "./memory.ts";
import type { Measured, MemoryAt, Round, RoundPair, Window } from "./measured.ts";

/** Memory that each one more takes, in bytes. */
export interface Slopes {
  readonly resident: number;
  readonly objects: number;
}

/** By least squares: what a process takes before there is any is no part of it. */
export function slopes(points: readonly MemoryAt[]): Slopes {
  return {
    resident: slope(points, ({ resident }) => resident),
    objects: slope(points, ({ objects }) => objects),
  };
}

function slope(points: readonly MemoryAt[], of: (memory: Memory) => number): number {
  const x = mean(points.map(({ count }) => count));
  const y = mean(points.map(({ memory }) => of(memory)));
  const spread = sum(points.map(({ count }) => (count - x) ** 2));
  const common = sum(points.map(({ count, memory }) => (count - x) * (of(memory) - y)));
  return common / spread;
}

/** Handshakes a second, of all rounds together: whatever held one of them up is in it. */
export function rateOf(rounds: readonly Round[]): number {
  return (1_000 * sum(rounds.map(({ cycles }) => cycles))) / sum(rounds.map((one) => one.tookMs));
}

/** What a handshake takes of the server's processor, in milliseconds. */
export function processorMsOf(rounds: readonly Round[]): number {
  return sum(rounds.map((one) => one.processorMs)) / sum(rounds.map(({ cycles }) => cycles));
}

/** For which part of the time the server's event loop was busy. */
export function busyOf(rounds: readonly Round[]): number {
  const busyMs = sum(rounds.map((one) => one.busyMs));
  return busyMs / (busyMs + sum(rounds.map((one) => one.idleMs)));
}

/** By how much the full lab was as fast as the empty one, in the middle one of the pairs of rounds. */
export function medianRatio(rounds: readonly RoundPair[]): number {
  const ratios = rounds
    .map(({ empty, full }) => rateOf([full]) / rateOf([empty]))
    .toSorted((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 2)] ?? 0;
}

/** The longest pauses in the time in which tokens ran out and were dropped: of the lab, and of an idle process meanwhile. */
export function expiryPauses(windows: readonly Window[]): {
  readonly lab: Window;
  readonly idleMs: number;
} {
  const [worst, ...others] = windows
    .filter(({ isExpiry }) => isExpiry)
    .toSorted((a, b) => b.lab.longestMs - a.lab.longestMs);
  if (worst === undefined) throw new Error("nobody watched while tokens ran out");
  const idleMs = Math.max(...[worst, ...others].map(({ idle }) => idle.longestMs));
  return { lab: worst, idleMs };
}

/** One thing that runs out: at how many connections, or tokens, and in comparison to what was measured. */
export interface Ceiling {
  readonly what: string;
  readonly at: number;
  readonly unit: "connections" | "tokens";
  readonly timesMeasured: number;
  /** How it was computed. */
  readonly because: string;
}

const sessionCode = 4401;

/** Whether every connection was closed because its session was over, and every dead token is gone. */
export function hasExpired({ expiry }: Pick<Measured, "expiry">): boolean {
  return (expiry.ends[sessionCode] ?? 0) === expiry.connections && expiry.left === 0;
}

/** What runs out, the first one first. */
export function ceilings(measured: Measured): readonly Ceiling[] {
  const { allowance, surroundings } = measured;
  const lab = slopes(measured.connections.lab);
  const token = slopes(measured.tokens);
  const connections = measured.connections.lab.at(-1)?.count ?? 0;
  const tokens = measured.tokens.at(-1)?.count ?? 0;
  const base = (measured.connections.lab[0]?.memory.objects ?? 0) / mebi;
  const heap = allowance.heapBytes / mebi;
  const room = heap - base;
  const ofTokens = (token.objects * tokens) / mebi;
  const ofConnections = (lab.objects * connections) / mebi;
  const all: Omit<Ceiling, "timesMeasured">[] = [
    {
      what: "Node's heap, by connections",
      at: ((room - ofTokens) * mebi) / lab.objects,
      unit: "connections",
      because: `${mib(heap)} at most, of which ${mib(ofTokens)} are ${whole(tokens)} tokens`,
    },
    {
      what: "Node's heap, by tokens",
      at: ((room - ofConnections) * mebi) / token.objects,
      unit: "tokens",
      because: `${mib(heap)} at most, of which ${mib(ofConnections)} are ${whole(connections)} connections`,
    },
    {
      what: "the machine's memory, by connections",
      at: (surroundings.memoryBytes - ofTokens * mebi) / lab.resident,
      unit: "connections",
      because: `${mib(surroundings.memoryBytes / mebi)}; what the system keeps for a socket comes on top of it`,
    },
  ];
  const { descriptors, openDescriptors } = allowance;
  if (descriptors !== null && openDescriptors !== null) {
    const others = openDescriptors - connections;
    all.push({
      what: "file descriptors",
      at: descriptors - others,
      unit: "connections",
      because: `${whole(descriptors)} for a process here (ulimit -Hn), of which ${whole(others)} are something else`,
    });
  }
  if (surroundings.clientPorts !== null) {
    all.push({
      what: "ports of one client address, such as a proxy's",
      at: surroundings.clientPorts,
      unit: "connections",
      because: "each connection to the same port takes one; another address has its own",
    });
  }
  // Of few connections the slope can be anything, and what never runs out is no ceiling.
  return all
    .filter(({ at }) => Number.isFinite(at) && at > 0)
    .map((one) => ({
      ...one,
      timesMeasured: one.at / (one.unit === "tokens" ? tokens : connections),
    }))
    .toSorted((a, b) => a.timesMeasured - b.timesMeasured);
}

const mebi = 2 ** 20;

function mib(value: number): string {
  return `${whole(value)} MiB`;
}

/** A whole number with its thousands apart: "10,000". */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en-GB");
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
