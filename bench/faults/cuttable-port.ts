import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A port in front of another one, which can be cut as if the server behind it had crashed and been started again. */
export interface CuttablePort extends AsyncDisposable {
  readonly port: number;
  /** Once the server has answered on this many connections from now on: resets every connection, and listens anew. */
  cutAt(connections: number): Promise<void>;
}

/** Listens on a free port of 127.0.0.1. */
export async function cuttablePort(behind: number): Promise<CuttablePort> {
  const sockets = new Set<Socket>();
  let onAnswer: (() => void) | null = null;
  const accept = (client: Socket): void => {
    const server = connect(behind, "127.0.0.1");
    const pair = [client, server] as const;
    for (const [socket, other] of [pair, [server, client] as const]) {
      sockets.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    server.once("data", () => onAnswer?.());
    client.pipe(server).pipe(client);
  };
  let listener = await listen(0, accept);
  const { port } = addressOf(listener);
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.resetAndDestroy();
    listener.close();
    await once(listener, "close");
  };
  const restart = async (): Promise<void> => {
    await stop();
    listener = await listen(port, accept);
  };
  return {
    port,
    cutAt(connections) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      let left = connections;
      onAnswer = () => {
        left -= 1;
        if (left === 0) restart().then(resolve, reject);
      };
      return promise;
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function listen(port: number, accept: (socket: Socket) => void): Promise<Server> {
  const server = createServer(accept).listen(port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function addressOf(server: Server): { readonly port: number } {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("it listens on no port");
  return address;
}
