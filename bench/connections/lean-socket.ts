import { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import type { ProgramCertificate } from "../../techniques/program.ts";

/** What a client says before its WebSocket is open. */
export interface Opening {
  readonly endpoint: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocols: readonly string[];
  readonly certificate: ProgramCertificate;
  /** Who vouches for a TLS server, in PEM; null: nobody has to. */
  readonly authority: string | null;
}

interface Events {
  open: [];
  message: [data: Buffer, isBinary: boolean];
  /** 1006 stands for an end without a close frame (RFC 6455, 7.1.5). */
  close: [code: number, reason: string];
}

/** The example of RFC 6455, 1.3: what a key is for, a client that measures on loopback has no need of. */
const key = "dGhlIHNhbXBsZSBub25jZQ==";
const accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const headEnd = Buffer.from("\r\n\r\n");
const nothing = Buffer.alloc(0);

/**
 * A WebSocket client that costs a small part of what `ws` does, so that a server is busy before its client
 * is. It knows what the benchmark's servers send: whole messages, close frames and pings. Nothing is
 * said before `start`.
 */
export class LeanSocket extends EventEmitter<Events> {
  /** Text and binary messages, in both directions. */
  sent = 0;
  received = 0;
  readonly #opening: Opening;
  #head: Buffer;
  #socket: Socket | undefined;
  #unread: Buffer = nothing;
  #isOpen = false;
  #end: { readonly code: number; readonly reason: string } = { code: 1006, reason: "" };

  constructor(opening: Opening) {
    super();
    this.#opening = opening;
    this.#head = headOf(opening);
  }

  /** Adds a header field that was not known before. */
  addHeader(name: string, value: string): void {
    const { headers } = this.#opening;
    this.#head = headOf({ ...this.#opening, headers: { ...headers, [name]: value } });
  }

  /** Connects. Ends with `close`, whatever happens. */
  start(): void {
    const { endpoint, certificate, authority } = this.#opening;
    // The address, so that no resolver is asked: every host of the benchmark is this machine.
    const place = { host: "127.0.0.1", port: Number(endpoint.port), noDelay: true };
    const say = (): unknown => socket.write(this.#head);
    const socket: Socket =
      endpoint.protocol === "wss:"
        ? connectSecurely(
            {
              ...place,
              servername: endpoint.hostname,
              ...(authority !== null && { ca: authority }),
              ...certificate,
            },
            say,
          )
        : connect(place, say);
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => {
      if (this.#end.code === 1006) this.#end = { code: 1006, reason: error.message };
    });
    socket.on("close", () => this.emit("close", this.#end.code, this.#end.reason));
  }

  send(data: string | Buffer): void {
    this.sent += 1;
    const isText = typeof data === "string";
    this.#write(isText ? opcodes.text : opcodes.binary, isText ? Buffer.from(data) : data);
  }

  /** Sends text as bytes that were text when they were recorded. */
  sendAgain(data: Buffer, isBinary: boolean): void {
    this.sent += 1;
    this.#write(isBinary ? opcodes.binary : opcodes.text, data);
  }

  close(code: number, reason = ""): void {
    this.#write(opcodes.close, closeBody(code, reason));
  }

  #read(chunk: Buffer): void {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    if (!this.#isOpen && !this.#readHead()) return;
    while (this.#readFrame());
  }

  #readHead(): boolean {
    const end = this.#unread.indexOf(headEnd);
    if (end === -1) return false;
    const head = this.#unread.toString("latin1", 0, end);
    this.#unread = this.#unread.subarray(end + headEnd.length);
    if (!head.startsWith("HTTP/1.1 101 ") || !head.includes(accept)) {
      this.#end = { code: 1006, reason: head.slice(0, Math.max(0, head.indexOf("\r\n"))) };
      this.#socket?.destroy();
      return false;
    }
    this.#isOpen = true;
    this.emit("open");
    return true;
  }

  #readFrame(): boolean {
    const frame = this.#unread;
    const [first, second] = frame;
    if (first === undefined || second === undefined) return false;
    const isLong = second === 126;
    if (second > 126 || first < 0x80) throw new Error("a server sent what LeanSocket cannot read");
    if (isLong && frame.length < 4) return false;
    const start = isLong ? 4 : 2;
    const end = start + (isLong ? frame.readUInt16BE(2) : second);
    if (frame.length < end) return false;
    const body = frame.subarray(start, end);
    this.#unread = frame.length === end ? nothing : frame.subarray(end);
    switch (first & 0x0f) {
      case opcodes.text:
      case opcodes.binary:
        this.received += 1;
        this.emit("message", body, (first & 0x0f) === opcodes.binary);
        break;
      case opcodes.ping:
        this.#write(opcodes.pong, body);
        break;
      case opcodes.close:
        this.#end = {
          code: body.length < 2 ? 1005 : body.readUInt16BE(0),
          reason: body.toString("utf8", 2),
        };
        // RFC 6455, 7.1.1: the server ends the connection, once it has its answer.
        this.#write(opcodes.close, body);
        break;
      default:
    }
    return true;
  }

  #write(opcode: number, body: Buffer): void {
    const { length } = body;
    const start = length < 126 ? 6 : 8;
    const frame = Buffer.allocUnsafe(start + length);
    frame[0] = 0x80 | opcode;
    if (length < 126) frame[1] = 0x80 | length;
    else {
      if (length > 65_535) throw new Error("LeanSocket sends no more than 65,535 bytes at once");
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(length, 2);
    }
    const mask = (Math.random() * 0x1_00_00_00_00) >>> 0;
    frame.writeUInt32BE(mask, start - 4);
    for (let index = 0; index < length; index += 1) {
      frame[start + index] = (body[index] ?? 0) ^ (mask >>> (24 - 8 * (index % 4)));
    }
    this.#socket?.write(frame);
  }
}

function closeBody(code: number, reason: string): Buffer {
  const body = Buffer.concat([Buffer.alloc(2), Buffer.from(reason)]);
  body.writeUInt16BE(code);
  return body;
}

function headOf({ endpoint, headers, protocols }: Opening): Buffer {
  return Buffer.from(
    [
      `GET ${endpoint.pathname}${endpoint.search} HTTP/1.1`,
      `Host: ${endpoint.host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${key}`,
      ...(protocols.length === 0 ? [] : [`Sec-WebSocket-Protocol: ${protocols.join(", ")}`]),
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      "\r\n",
    ].join("\r\n"),
    "latin1",
  );
}
