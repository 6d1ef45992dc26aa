import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { callbackify } from "node:util";
import type { IncomingMessage } from "node:http";
import { errorCode } from "../model/error-code.ts";
import type { Certificates } from "./certificates.ts";
import { isAbsentAddress, isLoopback } from "./addresses.ts";
import { ConfigError, type LabConfig } from "./config.ts";
import type { Guests } from "./guests.ts";

/** What answers on a port. */
export interface Handlers {
  readonly request: RequestListener;
  readonly upgrade: (request: IncomingMessage, socket: Socket, head: Buffer) => void;
  /** For TLS; a port without speaks plain HTTP. */
  readonly certificates?: Certificates;
  /** Over TLS, clients are asked for a certificate of this authority, in PEM, and may show none. */
  readonly clientAuthority?: string;
}

/** What a port puts up with. */
export interface PortLimits {
  readonly sockets: LabConfig["sockets"];
  /** All connections to a port on one address. */
  readonly maxSockets: number;
  /** The devices that have connections, to this and to other ports. */
  readonly guests: Guests;
}

/** One port, listened to on every host that was asked for. */
export interface Listener extends AsyncDisposable {
  readonly port: number;
}

const triesForFreePort = 20;

/** In bytes. Larger than Node's 16 KiB, so that whoever answers can say what was too large, and has room for a trial's cookies. */
const maxHeaderSize = 128 * 1_024;

/** On one connection. Browsers send no request before the last one was answered; a packet has room for a thousand. */
const maxUnanswered = 2;

const lingerMs = 1_000;

/**
 * Listens on `port` of every host; port 0 takes one that is free on all of them. Throws a
 * ConfigError that names the port, the `purpose` and the fix, and leaves nothing listening.
 */
export async function listen(
  handlers: Handlers,
  hosts: readonly string[],
  port: number,
  purpose: string,
  limits: PortLimits,
): Promise<Listener> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await listenOnce(handlers, hosts, port, purpose, limits);
    } catch (error) {
      const cause = error instanceof ConfigError ? error.cause : error;
      const portWasTakenMeanwhile = port === 0 && errorCode(cause) === "EADDRINUSE";
      if (!portWasTakenMeanwhile || tries === triesForFreePort) throw error;
    }
  }
}

async function listenOnce(
  handlers: Handlers,
  hosts: readonly string[],
  port: number,
  purpose: string,
  limits: PortLimits,
): Promise<Listener> {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  let chosen = port;
  for (const host of hosts) {
    const server = createHttpServer(handlers, limits.sockets);
    server.maxConnections = limits.maxSockets;
    const isOwn = isLoopback(host);
    server.on("connection", (socket: Socket) => {
      if (handlers.certificates !== undefined) {
        sockets.add(socket);
        socket.once("close", () => sockets.delete(socket));
      }
      // To ask where a connection comes from costs as much as a tenth of all that is done for it.
      if (!isOwn && !limits.guests.admit(socket)) socket.destroy();
    });
    server.on("upgrade", (request, socket: Socket, head) => {
      // A client that resets the connection meanwhile is no failure of ours.
      socket.on("error", destroyIt);
      try {
        handlers.upgrade(request, socket, head);
      } catch (error) {
        // Express answers for its routes; here nobody would, and the process would end.
        console.error(error);
        socket.destroy();
      }
    });
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

function createHttpServer(
  { request: answer, certificates, clientAuthority: ca }: Handlers,
  limits: PortLimits["sockets"],
): Server {
  const unanswered = new WeakMap<Socket, number>();
  const listener: RequestListener = (request, response) => {
    const { socket } = request;
    // Not from the beginning: who asks for an upgrade would keep the timer, though it is switched off.
    socket.setTimeout(limits.standstillMs);
    const before = unanswered.get(socket) ?? 0;
    unanswered.set(socket, before + 1);
    if (before >= maxUnanswered) return void socket.destroy();
    response.once("close", () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    response.once("finish", () => {
      // Who was answered before the end of its body gets the time to read that.
      if (!request.complete) setTimeout(endUnfinished, lingerMs, request).unref();
    });
    // A target that is no path would be routed by what its client made up.
    if (request.url?.startsWith("/") === true) return answer(request, response);
    return response.writeHead(400).end();
  };
  const options = {
    maxHeaderSize,
    headersTimeout: limits.requestHeadMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkIntervalMs,
  };
  if (certificates === undefined) return createServer(options, listener);
  const { fallback, contextFor } = ca === undefined ? certificates : certificates.asking(ca);
  return createTlsServer(
    {
      ...options,
      handshakeTimeout: limits.tlsHandshakeMs,
      ...fallback,
      SNICallback: callbackify((hostname: string) => contextFor(hostname)),
      // Who shows none, or a bad one, is refused in words by whoever reads it, and not by an alert of TLS.
      ...(ca !== undefined && { ca, requestCert: true, rejectUnauthorized: false }),
    },
    listener,
  );
}

/** Stops listening to the errors of a socket that asked for an upgrade: who calls this does it from now on. */
export function handOver(socket: Socket): void {
  socket.off("error", destroyIt);
}

function destroyIt(this: Socket): void {
  this.destroy();
}

function endUnfinished({ complete, socket }: IncomingMessage): void {
  if (!complete) socket.destroy();
}

/**
 * Ends every connection too, but for those that were upgraded: who opened them does. Of Node's own list
 * the `sockets` are left out whose TLS handshake is unfinished.
 */
async function closeAll(servers: readonly Server[], sockets: Iterable<Socket>): Promise<void> {
  const closed = Promise.all(servers.map((server) => once(server, "close")));
  for (const server of servers) server.close();
  // A turn later, so that what was just written, a close frame say, is on its way.
  setImmediate(() => {
    for (const server of servers) server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
  });
  await closed;
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
