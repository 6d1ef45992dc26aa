import assert from "node:assert/strict";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { WebSocket } from "ws";
import type { PageCredential } from "../techniques/connect.ts";
import { folderOf } from "../techniques/folder.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import type { Present, ProgramAnswer, ProgramMeans } from "../techniques/program.ts";
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

/**
 * Presents a credential as the technique's own program does. Without `home` the technique's routes
 * are taken from its own port. Rejects when it was refused before there was a socket.
 */
export async function present(
  id: string,
  endpoint: URL,
  credential: PageCredential,
  home: URL = new URL(endpoint.href.replace(/^ws/u, "http")),
): Promise<WebSocket> {
  const technique = techniques.find((one) => one.id === id);
  assert.ok(technique, id);
  const folder = folderOf(technique, techniquesDirectory);
  const program: { present: Present } = await import(new URL("program.ts", folder).href);
  return await program.present(new URL(endpoint), credential, { open, post: postText, home });
}

async function postText(url: URL, body: string): Promise<ProgramAnswer> {
  const headers = { "Content-Type": "text/plain" };
  const answer = await ask(url, { method: "POST", headers, body });
  const cookies = answer.headers["set-cookie"] ?? [];
  const cookie = cookies.map((line) => line.replace(/;.*/su, "")).join("; ");
  return { status: answer.status, body: answer.body, cookie };
}

/** The header value of HTTP Basic authentication (RFC 7617). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Opens a WebSocket, with extra handshake headers and subprotocols. */
export const open: ProgramMeans["open"] = (endpoint, { headers = {}, protocols = [] } = {}) =>
  new WebSocket(endpoint, protocols, { headers, lookup: loopback, ...trust });

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
