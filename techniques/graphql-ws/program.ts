import { createClient, GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import { WebSocket } from "ws";
import type { Present } from "../program.ts";

/** Sends user name and token as the payload of `connection_init`, with the library that a page uses. */
export const present: Present = (endpoint, { user, token }, { open }) => {
  const socket = open(endpoint, { protocols: [GRAPHQL_TRANSPORT_WS_PROTOCOL] });
  const client = createClient({
    url: endpoint.href,
    connectionParams: { user, token },
    lazy: false,
    onNonLazyError() {},
    retryAttempts: 0,
    webSocketImpl: new Proxy(WebSocket, { construct: () => socket }),
  });
  const ignore = { next() {}, error() {}, complete() {} };
  return {
    socket,
    listen(listeners) {
      socket.on("close", (code, reason) => {
        if (code >= 4000) listeners.refusal(String(code), String(reason));
        void client.dispose();
      });
      const query = "subscription { said }";
      client.subscribe<{ said: string }>(
        { query },
        { ...ignore, next: ({ data }) => data && listeners.message(data.said) },
      );
    },
    send(text: string) {
      const query = "mutation ($text: String!) { say(text: $text) }";
      client.subscribe({ query, variables: { text } }, ignore);
    },
  };
};
