import assert from "node:assert/strict";
import { once } from "node:events";
import type { WebSocket } from "ws";
import type { Lab } from "../../server/lab.ts";
import { open } from "../client.ts";

/** A client that says what it likes, and hears one message after the other. */
export interface Dialogue {
  readonly socket: WebSocket;
  /** The next message. Rejects when the socket closes before there is one. */
  next(): Promise<string>;
  say(message: unknown): void;
  /** What is left to be heard when the socket has closed, and how it closed: [..., "1008 no grant"]. */
  rest(): Promise<string[]>;
}

/** Opens a WebSocket to talk over. */
export function dialogue(endpoint: URL, headers: Record<string, string> = {}): Dialogue {
  const socket = open(endpoint, { headers });
  const heard: string[] = [];
  const end = Promise.withResolvers<string>();
  socket.on("message", (data: Buffer) => {
    heard.push(data.toString());
    socket.emit("heard");
  });
  socket.on("error", () => {});
  socket.on("close", (code, reason) => end.resolve(`${code} ${reason.toString()}`.trim()));
  return {
    socket,
    async next() {
      if (heard.length === 0) await Promise.race([once(socket, "heard"), end.promise]);
      return heard.shift() ?? assert.fail(`closed: ${await end.promise}`);
    },
    say: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    async rest() {
      const how = await end.promise;
      return [...heard.splice(0), how];
    },
  };
}

/** For labs whose clients present something, however busy the machine is. */
export const patient = { origin: { firstMessageDeadlineMs: 30_000 } } as const;

/** How a client reaches a server, and in whose evidence it shows. */
export interface Place {
  readonly hostname?: string;
  readonly secure?: boolean;
  readonly attempt?: string;
}

/** Where a technique's server listens on this machine. */
export function endpointOf(
  lab: Lab,
  technique: string,
  { hostname = "localhost", secure = false, attempt = "" }: Place = {},
): URL {
  const { ws, wss } = lab.ports.get(technique) ?? assert.fail(technique);
  const url = new URL(secure ? `wss://${hostname}:${wss}/` : `ws://${hostname}:${ws}/`);
  if (attempt !== "") url.searchParams.set("attempt", attempt);
  return url;
}
