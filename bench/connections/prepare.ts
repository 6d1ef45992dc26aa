import { Agent, request, type IncomingHttpHeaders } from "node:http";
import type { WebSocket } from "ws";
import { folderOf } from "../../techniques/folder.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import type { Present, ProgramAnswer, ProgramMeans } from "../../techniques/program.ts";
import type { AuthProxy, Technique } from "../../techniques/technique.ts";
import { LeanSocket, type Opening } from "./lean-socket.ts";
import type { LoadCase } from "./load-case.ts";
import { openingOf } from "./opening.ts";
import { play, record } from "./script.ts";

const agent = new Agent({ keepAlive: true });
/** How many logins and the like are made at once. */
const preparedAtOnce = 16;

/**
 * Does what a technique's program does before it opens its WebSocket, asking for a ticket, say, and
 * hands over WebSockets that are yet to be opened. What a library says is recorded from the library,
 * and said again with other tokens: a library costs its client more than a server.
 */
export async function prepare(load: LoadCase): Promise<readonly LeanSocket[]> {
  const technique = techniques.find(({ id }) => id === load.technique);
  if (technique === undefined) {
    return load.credentials.map(() => greeted(new LeanSocket(openingOf(load, load.endpoint))));
  }
  const present = await presentOf(technique);
  const [first] = load.credentials;
  if (technique.libraries !== undefined && first !== undefined) {
    const script = await record(present, load, first, meansOf(load, technique, first));
    return load.credentials.map(({ token }) => play(script, first.token, token));
  }
  const sockets: LeanSocket[] = [];
  for (let at = 0; at < load.credentials.length; at += preparedAtOnce) {
    const some = load.credentials.slice(at, at + preparedAtOnce);
    sockets.push(
      ...(await Promise.all(some.map((one) => prepareOne(load, technique, present, one)))),
    );
  }
  return sockets;
}

async function prepareOne(
  load: LoadCase,
  technique: Technique,
  present: Present,
  credential: LoadCase["credentials"][number],
): Promise<LeanSocket> {
  const opened: { readonly socket: LeanSocket; readonly opening: Opening }[] = [];
  const open: ProgramMeans["open"] = (endpoint, options) => {
    const opening = openingOf(load, endpoint, options);
    const socket = new LeanSocket(opening);
    opened.push({ socket, opening });
    // These programs listen, send and close, which is all that there is of it.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return socket as unknown as WebSocket;
  };
  const means = { ...meansOf(load, technique, credential), open };
  await present(new URL(credential.endpoint ?? load.endpoint), credential, means);
  const [one] = opened;
  if (one === undefined) throw new Error(`${technique.id} opened no WebSocket`);
  if (technique.proxied !== undefined) {
    await approve(technique.proxied, new URL(load.endpoint), one.socket, one.opening);
  }
  return greeted(one.socket);
}

/** How a technique's own program presents a credential. */
async function presentOf(technique: Technique): Promise<Present> {
  const folder = folderOf(technique, techniquesDirectory);
  const program: { present: Present } = await import(
    new URL(technique.program ?? "program.ts", folder).href
  );
  return program.present;
}

function meansOf(
  load: LoadCase,
  { id }: Technique,
  { endpoint = load.endpoint }: LoadCase["credentials"][number],
): Omit<ProgramMeans, "open"> {
  return {
    technique: id,
    post: postingTexts(),
    home: new URL(endpoint.replace(/^ws/u, "http")),
    certificate: load.certificate,
  };
}

/** Says goodbye to whoever says hello. */
function greeted(socket: LeanSocket): LeanSocket {
  return socket.on("message", (data) => {
    const text = data.toString();
    if (text.startsWith("Hello ")) socket.send(`Goodbye ${text.slice(6, -1)}.`);
  });
}

/** Does what the proxy does that is not there: it asks about the handshake, and passes on the answer. */
async function approve(
  { auth, header }: AuthProxy,
  endpoint: URL,
  socket: LeanSocket,
  opening: Opening,
): Promise<void> {
  const question = new URL(`${auth}${endpoint.search}`, endpoint.href.replace(/^ws/u, "http"));
  const answer = await ask(question, { method: "GET", headers: opening.headers });
  const approval = answer.headers[header.toLowerCase()];
  if (answer.status !== 204 || typeof approval !== "string") {
    throw new Error(`the handshake was not approved of: ${answer.status}`);
  }
  socket.addHeader(header, approval);
}

/** Posts text, with the cookies that the last answer has set. */
function postingTexts(): (url: URL, body: string) => Promise<ProgramAnswer> {
  let cookie = "";
  return async (url, body) => {
    const headers = { "Content-Type": "text/plain", ...(cookie !== "" && { Cookie: cookie }) };
    const answer = await ask(url, { method: "POST", headers, body });
    cookie = (answer.headers["set-cookie"] ?? [])
      .map((line) => line.replace(/;.*/su, ""))
      .join("; ");
    return { status: answer.status, body: answer.body, cookie };
  };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function ask(
  url: URL,
  options: { method: string; headers: Readonly<Record<string, string>>; body?: string },
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { method, headers, body } = options;
  const asked = request(
    { host: "127.0.0.1", port: url.port, path: `${url.pathname}${url.search}`, method, agent },
    (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString(),
        });
      });
    },
  );
  asked.on("error", reject);
  asked.setHeader("Host", url.host);
  for (const [name, value] of Object.entries(headers)) asked.setHeader(name, value);
  asked.end(body);
  return await promise;
}
