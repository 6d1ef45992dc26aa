import { once } from "node:events";
import { createServer, connect, type Server, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";

/** A SOCKS 5 proxy that takes names to this machine. Disposing cuts its connections. */
export interface LoopbackProxy extends AsyncDisposable {
  /** For the browser: `socks5://127.0.0.1:…`. */
  readonly url: string;
}

/** RFC 1928, 3 to 6. */
const version = 5;
const noAuthentication = 0;
const connectCommand = 1;
const domainName = 3;
const reply = {
  succeeded: 0,
  notAllowed: 2,
  refused: 5,
  commandNotSupported: 7,
  addressTypeNotSupported: 8,
} as const;

/**
 * Starts a proxy that connects to 127.0.0.1 for `domains` and every name under them, and refuses
 * everything else: it is no door to the network. It asks no DNS.
 */
export async function openLoopbackProxy(domains: readonly string[]): Promise<LoopbackProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(sockets, client);
    serve(client, domains, (upstream) => keep(sockets, upstream)).catch(() => client.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `socks5://127.0.0.1:${portOf(server)}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The proxy has no port.");
  return address.port;
}

/** Keeps a socket in the set until it closes. Its errors reach those who read and write it. */
function keep(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.once("close", () => sockets.delete(socket));
}

/** One client, from its greeting on. Rejects when it speaks something else, goes away, or is cut off. */
async function serve(
  client: Socket,
  domains: readonly string[],
  onUpstream: (socket: Socket) => void,
): Promise<void> {
  const [greeting, methodCount = 0] = await take(client, 2);
  if (greeting !== version) throw new Error("The client does not speak SOCKS 5.");
  // Whichever methods it offers, it may go on or leave when it hears that none is wanted.
  await take(client, methodCount);
  client.write(Buffer.from([version, noAuthentication]));

  const [, command, , addressType] = await take(client, 4);
  if (command !== connectCommand) return answer(client, reply.commandNotSupported);
  if (addressType !== domainName) return answer(client, reply.addressTypeNotSupported);
  const [length = 0] = await take(client, 1);
  const name = (await take(client, length)).toString("latin1");
  const port = (await take(client, 2)).readUInt16BE();
  if (!isUnder(domains, name)) return answer(client, reply.notAllowed);

  const upstream = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
  onUpstream(upstream);
  try {
    await once(upstream, "connect");
  } catch {
    return answer(client, reply.refused);
  }
  client.setNoDelay().write(messageOf(reply.succeeded));
  await pipeline(client, upstream, client);
}

/** The next `count` bytes, in however many pieces they come. Rejects when the client ends before. */
async function take(socket: Socket, count: number): Promise<Buffer> {
  if (count === 0) return Buffer.alloc(0);
  const taken = Promise.withResolvers<Buffer>();
  const look = (): void => {
    const bytes: unknown = socket.read(count);
    if (bytes instanceof Buffer && bytes.length === count) taken.resolve(bytes);
    // At its end a stream gives what it has left.
    else if (bytes !== null || socket.readableEnded || socket.destroyed) {
      taken.reject(new Error("The client left too early."));
    }
  };
  socket.on("readable", look).on("end", look).on("close", look);
  look();
  try {
    return await taken.promise;
  } finally {
    socket.off("readable", look).off("end", look).off("close", look);
  }
}

function isUnder(domains: readonly string[], name: string): boolean {
  const host = name.toLowerCase().replace(/\.$/, "");
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

function answer(client: Socket, code: number): void {
  // Read on, to see it hang up.
  client.resume().end(messageOf(code));
}

/** The address in a reply is of no use to anybody (RFC 1928, 6): 0.0.0.0:0. */
function messageOf(code: number): Buffer {
  return Buffer.from([version, code, 0, 1, 0, 0, 0, 0, 0, 0]);
}
