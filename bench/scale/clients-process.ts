import { connect, type Socket } from "node:net";
import { obey } from "../orders.ts";
import { user } from "./terms.ts";

/** Where connections go, and with what: in turn, one after the other; empty: without a credential. */
export interface Way {
  readonly port: number;
  readonly secrets: readonly string[];
}

/** How many connections have ended, by their close code (RFC 6455, 7.4); 1006: without one. */
export type Ends = Readonly<Record<number, number>>;

/** As many are on their way at once. */
const atOnce = 64;
/**
 * A client address has some 28,000 ports: https://docs.kernel.org/networking/ip-sysctl.html#ip-variables.
 * These all are this machine (RFC 6890, 2.2.2).
 */
const addresses = Array.from({ length: 8 }, (_, index) => `127.0.0.${index + 2}`);
const greeting = Buffer.from(`Hello ${user}!`);
const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;
const farewell = Buffer.concat([
  frame(opcodes.text, Buffer.from(`Goodbye ${user}.`)),
  frame(opcodes.close, Buffer.from([0x03, 0xe8])),
]);

const held = new Set<Socket>();
const ends = new Map<number, number>();
let onEmpty: (() => void) | undefined;
let made = 0;

const orders = {
  /** Opens so many more connections and keeps them. */
  async hold({ way, count }: { readonly way: Way; readonly count: number }): Promise<number> {
    const startedAt = performance.now();
    await inTurn(count, async () => {
      const socket = await open(way);
      let code = 1006;
      held.add(socket);
      socket.on("data", (data: Buffer) => {
        code = answer(socket, data) ?? code;
      });
      socket.on("close", () => {
        held.delete(socket);
        ends.set(code, (ends.get(code) ?? 0) + 1);
        if (held.size === 0) onEmpty?.();
      });
    });
    return performance.now() - startedAt;
  },
  /** How many are open, and how the others ended. */
  held(): { readonly open: number; readonly ends: Ends } {
    return { open: held.size, ends: Object.fromEntries(ends) };
  },
  /** Resolves when no connection is open any more. */
  async whenAllHaveEnded(): Promise<Ends> {
    if (held.size > 0) await new Promise<void>((resolve) => (onEmpty = resolve));
    return Object.fromEntries(ends);
  },
  /** Connects, is greeted, says goodbye and is closed, so many times; in milliseconds. */
  async cycles({ way, count }: { readonly way: Way; readonly count: number }): Promise<number> {
    const startedAt = performance.now();
    await inTurn(count, async () => {
      const socket = await open(way);
      const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
      socket.resume();
      socket.write(farewell);
      await closed;
    });
    return performance.now() - startedAt;
  },
};

/** Clients that do as little as clients can, so that it is the server that is measured. */
export type ClientsOrders = typeof orders;

obey(orders);

async function inTurn(count: number, once: () => Promise<void>): Promise<void> {
  let left = count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      // oxlint-disable-next-line no-await-in-loop -- one after the other, in each of the rows
      await once();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, work));
}

/** Resolves when the server has greeted. */
async function open({ port, secrets }: Way): Promise<Socket> {
  const secret = secrets[made % Math.max(1, secrets.length)];
  const localAddress = addresses[made % addresses.length];
  made += 1;
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ host: "127.0.0.1", port, noDelay: true, localAddress });
  socket.write(headOf(port, secret === undefined ? "/" : `/?token=${secret}`));
  let heard = Buffer.alloc(0);
  const read = (data: Buffer): void => {
    heard = Buffer.concat([heard, data]);
    if (!heard.includes(greeting)) return;
    socket.off("data", read);
    socket.off("error", fail);
    socket.off("close", fail);
    // Who is held is cut off when the server ends.
    socket.on("error", () => {});
    resolve(socket);
  };
  const fail = (error: Error | boolean): void => {
    const status = heard.toString("latin1").split("\r\n")[0] ?? "";
    const cause = error instanceof Error ? error.message : "closed";
    reject(new Error(`a connection was not greeted: ${status === "" ? cause : status}`));
  };
  socket.on("data", read);
  socket.on("error", fail);
  socket.on("close", fail);
  return await promise;
}

/** What a browser says, as long as it usually is. */
function headOf(port: number, target: string): string {
  return [
    `GET ${target} HTTP/1.1`,
    `Host: localhost:${port}`,
    "Connection: Upgrade",
    "Pragma: no-cache",
    "Cache-Control: no-cache",
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Upgrade: websocket",
    "Origin: http://localhost:8000",
    "Sec-WebSocket-Version: 13",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Accept-Language: en-GB,en;q=0.9",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    "\r\n",
  ].join("\r\n");
}

/** Answers pings and close frames. Returns the code of a close frame. */
function answer(socket: Socket, data: Buffer): number | undefined {
  let code: number | undefined;
  for (let at = 0; at + 2 <= data.length;) {
    const [first = 0, length = 0] = data.subarray(at, at + 2);
    const body = data.subarray(at + 2, at + 2 + length);
    at += 2 + length;
    if ((first & 0x0f) === opcodes.ping) socket.write(frame(opcodes.pong, body));
    if ((first & 0x0f) === opcodes.close) {
      code = body.length < 2 ? 1005 : body.readUInt16BE(0);
      socket.write(frame(opcodes.close, body.subarray(0, 2)));
    }
  }
  return code;
}

/** RFC 6455, 5.3: masked, with zeros, which nobody can tell from chance. */
function frame(opcode: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | body.length, 0, 0, 0, 0]), body]);
}
