import { request as httpRequest } from "node:http";
import type { LookupFunction } from "node:net";
import { WebSocket, type ClientOptions } from "ws";
import { folderOf } from "../../techniques/folder.ts";
import { techniquesDirectory } from "../../techniques/index.ts";
import type {
  Present,
  ProgramAnswer,
  ProgramCertificate,
  ProgramChannel,
  ProgramMeans,
} from "../../techniques/program.ts";
import type { AuthProxy, Technique } from "../../techniques/technique.ts";
import type { Holder } from "./claims.ts";

/** Every name under `localhost` is this machine (RFC 6761, 6.3); a resolver may not know that. */
const loopback: LookupFunction = (_hostname, { all }, callback) => {
  if (all === true) callback(null, [{ address: "127.0.0.1", family: 4 }]);
  else callback(null, "127.0.0.1", 4);
};
const deadlineMs = 10_000;

/**
 * Connects as the technique's own program does, and says goodbye. Resolves with why that did not go as
 * it should; null: it did.
 */
export async function tryGood(
  technique: Technique,
  endpoint: URL,
  { user, secret: token }: Holder,
  certificate: ProgramCertificate = {},
): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const timer = setTimeout(() => resolve("the good connection did not end in time"), deadlineMs);
  const folder = folderOf(technique, techniquesDirectory);
  const program: { readonly present: Present } = await import(
    new URL(technique.program ?? "program.ts", folder).href
  );
  const open: ProgramMeans["open"] = (to, { headers = {}, protocols = [], ...shown } = {}) =>
    new WebSocket(to, protocols, {
      headers,
      lookup: loopback,
      rejectUnauthorized: false,
      ...shown,
      ...(technique.proxied !== undefined && asking(technique.proxied, to, headers)),
    });
  const home = new URL(endpoint.href.replace(/^ws/u, "http"));
  const means = { technique: technique.id, open, post: postingTexts(), home, certificate };
  try {
    const opened = await program.present(new URL(endpoint), { user, token }, means);
    let isGreeted = false;
    const channel = opened instanceof WebSocket ? plain(opened) : opened;
    channel.socket.on("error", () => {});
    channel.socket.on("close", (code) =>
      resolve(isGreeted && code === 1000 ? null : `a good connection was closed with ${code}`),
    );
    channel.listen({
      message(text) {
        if (text !== `Hello ${user}!`) return;
        isGreeted = true;
        channel.send(`Goodbye ${user}.`);
      },
      refusal: (code, reason) => resolve(`a good credential was refused: ${code} ${reason}`),
    });
    return await promise;
  } catch (error) {
    return `a good connection could not be made: ${String(error)}`;
  } finally {
    clearTimeout(timer);
  }
}

/** Posts text, with the cookies that the last answer has set. */
export function postingTexts(): ProgramMeans["post"] {
  let cookie = "";
  return async (url, body): Promise<ProgramAnswer> => {
    const headers = { "Content-Type": "text/plain", ...(cookie !== "" && { Cookie: cookie }) };
    const answer = await ask(url, "POST", headers, body);
    cookie = (answer.cookies ?? []).map((line) => line.replace(/;.*/su, "")).join("; ");
    return { status: answer.status, body: answer.body, cookie };
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly cookies: readonly string[] | undefined;
  readonly header: (name: string) => string | undefined;
}

/** Makes one HTTP request of this machine. */
export async function ask(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  body = "",
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { method, headers, lookup: loopback, agent: false };
  const request = httpRequest(url, options, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => (text += chunk));
    response.on("error", reject);
    response.on("end", () =>
      resolve({
        status: response.statusCode ?? 0,
        body: text,
        cookies: response.headers["set-cookie"],
        header: (name) => response.headers[name.toLowerCase()]?.toString(),
      }),
    );
  });
  request.on("error", reject);
  request.end(body);
  return await promise;
}

/** Does what the proxy would do that is not there: asks about the handshake, and puts the answer into it. */
function asking(
  { auth, header }: AuthProxy,
  to: URL,
  headers: Readonly<Record<string, string>>,
): Pick<ClientOptions, "finishRequest"> {
  return {
    finishRequest(request, socket) {
      const question = new URL(`${auth}${to.search}`, to.href.replace(/^ws/u, "http"));
      const approve = async (): Promise<void> => {
        const answer = await ask(question, "GET", headers);
        const approval = answer.header(header);
        if (answer.status !== 204 || approval === undefined) socket.terminate();
        else request.setHeader(header, approval).end();
      };
      approve().catch((error: Error) => request.destroy(error));
    },
  };
}

function plain(socket: WebSocket): ProgramChannel {
  return {
    socket,
    listen({ message }) {
      socket.on("message", (data: Buffer) => message(data.toString()));
    },
    send: (text) => socket.send(text),
  };
}
