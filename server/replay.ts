import type { IncomingMessage } from "node:http";
import type { LookupFunction } from "node:net";
import { WebSocket } from "ws";
import type { PageReport } from "../model/lab-api.ts";
import type { PageEvent } from "../model/observation.ts";

/** What a client put on the wire, in the order in which the server got it. Holds secrets: never written down. */
export interface Recording {
  readonly attemptId: string;
  /** The request's target, with the attempt's id in the query. */
  readonly target: string;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly messages: readonly RecordedMessage[];
  /** How many messages the server has sent. */
  readonly answers: number;
}

/** A client's message, and how many of the server's came before it. */
export interface RecordedMessage {
  readonly data: Buffer;
  readonly isBinary: boolean;
  readonly after: number;
}

interface Tape extends Recording {
  readonly messages: RecordedMessage[];
  answers: number;
}

const maxRecordings = 100;
const maxMessages = 100;

/** Records the handshakes and messages of those attempts that it was asked to, in memory only. */
export class Recorder {
  /** By attempt; null: nothing has come yet. */
  readonly #tapes = new Map<string, Tape | null>();

  /** Has what comes of this attempt recorded, until it is forgotten. */
  expect(attemptId: string): void {
    this.#tapes.set(attemptId, null);
    const [oldest] = this.#tapes.keys();
    if (this.#tapes.size > maxRecordings && oldest !== undefined) this.#tapes.delete(oldest);
  }

  /** Records a connection that was opened. The last one counts: a browser may have been refused before. */
  opened(attemptId: string | null, request: IncomingMessage, socket: WebSocket): void {
    if (attemptId === null || !this.#tapes.has(attemptId)) return;
    const { url: target = "/", rawHeaders } = request;
    const tape: Tape = { attemptId, target, rawHeaders, messages: [], answers: 0 };
    this.#tapes.set(attemptId, tape);
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (tape.messages.length >= maxMessages) return;
      tape.messages.push({ data, isBinary, after: tape.answers });
    });
    // ws does not tell of what it sends. What is called here is called on the socket.
    // oxlint-disable-next-line typescript/unbound-method
    socket.send = new Proxy(socket.send, {
      apply(send, _receiver, parts) {
        tape.answers += 1;
        Reflect.apply(send, socket, parts);
      },
    });
  }

  /** What was recorded so far; undefined when no connection was opened. */
  get(attemptId: string): Recording | undefined {
    return this.#tapes.get(attemptId) ?? undefined;
  }

  /** Drops what was recorded. */
  forget(attemptId: string): void {
    this.#tapes.delete(attemptId);
  }
}

/** Where a recording is played to. */
export interface Stage {
  /** The server, with the id of the new attempt in the query. */
  readonly endpoint: URL;
  /** How long the program waits for the connection's end, in milliseconds. */
  readonly deadlineMs: number;
}

/**
 * What a client makes anew for each connection, and what a proxy in front has added: nothing of it was
 * the first client's to say.
 */
const notRepeated =
  /^(?:connection|upgrade|host|content-length|transfer-encoding|keep-alive|proxy-.*|te|trailer|via|forwarded|x-forward.*|x-real-ip|sec-websocket-(?:key|version|extensions|accept))$/iu;

/** The names that a browser was made to find here are unknown to a resolver. */
const loopback: LookupFunction = (_hostname, { all }, callback) => {
  const addresses = [{ address: "127.0.0.1", family: 4 }];
  if (all === true) callback(null, addresses);
  else callback(null, "127.0.0.1", 4);
};

/**
 * Says what was recorded once more, from a program, at the same turns; resolves with what a page would
 * have seen. Never rejects. A client certificate is not part of what can be repeated: its key is not on the wire.
 */
export async function replay(
  recording: Recording | undefined,
  { endpoint, deadlineMs }: Stage,
): Promise<PageReport> {
  const startedAt = performance.now();
  const at = (): number => Math.round((performance.now() - startedAt) * 10) / 10;
  const events: PageEvent[] = [];
  if (recording === undefined) {
    const message = "there is nothing to repeat: the first attempt opened no connection";
    return { end: "threw", events: [{ at: at(), type: "exception", name: "Error", message }] };
  }
  let socket: WebSocket;
  try {
    socket = open(recording, endpoint);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { end: "threw", events: [{ at: at(), type: "exception", name, message }] };
  }
  const { promise, resolve } = Promise.withResolvers<PageReport>();
  const deadline = setTimeout(() => {
    // What comes now is our own doing.
    resolve({ end: "timeout", events: [...events] });
    socket.terminate();
  }, deadlineMs);
  let heard = 0;
  let said = 0;
  const goOn = (): void => {
    const { messages, answers } = recording;
    for (;;) {
      const next = messages[said];
      if (next === undefined || next.after > heard || socket.readyState !== socket.OPEN) break;
      said += 1;
      socket.send(next.data, { binary: next.isBinary });
    }
    // Who was let in again has heard as much as the first client then, and may leave as that did.
    if (said === messages.length && heard >= answers) socket.close(1000);
  };
  socket.on("open", () => {
    events.push({ at: at(), type: "open", protocol: socket.protocol });
    goOn();
  });
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    const text = isBinary ? "(binary)" : data.toString();
    events.push({ at: at(), type: "message", data: text });
    heard += 1;
    goOn();
  });
  socket.on("error", () => events.push({ at: at(), type: "error" }));
  socket.on("close", (code, reason) => {
    clearTimeout(deadline);
    const wasClean = code !== 1006;
    events.push({ at: at(), type: "close", code, reason: reason.toString(), wasClean });
    resolve({ end: "completed", events });
  });
  return await promise;
}

function open({ attemptId, target, rawHeaders }: Recording, endpoint: URL): WebSocket {
  const attempt = endpoint.searchParams.get("attempt") ?? "";
  // As text: what it takes to write a URL anew may not be what the first client wrote.
  const path = target.replace(`attempt=${attemptId}`, `attempt=${attempt}`);
  // Put together, and not resolved: a target can begin with the two slashes of another host.
  const url = new URL(`${endpoint.origin}${path}`);
  const headers = new Map<string, string[]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!notRepeated.test(name)) headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  const protocols = [...headers].flatMap(([name, values]) =>
    /^sec-websocket-protocol$/iu.test(name) ? values.join(",").split(",") : [],
  );
  const own = [...headers].filter(([name]) => !/^sec-websocket-protocol$/iu.test(name));
  return new WebSocket(
    url,
    protocols.map((name) => name.trim()),
    {
      headers: Object.fromEntries(own.map(([name, values]) => [name, values.join(", ")])),
      lookup: loopback,
      perMessageDeflate: false,
      // It is this very lab, on this very machine, and its certificate may be anybody's.
      rejectUnauthorized: false,
    },
  );
}
