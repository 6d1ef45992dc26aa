import { once } from "node:events";
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import type { PagePaint, Visit } from "./measured.ts";

/** Stands between a browser and a lab, and has the first page tell when it was painted. */
export interface WatchingProxy extends AsyncDisposable {
  readonly url: URL;
  /** Resolves with what the page that is opened next says, once it has loaded. */
  nextVisit(): Promise<Visit>;
}

const scriptPath = "/when-painted.js";
const reportPath = "/when-painted";
/** For a browser that never says that it has painted. */
const patienceMs = 10_000;

/**
 * Waits for the load event and the first contentful paint, and sends them.
 * https://w3c.github.io/paint-timing/ and https://w3c.github.io/navigation-timing/
 */
const script = `
const loaded = new Promise((resolve) => {
  addEventListener("load", () => setTimeout(resolve, 0));
});
const painted = new Promise((resolve) => {
  if (!PerformanceObserver.supportedEntryTypes.includes("paint")) {
    return resolve({ unknown: "it has no paint timing" });
  }
  setTimeout(() => resolve({ unknown: "it told of no paint within ${patienceMs} ms" }), ${patienceMs});
  new PerformanceObserver((list) => {
    const [entry] = list.getEntriesByName("first-contentful-paint");
    if (entry !== undefined) resolve({ firstPaintMs: entry.startTime });
  }).observe({ type: "paint", buffered: true });
});
Promise.all([painted, loaded]).then(([paint]) => {
  const [{ responseStart, loadEventEnd }] = performance.getEntriesByType("navigation");
  const told = { ...paint, firstByteMs: responseStart, loadMs: loadEventEnd };
  return fetch("${reportPath}", { method: "POST", body: JSON.stringify(told) });
});
`;

const told: z.ZodType<PagePaint | { readonly unknown: string }> = z.union([
  z.object({
    firstByteMs: z.number().transform((value) => (value < 0 ? null : value)),
    firstPaintMs: z.number(),
    loadMs: z.number(),
  }),
  z.object({ unknown: z.string() }),
]);

/** Opens one in front of the lab at `lab`. */
export async function openWatchingProxy(lab: URL): Promise<WatchingProxy> {
  let sentBytes = 0;
  let visit = Promise.withResolvers<Visit>();
  const pass = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    if (asked.url === scriptPath) {
      answer.setHeader("Content-Type", "text/javascript");
      answer.end(script);
      return;
    }
    if (asked.url === reportPath) {
      const paint = told.parse(JSON.parse(await text(asked)));
      answer.writeHead(204).end();
      visit.resolve({ paint, sentBytes });
      return;
    }
    const forwarded = request(new URL(asked.url ?? "/", lab), {
      agent: false,
      headers: { ...asked.headers, host: lab.host, connection: "close" },
    });
    const got = await responseOf(forwarded);
    const body = await text(got);
    sentBytes += got.socket.bytesRead;
    const { "content-length": _length, connection: _connection, ...headers } = got.headers;
    const watched = body.replace("<head>", `<head><script src="${scriptPath}" async></script>`);
    answer.writeHead(got.statusCode ?? 502, headers);
    answer.end(asked.url === "/" ? watched : body);
  };
  const server = createServer((asked, answer) => {
    pass(asked, answer).catch((error: unknown) => {
      visit.reject(error);
      answer.destroy();
    });
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a proxy needs a port");
  return {
    url: new URL(`http://localhost:${address.port}/`),
    nextVisit() {
      sentBytes = 0;
      visit = Promise.withResolvers();
      return visit.promise;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function responseOf(asked: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  asked.on("response", resolve);
  asked.on("error", reject);
  asked.end();
  return await promise;
}
