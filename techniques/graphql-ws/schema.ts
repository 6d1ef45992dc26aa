import { buildSchema, GraphQLError, type GraphQLSchema } from "graphql";
import type { UnauthenticatedConnection } from "../technique.ts";

/** What is known about a connection. */
export interface Visit {
  readonly connection: UnauthenticatedConnection;
  /** Whether `connection_init` has come, or has become impossible. */
  initialised: boolean;
  user?: string;
  hear?: (text: string) => void;
}

/** What can be asked for. */
export const schema: GraphQLSchema = buildSchema(`
  type Query { user: String }
  type Mutation { say(text: String!): Boolean }
  type Subscription { said: String! }
`);

/** How it is answered. */
export const roots = {
  query: { user: (_: unknown, { user }: Visit): string | undefined => user },
  mutation: { say: ({ text }: { text: string }, { hear }: Visit): void => hear?.(text) },
  subscription: { said: (_: unknown, visit: Visit): AsyncIterable<unknown> => said(visit) },
};

/** What the lab says, as the events of a subscription. */
async function* said(visit: Visit): AsyncGenerator<{ said: string }> {
  const { connection, user, hear } = visit;
  if (user === undefined || hear !== undefined) throw new GraphQLError("one conversation only");
  yield* new ReadableStream<{ said: string }>({
    start(texts) {
      connection.converse(user, {
        send: (text) => texts.enqueue({ said: text }),
        receive: (listener) => (visit.hear = listener),
        close: (code, reason) => connection.socket.close(code, reason),
      });
    },
  });
}
