import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Ports } from "../../server/lab.ts";
import type { Ring } from "./claims.ts";

/** What the lab's process has counted. */
export interface Tally {
  /** What must not happen: exceptions and rejections that nobody caught, and whatever was written to the terminal. New ones only. */
  readonly faults: readonly string[];
  /** How often each user was let in, since the start, as the servers' evidence says. */
  readonly admitted: Readonly<Record<string, number>>;
  /** How often each reason to refuse somebody was given, since the start. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** A client's certificate and its key, in PEM. */
export interface ClientPair {
  readonly cert?: string;
  readonly key?: string;
}

/** What the process is asked. */
export type LabRequest =
  | { readonly ask: "ring"; readonly isTraded: boolean }
  | { readonly ask: "certificates" | "tally" | "heap" };

/** What it answers. */
export type LabAnswer =
  | { readonly answer: "ready"; readonly ports: readonly (readonly [string, Ports])[] }
  | { readonly answer: "ring"; readonly ring: Ring }
  | {
      readonly answer: "certificates";
      readonly refused: readonly ClientPair[];
      readonly good: ClientPair;
    }
  | { readonly answer: "tally"; readonly tally: Tally }
  | { readonly answer: "heap"; readonly bytes: number };

/** A lab in a process of its own. */
export interface LabChild extends AsyncDisposable {
  readonly ports: ReadonlyMap<string, Ports>;
  ring(isTraded: boolean): Promise<Ring>;
  certificates(): Promise<{ readonly refused: readonly ClientPair[]; readonly good: ClientPair }>;
  tally(): Promise<Tally>;
  /** Bytes in use after a garbage collection. */
  heapBytes(): Promise<number>;
  /** All that the process wrote to its terminal. */
  written(): string;
}

/** Starts the lab. What is asked rejects once its process has ended. */
export async function startLabChild(
  settings: { readonly isBehindProxy?: boolean } = {},
): Promise<LabChild> {
  const child = fork(
    fileURLToPath(new URL("lab-process.ts", import.meta.url)),
    settings.isBehindProxy === true ? ["--behind-proxy"] : [],
    { execArgv: ["--expose-gc"], stdio: ["ignore", "pipe", "pipe", "ipc"] },
  );
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => (written += text));
  }
  const waiting = new Map<number, PromiseWithResolvers<LabAnswer>>();
  const ready = Promise.withResolvers<LabAnswer>();
  waiting.set(0, ready);
  child.on("message", (answer: LabAnswer & { readonly id: number }) => {
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
  });
  let gone: Error | undefined;
  child.on("exit", (code, signal) => {
    gone = new Error(`the lab's process ended with ${code ?? signal}: ${written.slice(-2_000)}`);
    for (const { reject } of waiting.values()) reject(gone);
  });
  let count = 0;
  const ask = async (request: LabRequest): Promise<LabAnswer> => {
    if (gone !== undefined) throw gone;
    count += 1;
    const waiter = Promise.withResolvers<LabAnswer>();
    waiting.set(count, waiter);
    child.send({ ...request, id: count });
    return await waiter.promise;
  };
  const started = await ready.promise;
  if (started.answer !== "ready") throw new Error("the lab's process did not say its ports");
  return {
    ports: new Map(started.ports),
    async ring(isTraded) {
      const made = await ask({ ask: "ring", isTraded });
      if (made.answer !== "ring") throw new Error("no ring came");
      return made.ring;
    },
    async certificates() {
      const made = await ask({ ask: "certificates" });
      if (made.answer !== "certificates") throw new Error("no certificates came");
      return made;
    },
    async tally() {
      const made = await ask({ ask: "tally" });
      if (made.answer !== "tally") throw new Error("no tally came");
      return made.tally;
    },
    async heapBytes() {
      const made = await ask({ ask: "heap" });
      if (made.answer !== "heap") throw new Error("no heap came");
      return made.bytes;
    },
    written: () => written,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}
