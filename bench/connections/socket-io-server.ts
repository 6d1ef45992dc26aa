import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { announce } from "./announce.ts";

const users = new Map<string, string>(Object.entries(JSON.parse(process.env["TOKENS"] ?? "{}")));
const http = createServer();
const io = new Server<
  { message: (text: string) => void },
  { message: (text: string) => void },
  Record<string, never>,
  { user: string }
>(http, { path: "/", serveClient: false, transports: ["websocket"] });

/** https://socket.io/docs/v4/middlewares/#sending-credentials */
io.use((socket, next) => {
  const { token }: { token?: string } = socket.handshake.auth;
  const user = users.get(token ?? "");
  if (user === undefined) return next(new Error("refused"));
  socket.data.user = user;
  return next();
});
io.on("connection", (socket) => {
  const { user } = socket.data;
  socket.on("message", (text) => {
    if (text === `Goodbye ${user}.`) socket.disconnect(true);
  });
  socket.send(`Hello ${user}!`);
});
http.listen(0, "127.0.0.1");
await once(http, "listening");
const address = http.address();
if (typeof address !== "object" || address === null) throw new Error("the server has no port");
const { version }: { version: string } = JSON.parse(
  readFileSync(new URL("../../node_modules/socket.io/package.json", import.meta.url), "utf8"),
);
process.stdin.on("end", () => process.exit()).resume();
announce({ port: address.port, version: `Socket.IO ${version}` });
