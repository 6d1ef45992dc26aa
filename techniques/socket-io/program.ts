import { io, WebSocket as WebSocketTransport } from "socket.io-client";
import type { WebSocket } from "ws";
import type { Present, PresentWithout, ProgramChannel, ProgramMeans } from "../program.ts";

/** Sends user name and token as the `auth` of the CONNECT packet, with the library that a page uses. */
export const present: Present = (endpoint, { user, token }, means) =>
  channel(endpoint, { user, token }, means);

/** Sends a CONNECT packet with nothing in its `auth`. */
export const presentWithout: PresentWithout = (endpoint, means) => channel(endpoint, {}, means);

function channel(
  endpoint: URL,
  auth: Record<string, string>,
  { open }: ProgramMeans,
): ProgramChannel {
  const sockets: WebSocket[] = [];
  class Transport extends WebSocketTransport {
    override createSocket(url: string): WebSocket {
      const socket = open(new URL(url));
      sockets.push(socket);
      return socket;
    }
  }
  const client = io(endpoint.origin, {
    path: endpoint.pathname,
    query: Object.fromEntries(endpoint.searchParams),
    auth,
    transports: [Transport],
    forceNew: true,
    reconnection: false,
  });
  const [socket] = sockets;
  if (socket === undefined) throw new Error("Socket.IO opened no WebSocket");
  return {
    socket,
    listen(listeners) {
      client.on("message", (text: string) => listeners.message(text));
      client.on("disconnect", (reason) => {
        if (reason === "io server disconnect") listeners.refusal("disconnect", reason);
      });
      client.on("connect_error", ({ message: reason }) => {
        if (!client.active) listeners.refusal("connect_error", reason);
      });
    },
    send: (text: string) => client.send(text),
  };
}
