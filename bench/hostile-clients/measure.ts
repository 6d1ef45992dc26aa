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
  /** How many cycles there ought to be during it, at least. */
  readonly cycles: number;
  /** How many cycles of the good client were not served during it. */
  readonly unserved: number;
  /** From the last attack's beginning, or from when no further connection followed, until the lab had none of it; null: it did not get there in time. */
  readonly releasedAfterMs: number | null;
  /** How often each end was told. */
  readonly said: ReadonlyMap<string, number>;
  /** Largest of the process during it, and how large it was before. */
  readonly resident: { readonly before: number; readonly during: number };
  /** What was in use, once what was not was collected; null after: the lab's process has ended. */
  readonly heap: { readonly before: number; readonly after: number | null };
}

/** How long a good client waits, and how much longer than the longest limit an attack is watched. */
const patienceMs = 10_000;

/** Tries every attack on one lab, one after the other, until one has ended the lab's process. `onStart` is given that process. Rejects when aborted. */
export async function measureAttacks(
  settings: Settings,
  { onProgress, signal }: Pick<BenchmarkSurroundings, "onProgress" | "signal">,
  chosen: readonly Attack[] = attacks,
  onStart: (lab: ChildProcess) => void = () => {},
): Promise<readonly Measured[]> {
  await using lab = start("lab-process.ts", JSON.stringify(settings.limits));
  await using attacker = start("attacker-process.ts");
  const { target, goodPort }: AttackedLab = await said(lab.child);
  onStart(lab.child);
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
    const one = await measureOne(attack);
    measured.push(one);
    if (one.heap.after === null) break;
  }
  return measured;

  async function measureOne(attack: Attack): Promise<Measured> {
    const before: number[] = [];
    const during: number[] = [];
    let unserved = 0;
    let made = 0;
    let releasedAfterMs: number | null = null;
    const told = new Map<string, number>();
    let atFirst: LabState | undefined;
    let atLast: LabState | undefined;
    let most = 0;
    try {
      for (let count = 0; count < settings.cycles; count += 1) {
        before.push(await cycle());
        await delay(settings.pauseMs);
      }
      atFirst = await stateOf(lab.child, "settled");
      const noMoreRoundsAt = performance.now() + patienceMs + longestLimitMs;
      do await makeRound();
      while (releasedAfterMs !== null && isShort() && performance.now() < noMoreRoundsAt);
      atLast = await stateOf(lab.child, "settled");
    } catch (error) {
      signal.throwIfAborted();
      const isAlive = await stateOf(lab.child, "now").then(
        () => true,
        () => false,
      );
      if (isAlive) throw error;
      signal.throwIfAborted();
      releasedAfterMs = null;
    }
    return {
      attack,
      connections: made,
      before,
      during,
      cycles: settings.cycles,
      unserved,
      releasedAfterMs,
      said: told,
      resident: { before: atFirst?.residentBytes ?? 0, during: most },
      heap: { before: atFirst?.heapBytes ?? 0, after: atLast?.heapBytes ?? null },
    };

    /** Who was not served has missed the goal already. */
    function isShort(): boolean {
      return unserved === 0 && during.length < settings.cycles;
    }

    async function makeRound(): Promise<void> {
      const tell = (order: Order): void => send(attacker.child, order);
      const seen = { isBegun: false, isOver: false };
      const begun = said<Begun>(attacker.child, (message) => message === "begun");
      const reported = said<AttackReport>(attacker.child, (message) => message !== "begun");
      // They are waited for below, or something else has failed before.
      begun.then(
        () => (seen.isBegun = true),
        () => {},
      );
      reported.then(
        () => (seen.isOver = true),
        () => {},
      );
      let state = await stateOf(lab.child, "now");
      const look = async (): Promise<LabState> => {
        signal.throwIfAborted();
        state = await stateOf(lab.child, "now");
        most = Math.max(most, state.residentBytes);
        return state;
      };
      const serve = async (): Promise<void> => {
        const earlier = state;
        const ms = await cycle().catch(() => null);
        const later = await look();
        // One may be the good client's.
        const isDuring =
          earlier.sockets > 1 || later.sockets > 1 || later.accepted - earlier.accepted > 1;
        if (ms === null) unserved += 1;
        else if (isDuring) during.push(ms);
        // An attack that is over at once is over before a pause is.
        if (!seen.isBegun) return;
        await delay(settings.pauseMs);
        await look();
      };
      let startedAt = performance.now();
      tell({
        begin: attack.id,
        target: { ...target, dribbleMs: settings.dribbleMs },
        connections: Math.max(4, Math.round(attack.connections * settings.share)),
      });
      const mostMs = patienceMs + longestLimitMs;
      while (!seen.isBegun && performance.now() < startedAt + mostMs) await serve();
      if (attack.goesOn === true) {
        const lastAt = startedAt + settings.goesOnMs;
        while (
          performance.now() < lastAt ||
          (isShort() && performance.now() < startedAt + mostMs)
        ) {
          await serve();
        }
        tell({ next: "go on no more" });
        startedAt = performance.now();
      }
      releasedAfterMs = null;
      while (performance.now() < startedAt + mostMs) {
        // Who reads nothing does not see its end.
        const isSeenByClient = seen.isOver || (seen.isBegun && attack.neverReads === true);
        if (isSeenByClient && state.sockets <= 1) {
          releasedAfterMs = performance.now() - startedAt;
          break;
        }
        await serve();
      }
      tell({ next: "give up" });
      const report = await reported;
      made += report.made;
      for (const end of report.ends) told.set(end.said, (told.get(end.said) ?? 0) + 1);
    }
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
  send(lab, question);
  return await state;
}

function send(child: ChildProcess, message: Order | Question): void {
  // Who has ended meanwhile is noticed by those who wait for its answer.
  child.send(message, () => {});
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The next message of a process of ours that is meant; rejects when it ends instead. */
async function said<Message>(
  child: ChildProcess,
  isMeant: (message: unknown) => boolean = () => true,
): Promise<Message> {
  const { promise, resolve, reject } = Promise.withResolvers<Message>();
  const onExit = (): void => {
    child.off("message", onMessage);
    const how = child.exitCode ?? child.signalCode ?? "no code";
    reject(new Error(`a process of the measurement ended with ${how}`));
  };
  const onMessage = (message: Message): void => {
    if (!isMeant(message)) return;
    child.off("exit", onExit).off("message", onMessage);
    resolve(message);
  };
  child.once("exit", onExit).on("message", onMessage);
  if (hasEnded(child)) onExit();
  return await promise;
}
