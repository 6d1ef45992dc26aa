import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { errorCode } from "../model/error-code.ts";
import { isAbsentAddress } from "./addresses.ts";

/** A port at which connections are refused (ECONNREFUSED), as long as it is held. */
export interface ClosedPort extends AsyncDisposable {
  readonly port: number;
}

const triesForFreePort = 20;

/**
 * Takes a port that is closed on every host, and keeps others from listening there. Whoever connects
 * to it is refused at once, as by a machine whose server is down. Rejects when there is none.
 */
export async function holdClosedPort(hosts: readonly string[]): Promise<ClosedPort> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await holdOnce(hosts.map(connectable));
    } catch (cause) {
      if (tries < triesForFreePort && errorCode(cause) === "EADDRINUSE") continue;
      throw new Error(`no closed port could be had on ${hosts.join(", ")}`, { cause });
    }
  }
}

/**
 * A port that was merely found free may be anybody's a moment later. The client's end of a connection
 * holds its port, and nobody listens at that: so the holder connects to itself, and stays connected.
 * On further hosts the port has to be asked for by its number, which Node does with `SO_REUSEADDR`:
 * there systems hand it to nobody else, and who insists on that very number would get it
 * (https://man7.org/linux/man-pages/man7/socket.7.html).
 */
async function holdOnce(hosts: readonly string[]): Promise<ClosedPort> {
  await using holding = new AsyncDisposableStack();
  let port: number | undefined;
  for (const host of hosts) {
    try {
      const sockets = await connectToItself(host, port);
      holding.defer(() => end(sockets));
      port ??= sockets[0].localPort;
    } catch (error) {
      // As `listen` has it: the other loopback address is enough.
      if (port === undefined || !isAbsentAddress(error)) throw error;
      continue;
    }
    if (port !== undefined && !(await refuses(host, port))) throw inUse(host, port);
  }
  if (port === undefined) throw new Error("there is no host to hold a port of");
  const held = holding.move();
  return { port, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function connectToItself(
  host: string,
  port: number | undefined,
): Promise<readonly [client: Socket, peer: Socket]> {
  const server = createServer();
  try {
    server.listen(0, host);
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("there is no port");
    const accepted = once(server, "connection");
    const client = connect({
      host,
      port: address.port,
      ...(port !== undefined && { localAddress: host, localPort: port }),
    });
    client.unref();
    await once(client, "connect");
    const [peer]: Socket[] = await accepted;
    if (peer === undefined) throw new Error("a connection has two ends");
    peer.unref();
    for (const socket of [client, peer]) socket.on("error", () => {});
    return [client, peer];
  } finally {
    if (server.listening) server.close();
  }
}

/** Whether a connection is refused, now. */
async function refuses(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect");
    return false;
  } catch (error) {
    return errorCode(error) === "ECONNREFUSED";
  } finally {
    socket.destroy();
  }
}

/** Resets the connection: one that is closed in order would hold the port for minutes. */
async function end([client, peer]: readonly [client: Socket, peer: Socket]): Promise<void> {
  peer.destroy();
  if (client.closed) return;
  const closed = once(client, "close");
  client.resetAndDestroy();
  await closed;
}

/** Every address stands for loopback too. */
function connectable(host: string): string {
  return { "0.0.0.0": "127.0.0.1", "::": "::1" }[host] ?? host;
}

function inUse(host: string, port: number): Error {
  return Object.assign(new Error(`${host}, port ${port}, does not refuse connections`), {
    code: "EADDRINUSE",
  });
}
