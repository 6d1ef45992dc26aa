import { Client } from "/libraries/@stomp/stompjs/esm6/index.js";
import type { Channel, Connect, ConnectWithout } from "../connect.ts";

/** Sends user name and token in the CONNECT frame, then subscribes. */
export const connect: Connect = (endpoint, { user, token }) =>
  channel(endpoint, { login: user, passcode: token });

/** Sends a CONNECT frame without the headers that name a user. */
export const connectWithout: ConnectWithout = (endpoint) => channel(endpoint, {});

function channel(endpoint: URL, connectHeaders: Record<string, string>): Channel {
  const socket = new WebSocket(endpoint, "v12.stomp");
  const client = new Client({
    webSocketFactory: () => socket,
    connectHeaders,
    // Does not reconnect: the token may have been good once only.
    reconnectDelay: 0,
  });
  return {
    socket,
    listen(listeners) {
      client.onConnect = () =>
        client.subscribe("/conversation", ({ body }) => listeners.message(body));
      client.onStompError = ({ headers }) => {
        listeners.refusal("ERROR", headers["message"] ?? "");
        void client.deactivate();
      };
      client.activate();
    },
    send: (text: string) => client.publish({ destination: "/conversation", body: text }),
  };
}
