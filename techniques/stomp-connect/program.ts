import { Client } from "@stomp/stompjs";
import type { Present, PresentWithout, ProgramChannel, ProgramMeans } from "../program.ts";

/** Sends user name and token in the CONNECT frame, with the library that a page uses. */
export const present: Present = (endpoint, { user, token }, means) =>
  channel(endpoint, { login: user, passcode: token }, means);

/** Sends a CONNECT frame without the headers that name a user. */
export const presentWithout: PresentWithout = (endpoint, means) => channel(endpoint, {}, means);

function channel(
  endpoint: URL,
  connectHeaders: Record<string, string>,
  { open }: ProgramMeans,
): ProgramChannel {
  const socket = open(endpoint, { protocols: ["v12.stomp"] });
  const client = new Client({
    webSocketFactory: () => socket,
    connectHeaders,
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
