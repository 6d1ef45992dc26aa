import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callbackify } from "node:util";
import { pathToFileURL } from "node:url";
import { customAlphabet } from "nanoid";
import { WebSocketServer } from "ws";
import { isAbsentAddress } from "../../server/addresses.ts";
import { openAuthority, type Certificates } from "../../server/certificates.ts";
import { defaultConfig } from "../../server/config.ts";
import { converse, plainTalk } from "../../server/conversation.ts";
import { pageHost, pageIsSecure, socketHost, socketIsSecure } from "../../server/host-names.ts";
import { floorPage } from "./floor-page.ts";
import type { BlankPage } from "./floor-plan.ts";

/** As a walk's id: it makes every page's host one that no browser has met. */
const walkId = customAlphabet("0123456789abcdefghijklmnopqrstuvwxyz", 16);

const user = "alice";

const patienceMs = 30_000;

/** Some pages, each on a host of its own, each of which leads to the next. */
export interface FloorWalk {
  readonly entrance: URL;
  /** Resolves when the last page has made its connections. Rejects when one of them was lost, or no page came for 30 s. */
  readonly ended: Promise<void>;
}

/** Blank pages, and a bare `ws` server that has the lab's conversation with everybody. */
export interface FloorServer extends AsyncDisposable {
  /** Begins a walk through these pages. Throws when there are none. */
  walk(pages: readonly BlankPage[]): FloorWalk;
}

interface Walk {
  readonly id: string;
  readonly pages: readonly BlankPage[];
  readonly alive: () => void;
  readonly end: (problem?: string) => void;
}

/** Where one kind of server listens. */
interface Ports {
  readonly plain: number;
  readonly secure: number;
}

/** Starts them on free ports of the lab's addresses, plain and over TLS, with certificates as the lab's own. */
export async function openFloorServer(): Promise<FloorServer> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bench-floor-"));
  started.defer(() => rm(folder, { recursive: true }));
  const certificates = await openAuthority(new URL(`${pathToFileURL(folder).href}/`));
  const walks = new Map<string, Walk>();
  const sockets = await listenTwice(started, certificates, (server) => {
    const all = new WebSocketServer({ server, perMessageDeflate: false });
    all.on("connection", (socket) => {
      socket.on("error", () => {});
      converse(plainTalk(socket), user);
    });
    started.defer(() => {
      for (const socket of all.clients) socket.terminate();
    });
  });
  const pages: Ports = await listenTwice(started, certificates, (server) =>
    server.on("request", (request, response) => answer(request, response, walks, pages, sockets)),
  );
  const running = started.move();
  return {
    walk(own) {
      const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
      const silence = setTimeout(() => {
        reject(new Error(`no page of the floor was opened for ${patienceMs / 1_000} s`));
      }, patienceMs);
      const walk: Walk = {
        id: walkId(),
        pages: own,
        alive: () => void silence.refresh(),
        end(problem) {
          clearTimeout(silence);
          if (problem === undefined) resolve();
          else reject(new Error(problem));
        },
      };
      const entrance = addressOf(walk, 0, pages);
      if (entrance === null) throw new Error("a walk through the floor needs a page");
      walks.set(walk.id, walk);
      return { entrance: new URL(entrance), ended };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function answer(
  { url = "/" }: IncomingMessage,
  response: ServerResponse,
  walks: ReadonlyMap<string, Walk>,
  pages: Ports,
  sockets: Ports,
): void {
  const { id = "", rest = "" } = /^\/(?<id>[0-9a-z]+)\/(?<rest>\w+)/u.exec(url)?.groups ?? {};
  const walk = walks.get(id);
  const index = Number(rest);
  const page = walk?.pages[index];
  walk?.alive();
  if (walk === undefined || page === undefined) {
    if (rest === "done") walk?.end();
    if (rest === "lost") walk?.end(`a page of the floor lost its connection: ${url}`);
    response.writeHead(204).end();
    return;
  }
  const host = socketHost(hostOf(walk, index, page), page.placement);
  const isSecure = socketIsSecure(page.scheme);
  const port = isSecure ? sockets.secure : sockets.plain;
  const text = floorPage({
    endpoint: `${isSecure ? "wss" : "ws"}://${host}:${port}/`,
    connections: page.connections,
    next: addressOf(walk, index + 1, pages) ?? `/${id}/done`,
    lost: `/${id}/lost`,
  });
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(text);
}

function addressOf(walk: Walk, index: number, { plain, secure }: Ports): string | null {
  const page = walk.pages[index];
  if (page === undefined) return null;
  const host = hostOf(walk, index, page);
  return pageIsSecure(page.scheme)
    ? `https://${host}:${secure}/${walk.id}/${index}`
    : `http://${host}:${plain}/${walk.id}/${index}`;
}

function hostOf({ id }: Walk, index: number, { placement }: BlankPage): string {
  return pageHost(`t${index}-${id}`, placement);
}

async function listenTwice(
  started: AsyncDisposableStack,
  certificates: Certificates,
  prepare: (server: Server) => void,
): Promise<Ports> {
  const SNICallback = callbackify((name: string) => certificates.contextFor(name));
  const listen = async (create: () => Server): Promise<number> => {
    let port = 0;
    for (const host of defaultConfig.hosts) {
      const server = create();
      prepare(server);
      try {
        server.listen({ host, port, ipv6Only: host.includes(":") });
        await once(server, "listening");
      } catch (error) {
        if (port === 0 || !isAbsentAddress(error)) throw error;
        continue;
      }
      started.defer(() => {
        server.close();
        server.closeAllConnections();
      });
      const address = server.address();
      if (typeof address === "object" && address !== null) port = address.port;
    }
    return port;
  };
  return {
    plain: await listen(() => createServer()),
    secure: await listen(() => createTlsServer({ ...certificates.fallback, SNICallback })),
  };
}
