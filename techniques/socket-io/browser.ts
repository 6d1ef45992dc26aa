import {
  io,
  WebSocket as WebSocketTransport,
} from "/libraries/socket.io-client/dist/socket.io.esm.min.js";
import type { Channel, Connect, ConnectWithout } from "../connect.ts";

/** Sends user name and token as the `auth` of the CONNECT packet. */
export const connect: Connect = (endpoint, { user, token }) => channel(endpoint, { user, token });

/** Sends a CONNECT packet with nothing in its `auth`. */
export const connectWithout: ConnectWithout = (endpoint) => channel(endpoint, {});

function channel(endpoint: URL, auth: Record<string, string>): Channel {
  const sockets: WebSocket[] = [];
  class Transport extends WebSocketTransport {
    override createSocket(url: string): WebSocket {
      const socket = new WebSocket(url);
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
        // Still active: that was the network.
        if (!client.active) listeners.refusal("connect_error", reason);
      });
    },
    send: (text: string) => client.send(text),
  };
}
