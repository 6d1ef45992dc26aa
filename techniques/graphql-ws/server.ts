import { type ConnectionInitMessage, GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from "graphql-ws";
import type { Technique } from "../technique.ts";
import { userAndToken } from "../user-and-token.ts";
import { roots, schema, type Visit } from "./schema.ts";

const server = makeServer<ConnectionInitMessage["payload"], Visit>({
  schema,
  // Longer than the lab's own deadline, which so comes first.
  connectionInitWaitTimeout: 10_000,
  async onConnect({ connectionParams, extra }) {
    extra.initialised = true;
    const { user, token } = connectionParams ?? {};
    const admission = await extra.connection.judge(userAndToken(user, token));
    if (admission.accepted) extra.user = admission.user;
    // False closes the connection with 4403.
    return admission.accepted;
  },
  context: ({ extra }) => extra,
  roots,
});

/** Reads the token from the payload of `connection_init`; see README.md. */
export const graphqlWs: Technique = {
  id: "graphql-ws",
  title: "GraphQL connection_init",
  via: "connection_init",
  stage: "first-message",
  libraries: ["graphql-ws"],
  selectSubprotocol: (offered) =>
    offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : undefined,
  negotiate(connection) {
    const { socket } = connection;
    const visit: Visit = { connection, initialised: false };
    const close = (code = 4400, reason = "Invalid message received"): void => {
      socket.close(code, reason);
      if (!visit.initialised) connection.refuse(reason);
      visit.initialised = true;
    };
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (text) => socket.send(text),
        close,
        onMessage: (listener) =>
          socket.on("message", (data: Buffer) => {
            if (socket.readyState === socket.OPEN) listener(data.toString()).catch(() => close());
          }),
      },
      visit,
    );
    socket.once("close", (code, reason) => void closed(code, String(reason)));
  },
};
