import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import express, { type Express } from "express";
import { WebSocketServer, type ServerOptions, type WebSocket } from "ws";
import type { Judgement, Presented } from "../model/observation.ts";
import type {
  Admission,
  Credential,
  CredentialInput,
  Exchange,
  MessageTechnique,
  RouteContext,
  Technique,
  UnauthenticatedConnection,
} from "../techniques/technique.ts";
import { answerFailures } from "./answer-failures.ts";
import type { OriginLimits } from "./config.ts";
import { closeCodes, converse, plainTalk } from "./conversation.ts";
import { nothingJudged, type EvidenceLog } from "./evidence.ts";
import { isJsonWebToken, serialOf, type JsonWebTokenVerifier } from "./json-web-tokens.ts";
import { knownHost } from "./known-host.ts";
import type { Tokens } from "./tokens.ts";

/** What an origin shares with the rest of the lab. */
export interface OriginSurroundings {
  readonly tokens: Tokens;
  readonly jsonWebTokens: JsonWebTokenVerifier;
  readonly evidence: EvidenceLog;
  readonly limits: OriginLimits;
  readonly routeContext: Omit<RouteContext, "exchange">;
  /** As in LabConfig. */
  readonly behindProxy: boolean;
}

const tooLate = "no credential in time";
const headerTooLarge = "request header too large";

/** A judgement, which is evidence, and what must not become any. */
interface Finding {
  readonly judgement: Judgement;
  /** How long the token is still good. */
  readonly expiresInMs: number;
  readonly secret: string;
}

/** One technique's server: reads a credential as the technique does, authenticates, accepts or refuses. */
export class WebSocketOrigin {
  readonly technique: Technique;
  readonly #surroundings: OriginSurroundings;
  readonly #server: WebSocketServer;
  readonly #heartbeat: NodeJS.Timeout;
  /** Whether the technique trades tokens: then nothing but what it gave for one is accepted. */
  #trades = false;
  /** What exchanges found, until their requests are recorded. */
  readonly #exchanges = new WeakMap<IncomingMessage, Judgement>();
  readonly #lastHeard = new WeakMap<WebSocket, { pongAt: number; messageAt: number }>();

  constructor(technique: Technique, surroundings: OriginSurroundings) {
    this.technique = technique;
    this.#surroundings = surroundings;
    const options: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      // How long a client may take to answer a close frame; the default, 30 s, would let silent ones hold the cap.
      closeTimeout: 1_000,
      maxPayload: surroundings.limits.maxPayloadBytes,
      perMessageDeflate: false,
      // Without this, ws selects the first subprotocol that a client offers.
      handleProtocols: (offered) => technique.selectSubprotocol?.(offered) ?? false,
    };
    this.#server = new WebSocketServer(options);
    this.#heartbeat = setInterval(() => this.#beat(), surroundings.limits.pingIntervalMs);
    this.#heartbeat.unref();
  }

  /** Answers plain HTTP: the technique's own pages and routes, and 426 for everything else. */
  http(): Express {
    const { routeContext, behindProxy } = this.#surroundings;
    const app = express().disable("x-powered-by").enable("case sensitive routing");
    if (behindProxy) app.set("trust proxy", "loopback");
    app.use((request, response, next) => {
      response.set("X-Content-Type-Options", "nosniff");
      response.on("finish", () => this.#recordHttp(request, response.statusCode));
      if (knownHost(request.headers.host) === undefined) {
        response.status(403).type("text/plain").send("unknown host\n");
      } else if (headerBytes(request) > this.#surroundings.limits.maxHeaderBytes) {
        response.status(431).type("text/plain").send(`${headerTooLarge}\n`);
      } else next();
    });
    const router = express.Router();
    const exchange: RouteContext["exchange"] = (...parts) => this.#exchange(...parts);
    const took = (): typeof exchange => {
      this.#trades = true;
      return exchange;
    };
    this.technique.routes?.(router, {
      ...routeContext,
      get exchange() {
        return took();
      },
    });
    app.use(router);
    app.use((_request, response) => {
      response.status(426).set("Upgrade", "websocket").type("text/plain");
      response.send("this is a WebSocket server\n");
    });
    answerFailures(app);
    return app;
  }

  /** Answers an upgrade: everything that is refused is refused with an HTTP status, before it opens. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const { limits } = this.#surroundings;
    const url = requestUrl(request);
    const refuse = (status: number, judgement: Judgement, reason: string): void => {
      this.#recordUpgrade(request, status, judgement);
      const challenge = status === 401 ? this.technique.challenge : undefined;
      refuseUpgrade(socket, status, reason, challenge);
    };
    if (url === undefined) return refuse(400, nothingJudged, "malformed request target");
    if (knownHost(request.headers.host) === undefined) {
      return refuse(403, nothingJudged, "unknown host");
    }
    if (headerBytes(request) > limits.maxHeaderBytes) {
      return refuse(431, nothingJudged, headerTooLarge);
    }
    if (this.#server.clients.size >= limits.maxConnections) {
      return refuse(503, nothingJudged, "too many connections");
    }
    // Checked before a credential is judged, so that a broken handshake spends no single-use token.
    if (!isWellFormedHandshake(request)) {
      return refuse(400, nothingJudged, "malformed WebSocket handshake");
    }
    if (this.technique.checksOrigin === true && !this.#isAllowedOrigin(request)) {
      const judgement = { ...nothingJudged, refusal: "origin not allowed" };
      return refuse(403, judgement, judgement.refusal);
    }
    const { technique } = this;
    if (technique.stage === "first-message") {
      return this.#open(request, socket, head, nothingJudged, (connection) =>
        this.#negotiate(technique, connection, request),
      );
    }
    const credential = technique.readCredential(credentialInput(url, request));
    return void this.#judge(credential).then(({ judgement }) => {
      const { user } = judgement;
      if (user === null) return refuse(401, judgement, judgement.refusal ?? "refused");
      return this.#open(request, socket, head, judgement, (connection) =>
        converse(plainTalk(connection), user),
      );
    });
  }

  /** Ends every connection and the heartbeat. */
  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat);
    for (const connection of this.#server.clients) {
      connection.close(closeCodes.goingAway, "the lab is closing");
      // The process is about to end: the frame is on its way, the answer is not waited for.
      setImmediate(() => connection.terminate());
    }
    this.#server.close();
  }

  #open(
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    judgement: Judgement,
    talk: (connection: WebSocket) => void,
  ): void {
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      const attemptId = attemptIdOf(request);
      this.#recordUpgrade(request, 101, judgement);
      const closed = this.#surroundings.evidence.connectionOpened(attemptId);
      const heard = { pongAt: performance.now(), messageAt: performance.now() };
      this.#lastHeard.set(connection, heard);
      connection.on("pong", () => (heard.pongAt = performance.now()));
      connection.on("message", () => {
        heard.messageAt = performance.now();
        // Who talks and does not read would have its answers pile up here.
        if (connection.bufferedAmount > this.#surroundings.limits.maxPayloadBytes) {
          connection.terminate();
        }
      });
      // Errors of a client (oversized or malformed frames) close the connection by themselves.
      connection.on("error", () => {});
      connection.on("close", (code, reason) => {
        const sighting = { type: "close", code, reason: reason.toString() } as const;
        this.#surroundings.evidence.record(attemptId, sighting);
        closed();
      });
      talk(connection);
    });
  }

  /** Has the technique find out who this is, and sees to it that this takes no longer than it may. */
  #negotiate(technique: MessageTechnique, socket: WebSocket, request: IncomingMessage): void {
    const { limits, evidence, tokens } = this.#surroundings;
    const attemptId = attemptIdOf(request);
    const settle = (judgement: Judgement): void => {
      clearTimeout(deadline);
      evidence.record(attemptId, { type: "message", ...judgement });
    };
    let isTooLate = false;
    const judge = async (credential: Credential | undefined): Promise<Admission> => {
      // Its close frame is on the way: a token that comes now must not be spent.
      if (isTooLate) return { accepted: false, refusal: tooLate };
      clearTimeout(deadline);
      const { judgement, expiresInMs } = await this.#judge(credential);
      settle(judgement);
      const { user, refusal } = judgement;
      return user === null
        ? { accepted: false, refusal: refusal ?? "refused" }
        : { accepted: true, user, expiresInMs };
    };
    const refuse = (refusal: string): void => {
      settle({ ...nothingJudged, refusal });
      socket.close(closeCodes.policyViolation, refusal);
    };
    const connection: UnauthenticatedConnection = {
      socket,
      request,
      secretOf: (id) => tokens.secretOf(id),
      judge,
      refuse,
      admit: async (credential) => {
        const admission = await judge(credential);
        if (admission.accepted) connection.converse(admission.user);
        else socket.close(closeCodes.policyViolation, admission.refusal);
      },
      converse: (user, talk = plainTalk(socket)) => converse(talk, user),
    };
    const deadline = setTimeout(() => {
      refuse(tooLate);
      isTooLate = true;
    }, limits.firstMessageDeadlineMs);
    socket.once("close", () => clearTimeout(deadline));
    technique.negotiate(connection);
  }

  /**
   * Judges, and spends what may be used once. Where tokens are traded, the ones that were issued are
   * good for a trade and for nothing else, and what was traded for one is good for everything else.
   */
  async #judge(
    credential: Credential | undefined,
    wanted: "original" | "traded" | "any" = this.#trades ? "traded" : "any",
  ): Promise<Finding> {
    if (credential === undefined || ("token" in credential && credential.token === "")) {
      return refused({ ...nothingJudged, refusal: "no credential" });
    }
    const { tokens } = this.#surroundings;
    const { via } = this.technique;
    const presented = this.#nameOf(credential);
    const refuse = (refusal: string): Finding => refused({ presented, via, user: null, refusal });
    let secret: string | undefined;
    if ("id" in credential) {
      secret = tokens.secretOf(credential.id);
      if (secret === undefined) return refuse("unknown token");
      if (!credential.proven) {
        return refuse(tokens.hasRunOut(secret) ? "expired token" : "wrong proof");
      }
    } else secret = credential.token;
    if (isJsonWebToken(secret)) {
      const verification = await this.#surroundings.jsonWebTokens.verify(secret);
      const { accepted, serial } = verification;
      if (!accepted) {
        const { refusal } = verification;
        return refused({ presented: serial ?? "unrecognised", via, user: null, refusal });
      }
      const { user, expiresInMs } = verification;
      if ((credential.user ?? user) !== user) return refuse("token of another user");
      if (wanted === "traded") return refuse("token was not exchanged");
      return { judgement: { presented, via, user, refusal: null }, expiresInMs, secret };
    }
    const owner = tokens.ownerOf(secret);
    if (owner !== undefined) {
      if ((credential.user ?? owner) !== owner) return refuse("token of another user");
      const isTraded = tokens.isDerived(secret);
      if (wanted === "traded" && !isTraded) return refuse("token was not exchanged");
      // A session that could be traded for a new one would never end.
      if (wanted === "original" && isTraded) return refuse("not a token");
    }
    const redemption = tokens.redeem(secret);
    if (!redemption.accepted) return refuse(redemption.refusal);
    const { user } = redemption.token;
    const expiresInMs = tokens.remainingMs(redemption.token);
    return { judgement: { presented, via, user, refusal: null }, expiresInMs, secret };
  }

  async #exchange(
    request: IncomingMessage,
    credential: Credential | undefined,
    { lifetimeMs, singleUse }: Parameters<RouteContext["exchange"]>[2],
  ): Promise<Exchange> {
    const { tokens } = this.#surroundings;
    const refuse = (status: 401 | 403, judgement: Judgement, refusal: string): Exchange => {
      this.#exchanges.set(request, { ...judgement, refusal });
      return { accepted: false, status, refusal };
    };
    if (!this.#isAllowedOrigin(request)) return refuse(403, nothingJudged, "origin not allowed");
    const { judgement, secret } = await this.#judge(credential, "original");
    const { presented, user, refusal } = judgement;
    if (user === null || presented === null || presented === "unrecognised") {
      return refuse(401, { ...judgement, via: "exchange" }, refusal ?? "refused");
    }
    this.#exchanges.set(request, { ...nothingJudged, presented, via: "exchange" });
    const derived = tokens.derive({ serial: presented, user, secret }, lifetimeMs, singleUse);
    return { accepted: true, secret: derived.secret, id: tokens.idOf(derived) };
  }

  /** A request without `Origin` comes from a program: browsers always send it (RFC 6455, 4.1). */
  #isAllowedOrigin(request: IncomingMessage): boolean {
    const { headers, socket } = request;
    if (headers.origin === undefined) return true;
    const forwarded =
      this.#surroundings.behindProxy && /^https\b/u.test(String(headers["x-forwarded-proto"]));
    const secure = forwarded || socket instanceof TLSSocket;
    const { routeContext } = this.#surroundings;
    return this.technique.opener === "frame"
      ? headers.origin === `${secure ? "https" : "http"}://${headers.host}`
      : headers.origin === routeContext.page({ headers, secure }).origin;
  }

  #recordUpgrade(request: IncomingMessage, status: number, judgement: Judgement): void {
    this.#surroundings.evidence.record(attemptIdOf(request), {
      type: "request",
      method: request.method ?? "",
      upgrade: true,
      origin: originOf(request),
      status,
      ...judgement,
    });
  }

  #recordHttp(request: IncomingMessage, status: number): void {
    const url = requestUrl(request);
    const { technique } = this;
    const credential =
      url !== undefined && technique.stage === "handshake"
        ? technique.readCredential(credentialInput(url, request))
        : undefined;
    this.#surroundings.evidence.record(attemptIdOf(request), {
      type: "request",
      method: request.method ?? "",
      upgrade: false,
      origin: originOf(request),
      status,
      ...nothingJudged,
      ...(credential && { presented: this.#nameOf(credential), via: technique.via }),
      ...this.#exchanges.get(request),
    });
  }

  #nameOf(credential: Credential): Presented {
    const { tokens } = this.#surroundings;
    if ("id" in credential) return tokens.nameOfId(credential.id);
    const { token } = credential;
    return isJsonWebToken(token) ? (serialOf(token) ?? "unrecognised") : tokens.nameOf(token);
  }

  #beat(): void {
    const { pingIntervalMs, idleLimitMs } = this.#surroundings.limits;
    const now = performance.now();
    for (const connection of this.#server.clients) {
      const heard = this.#lastHeard.get(connection);
      if (heard === undefined) continue;
      if (now - heard.pongAt > 2 * pingIntervalMs) connection.terminate();
      else if (now - heard.messageAt > idleLimitMs) {
        connection.close(closeCodes.policyViolation, "idle for too long");
      } else connection.ping();
    }
  }
}

function credentialInput(url: URL, { headers, socket }: IncomingMessage): CredentialInput {
  if (!(socket instanceof TLSSocket)) return { url, headers };
  const commonName = socket.getPeerX509Certificate()?.toLegacyObject().subject.CN;
  if (typeof commonName !== "string") return { url, headers };
  return { url, headers, certificate: { commonName, authorized: socket.authorized } };
}

function refused(judgement: Judgement): Finding {
  return { judgement, expiresInMs: 0, secret: "" };
}

/** What a client made of the request's head, in bytes, as far as it is its choice. */
function headerBytes({ url = "", rawHeaders }: IncomingMessage): number {
  return rawHeaders.reduce((sum, part) => sum + part.length, url.length);
}

/** RFC 6455, 4.2.1, checked here so that a broken handshake is evidence too, not only an answer of ws. */
function isWellFormedHandshake({ method, headers }: IncomingMessage): boolean {
  return (
    method === "GET" &&
    headers.upgrade?.toLowerCase() === "websocket" &&
    /^[+/0-9A-Za-z]{22}==$/u.test(headers["sec-websocket-key"] ?? "") &&
    headers["sec-websocket-version"] === "13" &&
    isWellFormedProtocolList(headers["sec-websocket-protocol"])
  );
}

/** RFC 6455, 4.1: HTTP tokens, none of them twice. */
function isWellFormedProtocolList(header: string | undefined): boolean {
  if (header === undefined) return true;
  const names = header.split(",").map((name) => name.trim());
  return (
    new Set(names).size === names.length &&
    names.every((name) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u.test(name))
  );
}

/** Answers an upgrade with a status and one sentence, and closes the connection. */
export function refuseUpgrade(
  socket: Socket,
  status: number,
  reason: string,
  challenge?: string,
): void {
  const body = `${reason}\n`;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(challenge === undefined ? [] : [`WWW-Authenticate: ${challenge}`]),
  ];
  socket.once("finish", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}

function requestUrl(request: IncomingMessage): URL | undefined {
  const target = request.url ?? "";
  if (!target.startsWith("/")) return undefined;
  return URL.parse(`http://websocket-origin${target}`) ?? undefined;
}

/** Shortened, because it is kept: no origin that a browser sends is longer. */
function originOf({ headers }: IncomingMessage): string | null {
  return headers.origin?.slice(0, 300) ?? null;
}

function attemptIdOf(request: IncomingMessage): string | null {
  return requestUrl(request)?.searchParams.get("attempt") ?? null;
}
