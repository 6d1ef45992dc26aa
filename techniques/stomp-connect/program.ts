import { Client } from "@stomp/stompjs";
import type { Present } from "../program.ts";

/** Sends user name and token in the CONNECT frame, with the library that a page uses. */
export const present: Present = (endpoint, { user, token }, { open }) => {
  const socket = open(endpoint, { protocols: ["v12.stomp"] });
  const client = new Client({
    webSocketFactory: () => socket,
    connectHeaders: { login: user, passcode: token },
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
};
