import assert from "node:assert/strict";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { request as httpsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { WebSocket } from "ws";
import type { PageCredential } from "../techniques/connect.ts";
import { folderOf } from "../techniques/folder.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import type {
  LogOutAsProgram,
  Present,
  PresentWithout,
  ProgramAnswer,
  ProgramCertificate,
  ProgramChannel,
  ProgramMeans,
  RenewAsProgram,
} from "../techniques/program.ts";
import type { AuthProxy } from "../techniques/technique.ts";
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
  certificate: ProgramCertificate = {},
): Promise<WebSocket | ProgramChannel> {
  const { program, means } = await programOf(id, home, certificate);
  const opened = await program.present(new URL(endpoint), credential, means);
  ways.set(opened, async () => {
    assert.ok(program.logOut, `${id} cannot log out`);
    await program.logOut(new URL(endpoint), means);
  });
  return opened;
}

/** How those log out who came in with `present`. */
const ways = new WeakMap<WebSocket | ProgramChannel, () => Promise<void>>();

/** Logs out as the technique's own program does, with the means that it came in with. */
export async function logOut(opened: WebSocket | ProgramChannel): Promise<void> {
  await ways.get(opened)?.();
}

/** Connects as the technique's own program does that holds no credential. */
export async function presentWithout(
  id: string,
  endpoint: URL,
  home: URL,
): Promise<WebSocket | ProgramChannel> {
  const { program, means } = await programOf(id, home, {});
  const bare: PresentWithout = (to) => means.open(to);
  return await (program.presentWithout ?? bare)(new URL(endpoint), means);
}

async function programOf(
  id: string,
  home: URL,
  certificate: ProgramCertificate,
): Promise<{
  program: { present: Present; presentWithout?: PresentWithout; logOut?: LogOutAsProgram };
  means: ProgramMeans;
}> {
  const technique = techniques.find((one) => one.id === id);
  assert.ok(technique, id);
  const folder = folderOf(technique, techniquesDirectory);
  return {
    program: await import(new URL(technique.program ?? "program.ts", folder).href),
    means: {
      technique: id,
      open: technique.proxied === undefined ? open : openThrough(technique.proxied),
      post: postingTexts(),
      home,
      certificate,
    },
  };
}

/** Presents another credential on the open connection, as the technique's own program does. */
export async function renew(
  id: string,
  opened: WebSocket | ProgramChannel,
  credential: PageCredential,
): Promise<void> {
  const technique = techniques.find((one) => one.id === id);
  assert.ok(technique, id);
  const folder = folderOf(technique, techniquesDirectory);
  const program: { renew: RenewAsProgram } = await import(new URL("program.ts", folder).href);
  program.renew(opened instanceof WebSocket ? opened : opened.socket, credential);
}

/** Posts text, with the cookies that the last answer has set. */
function postingTexts(): ProgramMeans["post"] {
  let cookie = "";
  return async (url, body): Promise<ProgramAnswer> => {
    const headers = { "Content-Type": "text/plain", ...(cookie !== "" && { Cookie: cookie }) };
    const answer = await ask(url, { method: "POST", headers, body });
    const cookies = answer.headers["set-cookie"] ?? [];
    cookie = cookies.map((line) => line.replace(/;.*/su, "")).join("; ");
    return { status: answer.status, body: answer.body, cookie };
  };
}

/** The header value of HTTP Basic authentication (RFC 7617). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Opens a WebSocket, with extra handshake headers and subprotocols. */
export const open: ProgramMeans["open"] = (
  endpoint,
  { headers = {}, protocols = [], ...certificate } = {},
) => new WebSocket(endpoint, protocols, { headers, lookup: loopback, ...trust, ...certificate });

/** As `open`, doing by itself what the proxy would do that is not there. */
function openThrough({ auth, header }: AuthProxy): ProgramMeans["open"] {
  return (endpoint, { headers = {}, protocols = [] } = {}) => {
    const question = new URL(`${auth}${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
    return new WebSocket(endpoint, protocols, {
      headers,
      lookup: loopback,
      ...trust,
      finishRequest(request, socket) {
        const approve = async (): Promise<void> => {
          const answer = await ask(question, { headers });
          const approval = answer.headers[header.toLowerCase()];
          if (answer.status !== 204 || typeof approval !== "string") socket.terminate();
          else request.setHeader(header, approval).end();
        };
        approve().catch((error: Error) => request.destroy(error));
      },
    });
  };
}

/**
 * Answers the greeting, or does what else is to be done then, and resolves with what a page would have
 * seen once the socket is closed.
 */
export async function converse(
  opened: WebSocket | ProgramChannel,
  goOn: "goodbye" | (() => void) = "goodbye",
): Promise<PageReport> {
  const channel = opened instanceof WebSocket ? plainChannel(opened) : opened;
  const { socket } = channel;
  const events: PageEvent[] = [];
  const startedAt = performance.now();
  const at = (): number => performance.now() - startedAt;
  const { promise, resolve } = Promise.withResolvers<PageReport>();
  socket.on("open", () => events.push({ at: at(), type: "open", protocol: socket.protocol }));
  let user = "";
  channel.listen({
    message(text) {
      events.push({ at: at(), type: "message", data: text });
      const greeted = /^Hello (?<user>.*)!$/su.exec(text)?.groups?.["user"];
      if (greeted !== undefined) {
        user = greeted;
        if (goOn !== "goodbye") return goOn();
      }
      if (greeted !== undefined || text === "Renewed.") channel.send(`Goodbye ${user}.`);
    },
    refusal: (code, reason) => events.push({ at: at(), type: "refusal", code, reason }),
  });
  socket.on("error", () => events.push({ at: at(), type: "error" }));
  socket.on("close", (code, reason) => {
    const wasClean = code !== 1006;
    events.push({ at: at(), type: "close", code, reason: reason.toString(), wasClean });
    resolve({ end: "completed", events });
  });
  return await promise;
}

function plainChannel(socket: WebSocket): ProgramChannel {
  return {
    socket,
    listen({ message }) {
      socket.on("message", (data: Buffer) => message(data.toString()));
    },
    send: (text) => socket.send(text),
  };
}
