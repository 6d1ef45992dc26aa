import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { Server } from "node:net";
import { text } from "node:stream/consumers";
import { TLSSocket } from "node:tls";
import { callbackify } from "node:util";

import { WebSocketServer } from "ws";
import { z } from "zod";

import {
  createClientAuthority,
  type ClientAuthority,
} from "../../../server/client-certificates.ts";
import { testAuthority } from "../../authority.ts";

/**
 * Sites of every name: plain, secure, secure on a second port, and secure where clients are asked for
 * a certificate. Their own are the test authority's. A page does what its query says, and reports.
 */
export interface Sites extends AsyncDisposable {
  /** Whose certificates clients are asked for. */
  readonly clientAuthority: ClientAuthority;
  /** The address of a page on one of the four. */
  url(where: Place, host: string, query?: PageQuery): URL;
  /** The address of a WebSocket server; it says which cookies it was sent, or whose certificate if it asks. */
  socket(where: Place, host: string): string;
  /** What a page reports next. */
  report(): Promise<PageReport>;
}

export type Place = "plain" | "secure" | "elsewhere" | "asking";

export interface PageQuery {
  /** Set, as a cookie for third parties, when the page is loaded. */
  readonly cookie?: string;
  /** Fetched with credentials, first. */
  readonly fetch?: string;
  /** Connected to, then. */
  readonly socket?: string;
  /** Present: `mark` is stored in a file of the origin, at last. */
  readonly store?: string;
}

/** Nothing that a browser keeps of a page's address or text holds it in one piece. */
export const mark = "kept by the origin";

export interface PageReport {
  /** What the WebSocket server said, or the code that it was closed with. */
  readonly socket?: string | number | undefined;
  /** Why the mark could not be stored. */
  readonly refusal?: string | undefined;
}

const PageReport: z.ZodType<PageReport> = z.object({
  socket: z.union([z.string(), z.number()]).optional(),
  refusal: z.string().optional(),
});

const page = `<!doctype html><title>here</title><script type="module">
const query = new URLSearchParams(location.search);
const report = {};
if (query.has("fetch")) await fetch(query.get("fetch"), { mode: "no-cors", credentials: "include" });
if (query.has("socket")) {
  report.socket = await new Promise((resolve) => {
    const socket = new WebSocket(query.get("socket"));
    socket.onmessage = ({ data }) => resolve(data);
    socket.onclose = ({ code }) => resolve(code);
  });
}
if (query.has("store")) {
  try {
    const directory = await navigator.storage.getDirectory();
    const file = await directory.getFileHandle("mark", { create: true });
    const stream = await file.createWritable();
    await stream.write(${JSON.stringify(mark.split(" "))}.join(" "));
    await stream.close();
  } catch (error) {
    report.refusal = String(error);
  }
}
await fetch("/report", { method: "POST", body: JSON.stringify(report) });
</script>`;

export async function startSites(): Promise<Sites> {
  const reports = new EventEmitter<{ report: [PageReport] }>();
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://any");
    if (pathname === "/report") {
      const report = PageReport.parse(JSON.parse(await text(request)));
      response.end();
      reports.emit("report", report);
      return;
    }
    const cookie = searchParams.get("cookie");
    if (cookie !== null) {
      response.setHeader("Set-Cookie", `${cookie}; Path=/; SameSite=None; Secure`);
    }
    response.setHeader("Content-Type", "text/html").end(page);
  }
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void answer(request, response);
  const tls = {
    ...testAuthority.fallback,
    SNICallback: callbackify((name: string) => testAuthority.contextFor(name)),
  };
  const clientAuthority = await createClientAuthority();
  const ca = clientAuthority.certificate;
  const asking = {
    ...tls,
    SNICallback: callbackify((name: string) => testAuthority.asking(ca).contextFor(name)),
    ca,
    requestCert: true,
    rejectUnauthorized: false,
  };
  const servers = {
    plain: createServer(listener),
    secure: createSecureServer(tls, listener),
    elsewhere: createSecureServer(tls, listener),
    asking: createSecureServer(asking, listener),
  };
  for (const server of Object.values(servers)) {
    new WebSocketServer({ server }).on("connection", (socket, request) => {
      const shown =
        request.socket instanceof TLSSocket ? request.socket.getPeerX509Certificate() : undefined;
      socket.send(shown?.subject ?? request.headers.cookie ?? "");
      socket.close();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }

  const authority = (where: Place, host: string): string => `${host}:${portOf(servers[where])}`;
  return {
    clientAuthority,
    url(where, host, query = {}) {
      const url = new URL(`${where === "plain" ? "http" : "https"}://${authority(where, host)}/`);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return url;
    },
    socket: (where, host) => `${where === "plain" ? "ws" : "wss"}://${authority(where, host)}/`,
    async report() {
      const [report] = await once(reports, "report");
      return PageReport.parse(report);
    },
    async [Symbol.asyncDispose]() {
      for (const server of Object.values(servers)) {
        server.close();
        server.closeAllConnections();
        await once(server, "close");
      }
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
