import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn, setTimeout as delay } from "node:timers/promises";
import type { Serial } from "../../model/observation.ts";
import { defaultConfig } from "../../server/config.ts";
import { startLab, type Lab } from "../../server/lab.ts";
import type { Token } from "../../server/tokens.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { idleLaboratory } from "../idle-laboratory.ts";
import { obey } from "../orders.ts";
import { allowance, settledMemory, type Allowance, type Memory } from "./memory.ts";
import { watchPauses, type Pauses } from "./pauses.ts";
import { techniqueId, tokensPerTurn, user } from "./terms.ts";

/** How large a lab is to become. */
export interface LabSize {
  readonly connections: number;
  /** How many tokens the store has room for. */
  readonly capacity: number;
  readonly remembranceMs: number;
}

/** How long an operation of the token store took. */
export interface Operation {
  readonly name: string;
  readonly times: number;
  readonly medianUs: number;
  /** Of the main thread on a processor: by the clock, others would count too. */
  readonly longestMs: number;
}

/** What a process has used of the processors so far, and how long its event loop had something to do, and nothing; in milliseconds. */
export interface Usage {
  readonly processorMs: number;
  readonly busyMs: number;
  readonly idleMs: number;
}

let lab: Lab | undefined;
let stop: (() => Promise<Pauses>) | undefined;

const orders = {
  /** The product's own, with limits that leave room; resolves with the port. */
  async start({ connections, capacity, remembranceMs }: LabSize): Promise<number> {
    lab = await startLab({
      config: {
        ...defaultConfig,
        port: 0,
        hosts: ["127.0.0.1"],
        // Room for handshakes besides those that stay, which say nothing for as long as it takes.
        origin: {
          ...defaultConfig.origin,
          maxConnections: connections + 1_000,
          idleLimitMs: 3_600_000,
        },
        tokens: { capacity, remembranceMs },
      },
      techniques: techniques.filter(({ id }) => id === techniqueId),
      techniquesDirectory,
      laboratory: idleLaboratory,
    });
    const port = lab.ports.get(techniqueId)?.ws;
    if (port === undefined) throw new Error(`${techniqueId} has no port`);
    return port;
  },
  /** Makes tokens that all run out `lifetimeMs` from the order; resolves with so many of their secrets, from all over. */
  async issue(terms: {
    readonly count: number;
    readonly lifetimeMs: number;
    readonly wanted: number;
  }): Promise<readonly string[]> {
    const { count, lifetimeMs, wanted } = terms;
    const endsAt = performance.now() + lifetimeMs;
    const secrets: string[] = [];
    const every = Math.max(1, Math.floor(count / Math.max(1, wanted)));
    for (let issued = 0; issued < count; issued += 1) {
      const { secret } = started().tokens.issue(user, endsAt - performance.now(), false);
      if (secrets.length < wanted && issued % every === 0) secrets.push(secret);
      // oxlint-disable-next-line no-await-in-loop -- so that others have their turn
      if (issued % tokensPerTurn === 0) await nextTurn();
    }
    if (performance.now() >= endsAt) throw new Error("the tokens ran out while they were made");
    return secrets;
  },
  /** Waits until the store holds no tokens any more, or for so long; resolves with how many it holds. */
  async forgotten(patienceMs: number): Promise<number> {
    const { tokens } = started();
    const until = performance.now() + patienceMs;
    // oxlint-disable-next-line no-await-in-loop -- that is how it waits
    while (tokens.size > 0 && performance.now() < until) await delay(10);
    return tokens.size;
  },
  async memory(): Promise<Memory> {
    return await settledMemory();
  },
  allowance(): Allowance {
    return allowance();
  },
  usage(): Usage {
    const { user: ofUser, system } = process.cpuUsage();
    const { active: busyMs, idle: idleMs } = performance.eventLoopUtilization();
    return { processorMs: (ofUser + system) / 1_000, busyMs, idleMs };
  },
  watch(): void {
    stop = watchPauses();
  },
  async stopWatching(): Promise<Pauses> {
    if (stop === undefined) throw new Error("nothing was watched");
    return await stop();
  },
  /** What the store does for a request or a trial, with the tokens that it holds. */
  async operate(): Promise<readonly Operation[]> {
    const { tokens } = started();
    const fresh: Token[] = [];
    const next = (index: number): Token => fresh[index % fresh.length] ?? never();
    const rows: readonly (readonly [
      name: string,
      times: number,
      once: (index: number) => unknown,
    ])[] = [
      ["issue a token", 2_000, () => fresh.push(tokens.issue(user, 3_600_000, false))],
      ["redeem it", 2_000, (index) => tokens.redeem(next(index).secret)],
      ["hide it in a line of a log", 2_000, (index) => tokens.redact(logLine(next(index).secret))],
      ["find it in a line of a log", 2_000, (index) => tokens.knownIn(logLine(next(index).secret))],
      ["all secrets of a serial", 50, (index) => tokens.secretsOf(next(index).serial)],
      ["revoke all of a serial", 50, (index) => tokens.revokeAll(next(index).serial)],
      ["revoke all of one that is not held", 50, () => tokens.revokeAll(unknownSerial)],
    ];
    const operations: Operation[] = [];
    for (const [name, times, once] of rows) {
      // oxlint-disable-next-line no-await-in-loop -- one kind after the other
      operations.push({ name, times, ...(await timed(times, once)) });
    }
    return operations;
  },
};

/** The product, with one technique's server. */
export type LabOrders = typeof orders;

obey(orders);

const unknownSerial: Serial = "#0";

async function timed(
  times: number,
  once: (index: number) => unknown,
): Promise<Pick<Operation, "medianUs" | "longestMs">> {
  const took: number[] = [];
  let longestMs = 0;
  for (let index = 0; index < times; index += 1) {
    const before = process.threadCpuUsage();
    const from = performance.now();
    once(index);
    took.push(performance.now() - from);
    const { user: ofUser, system } = process.threadCpuUsage(before);
    longestMs = Math.max(longestMs, (ofUser + system) / 1_000);
    // oxlint-disable-next-line no-await-in-loop -- so that others have their turn
    if (index % tokensPerTurn === 0) await nextTurn();
  }
  const sorted = took.toSorted((a, b) => a - b);
  return { medianUs: (sorted[Math.floor(times / 2)] ?? 0) * 1_000, longestMs };
}

function logLine(secret: string): string {
  return `127.0.0.1 - - "GET /?token=${secret} HTTP/1.1" 101 0 "-" "Mozilla/5.0 (X11; Linux x86_64)"`;
}

function started(): Lab {
  if (lab === undefined) throw new Error("the lab was not started");
  return lab;
}

function never(): never {
  throw new Error("no token was issued before");
}
