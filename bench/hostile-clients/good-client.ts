import { WebSocket } from "ws";

/**
 * One whole cycle of a good client: connects with its token in the `Authorization` header, is greeted, says
 * goodbye and is closed with 1000. Resolves with the milliseconds that it took; rejects when anything else
 * happens, or when it takes longer than `patienceMs`.
 */
export async function goodCycle(port: number, token: string, patienceMs: number): Promise<number> {
  const startedAt = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, {
    headers: { Authorization: `Bearer ${token}` },
    perMessageDeflate: false,
  });
  const timer = setTimeout(() => {
    reject(new Error(`a good client was not served within ${patienceMs} ms`));
    socket.terminate();
  }, patienceMs);
  socket.on("message", (data: Buffer) => {
    const user = /^Hello (?<user>.*)!$/su.exec(data.toString())?.groups?.["user"];
    if (user !== undefined) socket.send(`Goodbye ${user}.`);
  });
  socket.on("error", (cause) => reject(new Error("a good client was not served", { cause })));
  socket.on("close", (code) => {
    if (code === 1000) resolve(performance.now() - startedAt);
    else reject(new Error(`a good client was closed with ${code}`));
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Of the good client's server. */
export const goodTechnique = "custom-header";
