import { performance } from "node:perf_hooks";
import { obey } from "../orders.ts";
import { announce } from "./announce.ts";
import type { LeanSocket } from "./lean-socket.ts";
import { endedWell, type Dialogue, type LoadRound, type LoadTasks } from "./load-case.ts";
import { prepare } from "./prepare.ts";

/** Connections that are ready to be made. */
let prepared: readonly LeanSocket[] = [];

obey({
  async prepare(load) {
    prepared = await prepare(load);
    return prepared.length;
  },
  async run(concurrency) {
    const sockets = prepared;
    prepared = [];
    return await run(sockets, concurrency);
  },
} satisfies LoadTasks);
announce({});

/** Makes all connections, so many at a time. Rejects when one does not end as it should. */
async function run(sockets: readonly LeanSocket[], concurrency: number): Promise<LoadRound> {
  const [first] = sockets;
  if (first === undefined) throw new Error("no connections were prepared");
  const dialogue = listenTo(first);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let started = 0;
  let ended = 0;
  const startNext = (): void => {
    const socket = sockets[started];
    if (socket === undefined) return;
    started += 1;
    socket.once("close", (code, reason) => {
      if (!endedWell(code)) {
        const after = `after ${socket.received} messages from the server`;
        return reject(new Error(`a connection ended with ${code} ${reason} ${after}`));
      }
      ended += 1;
      return ended === sockets.length ? resolve() : startNext();
    });
    socket.start();
  };
  const [processor, utilization] = [process.cpuUsage(), performance.eventLoopUtilization()];
  const startedAt = performance.now();
  for (let at = 0; at < concurrency; at += 1) startNext();
  await promise;
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(processor);
  return {
    elapsedMs,
    connections: sockets.length,
    processorMs: (user + system) / 1_000,
    utilization: performance.eventLoopUtilization(utilization).utilization,
    dialogue: dialogue(),
  };
}

function listenTo(socket: LeanSocket): () => Dialogue {
  const answers: Dialogue["answers"][number][] = [];
  // First of all listeners: what they send in answer does not come before.
  socket.prependListener("message", (data, isBinary) => {
    answers.push({ data: data.toString("base64"), isBinary, after: socket.sent });
  });
  return () => ({ questions: socket.sent, answers });
}
