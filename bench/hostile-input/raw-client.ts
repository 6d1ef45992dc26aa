import { connect as connectPlain, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { frameBytes, readFrame } from "./frames.ts";
import type { Script } from "./scripts.ts";

/** Where a script goes. */
export interface Target {
  readonly port: number;
  /** For TLS: what the client shows; absent: plain. */
  readonly tls?: { readonly cert?: string; readonly key?: string };
}

/** What came of a script. */
export interface Outcome {
  /** Of the HTTP answer; null: there was none. */
  readonly status: number | null;
  /** Of the close frame; null: there was none. */
  readonly closeCode: number | null;
  /** All that came back, as bytes. */
  readonly heard: string;
  /** Whether the connection had to be cut here. */
  readonly wasCut: boolean;
}

/** Who is silent for that long is waiting for more. */
const quietMs = 400;
/** Who does not end a connection after that is cut. */
const patienceMs = 10_000;
/** Whoever answers that has heard all that was said before; and the second one, has had time to think about it. */
const pings: readonly Buffer[] = ["a", "b"].map((payload) => frameBytes({ opcode: 9, payload }));
const keptBytes = 200_000;

/** Sends a script, and resolves with what came back when the connection has ended. Never rejects. */
export async function send({ head, turns, end }: Script, target: Target): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const socket = open(target);
  let bytes: Buffer = Buffer.alloc(0);
  let heard = "";
  let status: number | null = null;
  let closeCode: number | null = null;
  let wasCut = false;
  let [turn, pinged, isOver] = [0, 0, false];
  let saying: Promise<unknown> = Promise.resolve();

  const cut = setTimeout(() => {
    wasCut = true;
    socket.destroy();
  }, patienceMs);
  const quiet = setTimeout(() => socket.end(), quietMs);
  const leave = (): void => {
    isOver = true;
    if (end === "wait") pingNext();
    if (end === "close") socket.write(frameBytes({ opcode: 8, payload: "\x03\xe8" }));
    if (end === "leave") socket.end();
    // Node cannot reset what it is about to end, and would never say that it is closed.
    if (end === "reset" && !socket.writableEnded) socket.resetAndDestroy();
  };
  const pingNext = (): void => {
    const ping = pings[pinged];
    pinged += 1;
    if (ping === undefined) socket.end();
    else if (socket.writable) socket.write(ping);
  };
  /** Says what is next, as far as it need not wait for the server. */
  const goOn = async (message: string | null): Promise<void> => {
    let said = message;
    for (;;) {
      const next = turns[turn];
      if (next === undefined) break;
      if (next.isAnswer && said === null) {
        // Who is refused in the protocol's own words, or not heard at all, has no more to say.
        if (turn > 0 && pinged === 0) pingNext();
        return;
      }
      const out = await next.say(said ?? "");
      if (next.isAnswer) said = null;
      turn += 1;
      if (socket.writable) socket.write(out);
    }
    if (!isOver) leave();
  };
  const follow = (message: string | null): void => {
    saying = saying.then(() => goOn(message)).catch(() => socket.destroy());
  };
  const hear = (chunk: Buffer): void => {
    quiet.refresh();
    if (heard.length < keptBytes) heard += chunk.toString("latin1");
    // What is left of an answer that is no open connection.
    if (status !== null && status !== 101) return;
    bytes = Buffer.concat([bytes, chunk]);
    if (status === null) {
      const headEnd = bytes.indexOf("\r\n\r\n");
      if (headEnd === -1) return;
      status = Number(/^HTTP\/1\.[01] (?<status>\d{3})/u.exec(heard)?.groups?.["status"] ?? 0);
      if (status === 100) {
        status = null;
        bytes = bytes.subarray(headEnd + 4);
        return;
      }
      if (status !== 101) return void socket.end();
      bytes = bytes.subarray(headEnd + 4);
      follow(null);
    }
    for (;;) {
      const frame = readFrame(bytes);
      if (frame === undefined) break;
      bytes = frame.rest;
      if (frame.opcode === 8) {
        closeCode = frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE(0);
        socket.end(frameBytes({ opcode: 8, payload: "" }));
      } else if (frame.opcode === 10) pingNext();
      else if (frame.opcode < 8) follow(frame.payload.toString("latin1"));
    }
  };
  socket.on("data", hear);
  socket.on("error", () => {});
  socket.on("close", () => {
    clearTimeout(cut);
    clearTimeout(quiet);
    resolve({ status, closeCode, heard, wasCut });
  });
  socket.write(head);
  return await promise;
}

function open({ port, tls }: Target): Socket {
  const place = { port, host: "127.0.0.1" };
  if (tls === undefined) return connectPlain(place);
  // Whose server this is, nobody asks here.
  return connectTls({ ...place, ...tls, servername: "localhost", rejectUnauthorized: false });
}
