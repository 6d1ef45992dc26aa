import { createClient } from "/libraries/graphql-ws/dist/client.js";
import type { Channel, Connect, ConnectWithout } from "../connect.ts";

/** Sends user name and token as the payload of `connection_init`, then subscribes. */
export const connect: Connect = (endpoint, { user, token }) => channel(endpoint, { user, token });

/** Sends an empty payload. */
export const connectWithout: ConnectWithout = (endpoint) => channel(endpoint, {});

function channel(endpoint: URL, connectionParams: Record<string, string>): Channel {
  const sockets: WebSocket[] = [];
  const operations: (() => void)[] = [];
  const client = createClient({
    url: endpoint.href,
    connectionParams,
    lazy: false,
    onNonLazyError() {},
    retryAttempts: 0,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        sockets.push(this);
        // Before the library hears of it, which would begin them anew.
        this.addEventListener("close", () => operations.forEach((stop) => stop()));
      }
    },
  });
  const [socket] = sockets;
  if (socket === undefined) throw new Error("graphql-ws opened no WebSocket");
  const ignore = { next() {}, error() {}, complete() {} };
  return {
    socket,
    listen(listeners) {
      socket.addEventListener("close", ({ code, reason }) => {
        // 4000 to 4999 belong to the protocol. Without disposing, it would reconnect after 1000 too.
        if (code >= 4000) listeners.refusal(String(code), reason);
        void client.dispose();
      });
      const query = "subscription { said }";
      const operation = client.subscribe<{ said: string }>(
        { query },
        { ...ignore, next: ({ data }) => data && listeners.message(data.said) },
      );
      operations.push(operation);
    },
    send(text: string) {
      const query = "mutation ($text: String!) { say(text: $text) }";
      operations.push(client.subscribe({ query, variables: { text } }, ignore));
    },
  };
}
