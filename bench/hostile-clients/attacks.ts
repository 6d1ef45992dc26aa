import { connect, createServer, type Socket } from "node:net";
import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import { frame, opcodes } from "./frames.ts";
import type { Target } from "./target.ts";

/** One way of being a bad client. */
export interface Attack {
  readonly id: string;
  /** What each of its connections does: "connects and says nothing". */
  readonly does: string;
  /** What ought to end it. */
  readonly endedBy: string;
  /** How many connections at once, in a full measurement. */
  readonly connections: number;
  /** All that the server may say at the end: statuses and close codes. "": it only cuts. */
  readonly ends: readonly string[];
  /** Another connection follows each that has ended; else they are made once. */
  readonly goesOn?: true;
  /** Whether it leaves in the socket whatever the server sends. */
  readonly neverReads?: true;
  /** Opens one connection. */
  open(target: Target): Socket;
}

const host = "127.0.0.1";

/** Every attack that is tried. */
export const attacks: readonly Attack[] = [
  {
    id: "silence",
    does: "connects and says nothing",
    endedBy: "deadline of a request's head",
    connections: 500,
    ends: ["408"],
    open: ({ handshake }) => connect(handshake, host),
  },
  {
    id: "tls-silence",
    does: "connects to a TLS port and says nothing",
    endedBy: "deadline of TLS handshakes",
    connections: 500,
    ends: [""],
    open: ({ handshakeTls }) => connect(handshakeTls, host),
  },
  {
    id: "tls-half",
    does: "sends half of a TLS ClientHello",
    endedBy: "deadline of TLS handshakes",
    connections: 500,
    ends: [""],
    open: ({ handshakeTls }) => sayingHello(connect(handshakeTls, host), 1 / 2),
  },
  {
    id: "slow-head",
    does: "sends a handshake's head a byte at a time",
    endedBy: "deadline of a request's head",
    connections: 500,
    // The answer to a byte that is sent after the end is a reset, which may overtake the 408:
    // https://www.rfc-editor.org/rfc/rfc9112#section-9.6
    ends: ["408", ""],
    open: ({ handshake, dribbleMs }) =>
      dribbling(connect(handshake, host), upgradeHead("/").repeat(100), dribbleMs),
  },
  {
    id: "slow-body",
    does: "posts a byte at a time",
    endedBy: "deadline of a request",
    connections: 500,
    ends: ["408", ""],
    open({ app, dribbleMs }) {
      const head = postHead("/api/attempts", "Content-Length: 100000");
      return dribbling(saying(connect(app, host), head), " ".repeat(100_000), dribbleMs);
    },
  },
  {
    id: "endless-body",
    does: "posts without end, as fast as it can, again and again",
    // What is posted there is answered at once, and what follows is thrown away.
    endedBy: "deadline of a body that was answered already",
    connections: 4,
    goesOn: true,
    ends: ["426"],
    open({ handshake }) {
      const socket = saying(connect(handshake, host), postHead("/", "Transfer-Encoding: chunked"));
      return flooding(socket, Buffer.from(`10000\r\n${"x".repeat(65_536)}\r\n`));
    },
  },
  {
    id: "slow-message",
    does: "sends its first message a byte at a time",
    endedBy: "deadline of the first message",
    connections: 500,
    ends: ["1008"],
    open({ message, dribbleMs }) {
      const first = frame(opcodes.text, Buffer.alloc(0), 30_000n);
      return dribbling(
        saying(connect(message, host), upgradeHead("/"), first),
        " ".repeat(30_000),
        dribbleMs,
      );
    },
  },
  {
    id: "no-pong",
    does: "is greeted, and answers nothing, no ping either",
    endedBy: "two pings without an answer",
    connections: 500,
    ends: [""],
    open: ({ handshake, token }) => greeted(handshake, token),
  },
  {
    id: "pong-only",
    does: "is greeted, answers pings and says nothing",
    endedBy: "limit of idleness",
    connections: 500,
    ends: ["1008"],
    open({ handshake, token }) {
      const socket = greeted(handshake, token);
      const pong = frame(opcodes.pong);
      return socket.on("data", () => socket.write(pong));
    },
  },
  {
    id: "slow-frame",
    does: "is greeted, and sends its goodbye a byte at a time, with a pong between any two",
    endedBy: "limit of idleness",
    connections: 500,
    ends: ["1008"],
    open({ handshake, token, dribbleMs }) {
      const socket = saying(greeted(handshake, token), frame(opcodes.beginningOfText));
      const fragment = frame(opcodes.continuation, Buffer.from("x"));
      return repeating(socket, Buffer.concat([frame(opcodes.pong), fragment]), dribbleMs);
    },
  },
  {
    id: "tiny-fragments",
    does: "is greeted, and sends a message in fragments of one byte, as fast as it can, again and again",
    endedBy: "most fragments of a message",
    connections: 20,
    goesOn: true,
    ends: ["1008"],
    open({ handshake, token }) {
      const socket = saying(greeted(handshake, token), frame(opcodes.beginningOfText));
      const fragment = frame(opcodes.continuation, Buffer.from("x"));
      return flooding(socket, Buffer.concat(Array.from({ length: 1_000 }, () => fragment)));
    },
  },
  {
    id: "empty-fragments",
    does: "is greeted, and sends a message in empty fragments, as fast as it can, again and again",
    endedBy: "most fragments of a message",
    connections: 20,
    goesOn: true,
    ends: ["1008"],
    open({ handshake, token }) {
      const socket = saying(greeted(handshake, token), frame(opcodes.beginningOfText));
      const fragment = frame(opcodes.continuation);
      return flooding(socket, Buffer.concat(Array.from({ length: 1_000 }, () => fragment)));
    },
  },
  {
    id: "promised-length",
    does: "is greeted, and promises a frame of 2^63 bytes, again and again",
    endedBy: "most bytes of a message",
    connections: 50,
    goesOn: true,
    ends: ["1009"],
    // The highest bit has to be 0 (RFC 6455, 5.2): with it, the promise would not even be a frame.
    open: ({ handshake, token }) =>
      saying(greeted(handshake, token), frame(opcodes.text, Buffer.from("x"), 2n ** 63n - 1n)),
  },
  {
    id: "ping-flood",
    does: "is greeted, and pings as fast as it can, and reads the answers, again and again",
    endedBy: "most unsent pongs, or limit of idleness",
    connections: 4,
    goesOn: true,
    ends: ["", "1008"],
    open({ handshake, token }) {
      const ping = frame(opcodes.ping, Buffer.alloc(100));
      const pings = Buffer.concat(Array.from({ length: 50 }, () => ping));
      return flooding(greeted(handshake, token), pings);
    },
  },
  {
    id: "ping-flood-unread",
    does: "is greeted, and pings as fast as it can, and reads nothing, again and again",
    endedBy: "most unsent pongs",
    connections: 4,
    goesOn: true,
    ends: [""],
    neverReads: true,
    open({ handshake, token }) {
      const ping = frame(opcodes.ping, Buffer.alloc(100));
      const pings = Buffer.concat(Array.from({ length: 50 }, () => ping));
      return flooding(greeted(handshake, token), pings);
    },
  },
  {
    id: "never-closes",
    does: "ignores the close frame that answers its message, and sends more",
    endedBy: "deadline of a close frame's answer",
    connections: 500,
    ends: ["1008"],
    open({ message, dribbleMs }) {
      const wrong = frame(opcodes.text, Buffer.from("x"));
      const socket = saying(connect(message, host), upgradeHead("/"), wrong);
      return repeating(socket, Buffer.concat([frame(opcodes.pong), wrong]), dribbleMs);
    },
  },
  {
    id: "too-many",
    does: "is greeted and stays, more often than a server has places",
    endedBy: "most connections, and two pings without an answer",
    connections: 1_300,
    ends: ["503", ""],
    open: ({ handshake, token }) => greeted(handshake, token),
  },
  {
    id: "too-many-silent",
    does: "connects and says nothing, more often than a port has places",
    endedBy: "most sockets, and the deadline of a request's head",
    connections: 2_300,
    ends: ["408", ""],
    open: ({ handshake }) => connect(handshake, host),
  },
  {
    id: "reset-handshake",
    does: "resets the connection when it has sent its handshake, again and again",
    endedBy: "itself",
    connections: 20,
    ends: [""],
    goesOn: true,
    open({ handshake, token }) {
      const socket = greeted(handshake, token);
      return socket.once("connect", () => socket.write("", () => socket.resetAndDestroy()));
    },
  },
  {
    id: "reset-tls",
    does: "resets the connection in the middle of a TLS handshake, again and again",
    endedBy: "itself",
    connections: 4,
    ends: [""],
    goesOn: true,
    open({ handshakeTls }) {
      const socket = sayingHello(connect(handshakeTls, host), 1);
      return socket.once("data", () => socket.resetAndDestroy());
    },
  },
  {
    id: "pipeline-unread",
    does: "asks for a large page a thousand times in one packet, and reads nothing",
    endedBy: "most unanswered requests of a connection",
    connections: 50,
    ends: [""],
    neverReads: true,
    open: ({ app }) => saying(connect(app, host), getHead("/risks.html").repeat(1_000)),
  },
  {
    id: "page-unread",
    does: "asks for a large page, and reads nothing",
    endedBy: "limit of standstill, or that of keeping alive where sockets have room for all of it",
    connections: 200,
    ends: [""],
    neverReads: true,
    open: ({ app }) => saying(connect(app, host), getHead("/risks.html")),
  },
  {
    id: "many-visits",
    does: "begins visits, and goes on with none",
    endedBy: "most visits: the oldest are forgotten",
    connections: 4,
    ends: ["303"],
    goesOn: true,
    open: ({ app }) => saying(connect(app, host), postHead("/runs", "Connection: close")),
  },
];

function saying(socket: Socket, ...texts: (string | Buffer)[]): Socket {
  for (const text of texts) socket.write(text);
  return socket;
}

function repeating(socket: Socket, chunk: Buffer, everyMs: number): Socket {
  const timer = setInterval(() => socket.write(chunk), everyMs);
  return socket.once("close", () => clearInterval(timer));
}

function dribbling(socket: Socket, text: string, everyMs: number): Socket {
  let sent = 0;
  const timer = setInterval(() => socket.write(text.charAt(sent++)), everyMs);
  return socket.once("close", () => clearInterval(timer));
}

function flooding(socket: Socket, chunk: Buffer): Socket {
  const next = (): void => {
    if (!socket.destroyed) socket.write(chunk, (error) => (error ? undefined : setImmediate(next)));
  };
  return socket.once("connect", next);
}

function greeted(port: number, token: string): Socket {
  return saying(connect(port, host), upgradeHead(`/?token=${token}`));
}

function upgradeHead(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;
}

function getHead(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
}

function postHead(path: string, line: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${line}\r\n\r\n`;
}

/** How a TLS client begins, as one of this machine does; recorded when an attack first needs it. */
let clientHello: Promise<Buffer> | undefined;

function sayingHello(socket: Socket, share: number): Socket {
  clientHello ??= recordClientHello();
  clientHello.then(
    (hello) => socket.write(hello.subarray(0, hello.length * share)),
    (error: Error) => socket.destroy(error),
  );
  return socket;
}

async function recordClientHello(): Promise<Buffer> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const client = connectTls({ port, host, servername: "localhost", rejectUnauthorized: false });
  client.on("error", () => {});
  const [socket]: Socket[] = await once(server, "connection");
  if (socket === undefined) throw new Error("the TLS client did not connect");
  const [hello]: Buffer[] = await once(socket, "data");
  client.destroy();
  socket.destroy();
  server.close();
  if (hello === undefined) throw new Error("the TLS client said nothing");
  return hello;
}
