import { createClient, GRAPHQL_TRANSPORT_WS_PROTOCOL } from "graphql-ws";
import { WebSocket } from "ws";
import type { Present, PresentWithout, ProgramChannel, ProgramMeans } from "../program.ts";

/** Sends user name and token as the payload of `connection_init`, with the library that a page uses. */
export const present: Present = (endpoint, { user, token }, means) =>
  channel(endpoint, { user, token }, means);

/** Sends an empty payload. */
export const presentWithout: PresentWithout = (endpoint, means) => channel(endpoint, {}, means);

function channel(
  endpoint: URL,
  connectionParams: Record<string, string>,
  { open }: ProgramMeans,
): ProgramChannel {
  const socket = open(endpoint, { protocols: [GRAPHQL_TRANSPORT_WS_PROTOCOL] });
  const client = createClient({
    url: endpoint.href,
    connectionParams,
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
}
