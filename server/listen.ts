import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { callbackify } from "node:util";
import type { IncomingMessage } from "node:http";
import type { Certificates } from "./certificates.ts";
import { ConfigError } from "./config.ts";

/** What answers on a port. */
export interface Handlers {
  readonly request: RequestListener;
  readonly upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
  /** How large the header of a request may be, in bytes; absent: Node's limit of 16 KiB. */
  readonly maxHeaderBytes?: number;
  /** Hears of requests whose header is larger than that; they are answered with 431. */
  readonly overflow?: (method: string, target: string) => void;
  /** For TLS; a port without speaks plain HTTP. */
  readonly certificates?: Certificates;
  /** Over TLS, clients are asked for a certificate of this authority, in PEM, and may show none. */
  readonly clientAuthority?: string;
}

/** One port, listened to on every host that was asked for. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
}

const triesForFreePort = 20;

/**
 * Listens on `port` of every host; port 0 takes one that is free on all of them. Throws a
 * ConfigError that names the port, the `purpose` and the fix, and leaves nothing listening.
 */
export async function listen(
  handlers: Handlers,
  hosts: readonly string[],
  port: number,
  purpose: string,
): Promise<Listener> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnce(handlers, hosts, port, purpose);
    } catch (error) {
      const portWasTakenMeanwhile = port === 0 && errorCode(error) === "EADDRINUSE";
      if (!portWasTakenMeanwhile || tries === triesForFreePort) throw error;
    }
  }
}

async function listenOnce(
  handlers: Handlers,
  hosts: readonly string[],
  port: number,
  purpose: string,
): Promise<Listener> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let chosen = port;
  for (const host of hosts) {
    const server = createHttpServer(handlers);
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    server.on("upgrade", (request, socket: Socket, head) => {
      // A client that resets the connection meanwhile is no failure of ours.
      socket.on("error", () => socket.destroy());
      handlers.upgrade(request, socket, head);
    });
    server.on("clientError", (error, socket: Socket) =>
      answerBrokenRequest(error, socket, handlers),
    );
    try {
      server.listen({ host, port: chosen, ipv6Only: host.includes(":") });
      await once(server, "listening");
    } catch (cause) {
      if (servers.length > 0 && isAbsentAddress(cause)) continue;
      await closeAll(servers, sockets);
      throw new ConfigError(explain(cause, host, chosen, purpose), { cause });
    }
    servers.push(server);
    const address = server.address();
    if (typeof address === "object" && address !== null) chosen = address.port;
  }
  return { port: chosen, [Symbol.asyncDispose]: () => closeAll(servers, sockets) };
}

function createHttpServer({
  request: answer,
  certificates,
  clientAuthority: ca,
  maxHeaderBytes,
}: Handlers): Server {
  const limits = maxHeaderBytes === undefined ? {} : { maxHeaderSize: maxHeaderBytes };
  const listener: RequestListener = (request, response) => {
    // A target that is no path would be routed by what its client made up.
    if (request.url?.startsWith("/") === true) return answer(request, response);
    return response.writeHead(400).end();
  };
  if (certificates === undefined) return createServer(limits, listener);
  const { fallback, contextFor } = ca === undefined ? certificates : certificates.asking(ca);
  return createTlsServer(
    {
      ...limits,
      ...fallback,
      SNICallback: callbackify((hostname: string) => contextFor(hostname)),
      // Who shows none, or a bad one, is refused in words by whoever reads it, and not by an alert of TLS.
      ...(ca !== undefined && { ca, requestCert: true, rejectUnauthorized: false }),
    },
    listener,
  );
}

/** What Node answers by itself where nobody listens to `clientError`. */
function answerBrokenRequest(error: Error, socket: Socket, { overflow }: Handlers): void {
  const isTooLarge = errorCode(error) === "HPE_HEADER_OVERFLOW";
  if (isTooLarge && "rawPacket" in error && Buffer.isBuffer(error.rawPacket)) {
    // Only the packet that was one too many: the request line is in it when it was the first.
    const line = /^(?<method>[A-Z]+) (?<target>\/\S*)/u.exec(error.rawPacket.toString("latin1"));
    if (line?.groups !== undefined) {
      overflow?.(line.groups["method"] ?? "", line.groups["target"] ?? "");
    }
  }
  if (!socket.writable) return void socket.destroy();
  const status = isTooLarge ? "431 Request Header Fields Too Large" : "400 Bad Request";
  socket.once("finish", () => socket.destroy());
  return void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}

/** Ends every connection too: Node's own list leaves out those that were upgraded, or whose TLS handshake is unfinished. */
async function closeAll(servers: readonly Server[], sockets: Iterable<Socket>): Promise<void> {
  const closed = Promise.all(servers.map((server) => once(server, "close")));
  for (const server of servers) server.close();
  // A turn later, so that what was just written, a close frame say, is on its way.
  setImmediate(() => {
    for (const socket of sockets) socket.destroy();
  });
  await closed;
}

/** A machine without IPv6 has no `::1`: the other loopback address is enough. */
function isAbsentAddress(error: unknown): boolean {
  return ["EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(errorCode(error) ?? "");
}

function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ConfigError) return errorCode(error.cause);
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function explain(cause: unknown, host: string, port: number, purpose: string): string {
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  switch (errorCode(cause)) {
    case "EADDRINUSE":
      return `${place} (${purpose}) is in use; stop the program that holds it, or move the whole block with --port (or leave TLS away with --no-tls)`;
    case "EACCES":
      return `${place} (${purpose}) is not allowed to this user; choose --port 1024 or higher`;
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
      return `${host} is not an address of this machine; leave --host away for loopback`;
    case undefined:
    default:
      return `cannot listen on ${place} (${purpose}): ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
