import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { WebSocket } from "ws";
import { testAuthority } from "./authority.ts";
import type { PageEvent } from "../model/observation.ts";
import type { PageReport } from "../model/lab-api.ts";

/** Every `*.localhost` is this machine, as in a browser; a resolver may not know that (RFC 6761, 6.3). */
export const loopback: LookupFunction = (_hostname, { all }, callback) => {
  if (all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};

/** TLS servers that the test's authority vouches for are trusted, and no others. */
const trust = testAuthority.authority === null ? {} : { ca: testAuthority.authority };

/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Makes one HTTP request, to any `*.localhost` too. */
export async function ask(
  url: string | URL,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { method = "GET", headers = {} } = options;
  const request = (String(url).startsWith("https:") ? httpsRequest : httpRequest)(
    url,
    { method, headers, lookup: loopback, agent: false, ...trust },
    (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
      response.on("error", reject);
    },
  );
  request.on("error", reject);
  request.end(options.body);
  return await promise;
}

/** Posts JSON. */
export function post(url: string | URL, value: unknown, headers = {}): Promise<Answer> {
  const body = JSON.stringify(value);
  return ask(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body,
  });
}

/** Presents a credential on the wire as a page in a browser makes it do. */
export type Present = (
  endpoint: URL,
  credential: { readonly user: string; readonly token: string },
) => WebSocket;

/** The techniques as seen on the wire, by id. */
export const present: Readonly<Record<string, Present>> = {
  "first-message": (endpoint, { token }) => {
    const socket = open(endpoint);
    socket.on("open", () => socket.send(token));
    return socket;
  },
  "query-parameter": (endpoint, { token }) => {
    const url = new URL(endpoint);
    url.searchParams.set("token", token);
    return open(url);
  },
  "cookie-iframe": (endpoint, { token }) =>
    open(endpoint, { Cookie: `theme=dark; token=${encodeURIComponent(token)}` }),
  "user-information": (endpoint, { user, token }) =>
    open(endpoint, { Authorization: basic(user, token) }),
};

/** The header value of HTTP Basic authentication (RFC 7617). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Opens a WebSocket with extra handshake headers. */
export function open(endpoint: URL, headers: Record<string, string> = {}): WebSocket {
  return new WebSocket(endpoint, { headers, lookup: loopback, ...trust });
}

/** Answers the greeting, and resolves with what a page would have seen once the socket is closed. */
export async function converse(socket: WebSocket): Promise<PageReport> {
  const events: PageEvent[] = [];
  const startedAt = performance.now();
  const at = (): number => performance.now() - startedAt;
  const { promise, resolve } = Promise.withResolvers<PageReport>();
  socket.on("open", () => events.push({ at: at(), type: "open", protocol: socket.protocol }));
  socket.on("message", (data: Buffer) => {
    events.push({ at: at(), type: "message", data: data.toString() });
    const greeted = /^Hello (?<user>.*)!$/su.exec(data.toString())?.groups?.["user"];
    if (greeted !== undefined) socket.send(`Goodbye ${greeted}.`);
  });
  socket.on("error", () => events.push({ at: at(), type: "error" }));
  socket.on("close", (code, reason) => {
    const wasClean = code !== 1006;
    events.push({ at: at(), type: "close", code, reason: reason.toString(), wasClean });
    resolve({ end: "completed", events });
  });
  return await promise;
}
