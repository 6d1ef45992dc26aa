import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { BenchmarkSurroundings } from "../benchmark.ts";
import type { AttackReport, Begun, Order } from "./attacker-process.ts";
import { attacks, type Attack } from "./attacks.ts";
import { goodCycle } from "./good-client.ts";
import type { AttackedLab, LabState, Question } from "./lab-process.ts";
import type { Settings } from "./settings.ts";

/** What one attack did. Times are milliseconds, memory is bytes of the lab's process. */
export interface Measured {
  readonly attack: Attack;
  /** Made over all of it. */
  readonly connections: number;
  /** Cycles of the good client, in order. */
  readonly before: readonly number[];
  readonly during: readonly number[];
  /** How many cycles of the good client were not served during it. */
  readonly unserved: number;
  /** From the attack's beginning, or the end of its going on, until the lab had no connection of it; null: it did not get there in time. */
  readonly releasedAfterMs: number | null;
  /** How often each end was told. */
  readonly said: ReadonlyMap<string, number>;
  /** Largest of the process during it, and how large it was before. */
  readonly resident: { readonly before: number; readonly during: number };
  /** What was in use, once what was not was collected. */
  readonly heap: { readonly before: number; readonly after: number };
}

/** How long a good client waits, and how much longer than the longest limit an attack is watched. */
const patienceMs = 10_000;
/** How often the lab is asked how it is. */
const lookEveryMs = 100;

/** Tries every attack on one lab, one after the other. */
export async function measureAttacks(
  settings: Settings,
  { onProgress, signal }: Pick<BenchmarkSurroundings, "onProgress" | "signal">,
  chosen: readonly Attack[] = attacks,
): Promise<readonly Measured[]> {
  await using lab = start("lab-process.ts", JSON.stringify(settings.limits));
  await using attacker = start("attacker-process.ts");
  const { target, goodPort }: AttackedLab = await said(lab.child);
  const { origin, sockets: limits } = settings.limits;
  const longestLimitMs =
    2 * Math.max(origin.idleLimitMs + origin.pingIntervalMs, limits.standstillMs);
  const cycle = (): Promise<number> => goodCycle(goodPort, target.token, patienceMs);
  // The first ones are slower: nothing is compiled yet.
  for (let count = 0; count < settings.cycles; count += 1) await cycle();
  const measured: Measured[] = [];
  for (const attack of chosen) {
    signal.throwIfAborted();
    onProgress(`Hostile clients: ${attack.does}`);
    measured.push(await measureOne(attack));
  }
  return measured;

  async function measureOne(attack: Attack): Promise<Measured> {
    const before: number[] = [];
    for (let count = 0; count < settings.cycles; count += 1) {
      before.push(await cycle());
      await delay(settings.pauseMs);
    }
    const atFirst = await stateOf(lab.child, "settled");
    const connections = Math.max(4, Math.round(attack.connections * settings.share));
    const tell = (order: Order): void => void attacker.child.send(order);
    const begun = said<Begun>(attacker.child);
    let startedAt = performance.now();
    tell({
      begin: attack.id,
      target: { ...target, dribbleMs: settings.dribbleMs },
      connections,
    });
    const during: number[] = [];
    let unserved = 0;
    let most = atFirst.residentBytes;
    const over = new AbortController();
    const serve = async (): Promise<void> => {
      while (!over.signal.aborted) {
        await cycle().then(
          (ms) => during.push(ms),
          () => (unserved += 1),
        );
        await delay(settings.pauseMs);
      }
    };
    const look = async (): Promise<number> => {
      await delay(lookEveryMs);
      const { residentBytes, sockets } = await stateOf(lab.child, "now");
      most = Math.max(most, residentBytes);
      return sockets;
    };
    const serving = serve();
    await begun;
    let hasEnded = false;
    const report = said<AttackReport>(attacker.child).finally(() => (hasEnded = true));
    if (attack.goesOn === true) {
      const lastAt = startedAt + settings.goesOnMs;
      while (performance.now() < lastAt) await look();
      tell({ next: "go on no more" });
      startedAt = performance.now();
    }
    const giveUpAt = startedAt + patienceMs + longestLimitMs;
    let releasedAfterMs: number | null = null;
    while (releasedAfterMs === null && performance.now() < giveUpAt) {
      signal.throwIfAborted();
      const sockets = await look();
      // Who reads nothing does not see its end. One may be the good client's.
      const isSeenByClient = hasEnded || attack.neverReads === true;
      if (isSeenByClient && sockets <= 1) releasedAfterMs = performance.now() - startedAt;
    }
    over.abort();
    await serving;
    tell({ next: "give up" });
    const { made, ends } = await report;
    return {
      attack,
      connections: made,
      before,
      during,
      unserved,
      releasedAfterMs,
      said: new Map(
        [...Map.groupBy(ends, (end) => end.said)].map(([one, all]) => [one, all.length]),
      ),
      resident: { before: atFirst.residentBytes, during: most },
      heap: {
        before: atFirst.heapBytes,
        after: (await stateOf(lab.child, "settled")).heapBytes,
      },
    };
  }
}

function start(
  file: string,
  ...args: string[]
): AsyncDisposable & { readonly child: ChildProcess } {
  const child = fork(new URL(file, import.meta.url), args, { execArgv: ["--expose-gc"] });
  const ended = once(child, "exit");
  return {
    child,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function stateOf(lab: ChildProcess, question: Question): Promise<LabState> {
  const state = said<LabState>(lab);
  lab.send(question);
  return await state;
}

/** The next message of a process of ours; rejects when it ends instead. */
async function said<Message>(child: ChildProcess): Promise<Message> {
  const { promise, resolve, reject } = Promise.withResolvers<Message>();
  const onExit = (code: number | null): void =>
    reject(new Error(`a process of the measurement ended with ${code ?? "a signal"}`));
  child.once("exit", onExit);
  child.once("message", (message: Message) => {
    child.off("exit", onExit);
    resolve(message);
  });
  return await promise;
}
