import { createServer, type IncomingMessage } from "node:http";
import { Server } from "socket.io";
import type { Technique, UnauthenticatedConnection } from "../technique.ts";
import { userAndToken } from "../user-and-token.ts";
import { openWebSockets } from "./open-websockets.ts";

/** The lab's close code for a session that was revoked, or whose time is over. */
const sessionOver = 4401;

/** Those whose client has not said yet who it is. */
const waiting = new WeakMap<IncomingMessage, UnauthenticatedConnection>();

// Never listens; it is how Socket.IO takes a handshake.
const http = createServer();
const io = new Server<
  { message: (text: unknown) => void },
  { message: (text: string) => void },
  Record<string, never>,
  { user: string; connection: UnauthenticatedConnection }
>(http, {
  path: "/",
  serveClient: false,
  transports: ["websocket"],
  wsEngine: openWebSockets((request) => waiting.get(request)?.socket),
  maxHttpBufferSize: 32_768,
  // Longer than the lab's own deadline, which so comes first.
  connectTimeout: 10_000,
});

io.use((socket, next) => {
  const authenticate = async (): Promise<void> => {
    const connection = waiting.get(socket.request);
    // One try a connection.
    waiting.delete(socket.request);
    if (connection === undefined) return next(new Error("refused already"));
    const { user, token }: Record<string, unknown> = socket.handshake.auth;
    const admission = await connection.judge(userAndToken(user, token));
    if (!admission.accepted) return next(new Error(admission.refusal));
    socket.data = { user: admission.user, connection };
    next();
  };
  void authenticate();
});

io.on("connection", (socket) => {
  const { user, connection } = socket.data;
  connection.converse(user, {
    send: (text) => socket.send(text),
    receive: (listener) => {
      socket.on("message", (text) => listener(typeof text === "string" ? text : null));
    },
    close(code, reason) {
      if (code === sessionOver) socket.disconnect();
      connection.socket.close(code, reason);
    },
  });
});

io.engine.on("connection", (client: { request: IncomingMessage } & NodeJS.EventEmitter) => {
  client.once("close", (reason: string) => {
    // The other reasons are the client's leaving and the lab's closing.
    if (reason !== "parse error" && reason !== "forced close") return;
    waiting.get(client.request)?.refuse("a CONNECT packet was expected");
  });
});

/** Reads the token from the `auth` of Socket.IO's CONNECT packet; see README.md. */
export const socketIo: Technique = {
  id: "socket-io",
  title: "Socket.IO auth",
  via: "CONNECT packet",
  stage: "first-message",
  libraries: ["socket.io-client"],
  negotiate(connection) {
    const { request } = connection;
    const query = URL.parse(request.url ?? "", "http://socket-io")?.searchParams ?? [];
    const { EIO, transport, sid } = Object.fromEntries(query);
    // Whatever Engine.IO would not take, it would answer as if nothing were open yet.
    if (EIO !== "4" || transport !== "websocket" || sid !== undefined) {
      return connection.refuse("an Engine.IO handshake was expected");
    }
    waiting.set(request, connection);
    http.emit("upgrade", request, request.socket, Buffer.alloc(0));
  },
};
