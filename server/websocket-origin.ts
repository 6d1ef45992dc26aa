import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { TLSSocket } from "node:tls";
import express, { type Express, type Request } from "express";
import { WebSocketServer, type Server, type ServerOptions, type WebSocket } from "ws";
import type { Judgement, Presented } from "../model/observation.ts";
import type { AttemptPlan, Fault, Protection } from "../model/trial.ts";
import type {
  Admission,
  Credential,
  CredentialInput,
  Exchange,
  MessageTechnique,
  RouteContext,
  Talk,
  Technique,
  UnauthenticatedConnection,
} from "../techniques/technique.ts";
import { accessLogLine } from "./access-log.ts";
import { answerFailures } from "./answer-failures.ts";
import { attemptIdIn } from "./attempt-id.ts";
import type { OriginLimits } from "./config.ts";
import { ClientSocket, listenerOf, wholeNow } from "./client-socket.ts";
import { closeCodes, converse } from "./conversation.ts";
import { cookieAttributes } from "./cookie-attributes.ts";
import { nothingJudged, type EvidenceLog } from "./evidence.ts";
import { faultAnswer, isLogin } from "./faults.ts";
import { isJsonWebToken, serialOf, type JsonWebTokenVerifier } from "./json-web-tokens.ts";
import type { KnownHost } from "./known-host.ts";
import { handOver } from "./listen.ts";
import type { LeftBehindLog } from "./left-behind.ts";
import type { Recorder } from "./replay.ts";
import type { RawHead } from "./request-head.ts";
import { SessionWatch, type Session } from "./session-watch.ts";
import type { GreetedConnection } from "./stays.ts";
import type { Tokens } from "./tokens.ts";

/** What an origin shares with the rest of the lab. */
export interface OriginSurroundings {
  readonly tokens: Tokens;
  readonly jsonWebTokens: JsonWebTokenVerifier;
  readonly evidence: EvidenceLog;
  /** Gets what requests of searched attempts leave behind. */
  readonly leftBehind: Pick<LeftBehindLog, "add" | "addHandshakeAnswer">;
  /** What a request's attempt is about; undefined for one that belongs to no attempt of this technique on this host. */
  readonly planOf: (attemptId: string | null, host: string | undefined) => AttemptPlan | undefined;
  /** What is written down of a request's head; undefined: nothing, for it belongs to no attempt. */
  readonly headOf: (attemptId: string | null, request: RawHead) => readonly string[] | undefined;
  readonly knownHost: KnownHost;
  readonly limits: OriginLimits;
  readonly routeContext: Pick<RouteContext, "page" | "file">;
  /** As in LabConfig. */
  readonly behindProxy: boolean;
  readonly recorder: Pick<Recorder, "opened">;
  /** Told of every user who was greeted. */
  greeted(attemptId: string | null, connection: GreetedConnection): void;
  /** Told of every user who has logged out. */
  loggedOut(attemptId: string | null): void;
}

const tooLate = "no credential in time";
const pingsPerTurn = 50;
const maxOriginLength = 300;
const headerTooLarge = "request header too large";

/** A judgement, which is evidence, and what must not become any. */
interface Finding extends Session {
  readonly judgement: Judgement;
}

/** One technique's server: reads a credential as the technique does, authenticates, accepts or refuses. */
export class WebSocketOrigin {
  readonly technique: Technique;
  readonly #surroundings: OriginSurroundings;
  readonly #server: Server<typeof ClientSocket>;
  readonly #sessions: SessionWatch;
  readonly #listenTo: (connection: ClientSocket) => void;
  readonly #clients = new Set<ClientSocket>();
  readonly #heartbeat: NodeJS.Timeout;
  /** Whether the technique trades tokens: then nothing but what it gave for one is accepted. */
  #trades = false;
  /** What exchanges found, until their requests are recorded. */
  readonly #exchanges = new WeakMap<IncomingMessage, Judgement>();
  /** The attributes of cookies that scripts are to set, by the request whose answer has them do it. */
  readonly #announced = new WeakMap<IncomingMessage, readonly string[]>();

  constructor(technique: Technique, surroundings: OriginSurroundings) {
    this.technique = technique;
    this.#surroundings = surroundings;
    const options: ServerOptions<typeof ClientSocket> & { closeTimeout: number } = {
      noServer: true,
      WebSocket: ClientSocket,
      // It would take a listener of its own for every connection.
      clientTracking: false,
      // How long a client may take to answer a close frame; the default, 30 s, would let silent ones hold the cap.
      closeTimeout: 1_000,
      maxPayload: surroundings.limits.maxPayloadBytes,
      perMessageDeflate: false,
      // Without this, ws selects the first subprotocol that a client offers.
      handleProtocols: (offered, request) =>
        this.#faultOf(request) === "no-subprotocol"
          ? false
          : (technique.selectSubprotocol?.(offered) ?? false),
    };
    this.#server = new WebSocketServer(options);
    this.#server.on("headers", (lines, request) => this.#leaveAnswer(request, lines));
    this.#sessions = new SessionWatch(surroundings.tokens);
    this.#listenTo = listenerOf({
      maxBufferedBytes: surroundings.limits.maxPayloadBytes,
      closed: (connection, code, reason) => this.#closed(connection, code, reason),
    });
    this.#heartbeat = setInterval(() => void this.#beat(), surroundings.limits.pingIntervalMs);
    this.#heartbeat.unref();
  }

  /** Whether the technique trades tokens for something else, which is what it accepts then. */
  get trades(): boolean {
    return this.#trades;
  }

  /** Answers plain HTTP: the technique's own pages and routes, and 426 for everything else. */
  http(): Express {
    const { routeContext, behindProxy } = this.#surroundings;
    const app = express().disable("x-powered-by").enable("case sensitive routing");
    if (behindProxy) app.set("trust proxy", "loopback");
    app.use((request, response, next) => {
      response.set("X-Content-Type-Options", "nosniff");
      response.on("finish", () => {
        this.#recordHttp(request, response);
        const { statusCode, req } = response;
        const bodyBytes = Number(response.getHeader("Content-Length") ?? 0);
        this.#leave(
          request,
          statusCode,
          req.method === "HEAD" ? 0 : bodyBytes,
          request.originalUrl,
        );
      });
      if (this.#surroundings.knownHost(request.headers.host) === undefined) {
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
      revoke: (request, credential) => this.#revoke(request, credential),
      announceCookie: (request, attributes) => {
        this.#announced.set(request, [...(this.#announced.get(request) ?? []), attributes]);
      },
    });
    app.use((request, response, next) => {
      const url = requestUrl(request);
      if (url === undefined || !isLogin(url) || this.#faultOf(request) !== "redirect")
        return next();
      return response.type("text/plain").send("log in here\n");
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
    const answer = (
      status: number,
      judgement: Judgement,
      reason: string,
      headers: Readonly<Record<string, string>>,
    ): void => {
      this.#recordUpgrade(request, status, judgement);
      this.#leaveAnswer(request, [refuseUpgrade(socket, status, reason, headers)]);
      this.#leave(request, status, bodyOf(reason).length);
    };
    const refuse = (status: number, judgement: Judgement, reason: string): void => {
      const { challenge } = this.technique;
      const isChallenged = status === 401 && challenge !== undefined;
      answer(status, judgement, reason, isChallenged ? { "WWW-Authenticate": challenge } : {});
    };
    if (request.url?.startsWith("/") !== true) {
      return refuse(400, nothingJudged, "malformed request target");
    }
    if (this.#surroundings.knownHost(request.headers.host) === undefined) {
      return refuse(403, nothingJudged, "unknown host");
    }
    if (headerBytes(request) > limits.maxHeaderBytes) {
      return refuse(431, nothingJudged, headerTooLarge);
    }
    if (this.#clients.size >= limits.maxConnections) {
      return refuse(503, nothingJudged, "too many connections");
    }
    // Checked before a credential is judged, so that a broken handshake spends no single-use token.
    if (!isWellFormedHandshake(request)) {
      return refuse(400, nothingJudged, "malformed WebSocket handshake");
    }
    const fault = this.#faultOf(request);
    if (fault !== undefined) {
      const faulty = faultAnswer(fault, urlOf(request));
      if (faulty.type === "opening") {
        return this.#open(request, socket, head, nothingJudged, faulty.talk);
      }
      return answer(faulty.status, nothingJudged, faulty.reason, faulty.headers);
    }
    const checksOrigin =
      this.technique.checksOrigin === true && !this.#isWithout("origin-check", request);
    if (checksOrigin && !this.#isAllowedOrigin(request)) {
      const judgement = { ...nothingJudged, refusal: "origin not allowed" };
      return refuse(403, judgement, judgement.refusal);
    }
    const { technique } = this;
    if (technique.stage === "first-message") {
      return this.#open(request, socket, head, nothingJudged, (connection) =>
        this.#negotiate(technique, connection, request),
      );
    }
    const goOn = (finding: Finding): void => {
      const { judgement } = finding;
      const { user } = judgement;
      if (user === null) return refuse(401, judgement, judgement.refusal ?? "refused");
      return this.#open(request, socket, head, judgement, (connection) => {
        this.#watch(connection, request, finding);
        this.#greet(user, connection, connection, request);
      });
    };
    const found = this.#judge(technique.readCredential(credentialInput(request)));
    if (!(found instanceof Promise)) return goOn(found);
    return void found.then(goOn).catch((error: unknown) => {
      // A failure of ours ends this connection, and not the process.
      console.error(error);
      socket.destroy();
    });
  }

  /** Ends every connection and the heartbeat. */
  [Symbol.dispose](): void {
    clearInterval(this.#heartbeat);
    for (const connection of this.#clients) {
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
    talk: (connection: ClientSocket) => void,
  ): void {
    // To ws, which listens to it at once.
    handOver(socket);
    // The answer to the handshake and the first message, if it is said at once, go out together: to send
    // costs more than all that is found out about a credential.
    socket.cork();
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      this.#clients.add(connection);
      const attemptId = attemptIdOf(request);
      this.#recordUpgrade(request, 101, judgement);
      this.#leave(request, 101, 0);
      connection.attemptId = attemptId;
      connection.settled = this.#surroundings.evidence.connectionOpened(attemptId);
      this.#listenTo(connection);
      this.#surroundings.recorder.opened(attemptId, request, connection);
      talk(connection);
    });
    socket.uncork();
  }

  #closed(connection: ClientSocket, code: number, reason: Buffer): void {
    this.#clients.delete(connection);
    const { attemptId, session, settled } = connection;
    if (session !== undefined) this.#sessions.stop(session);
    const sighting = { type: "close", code, reason: reason.toString() } as const;
    this.#surroundings.evidence.record(attemptId, sighting);
    settled?.();
  }

  /** Has the technique find out who this is, and sees to it that this takes no longer than it may. */
  #negotiate(technique: MessageTechnique, socket: ClientSocket, request: IncomingMessage): void {
    const { limits, evidence, tokens } = this.#surroundings;
    const attemptId = attemptIdOf(request);
    const settle = (judgement: Judgement): void => {
      clearTimeout(deadline);
      evidence.record(attemptId, { ...judgement, type: "message" });
    };
    let isTooLate = false;
    // At once where it can be, as in #judge.
    const judge = (credential: Credential | undefined): Admission | Promise<Admission> => {
      // Its close frame is on the way: a token that comes now must not be spent.
      if (isTooLate) return { accepted: false, refusal: tooLate };
      clearTimeout(deadline);
      const found = this.#judge(credential);
      return found instanceof Promise ? found.then(admissionFor) : admissionFor(found);
    };
    const admissionFor = (finding: Finding): Admission => {
      const { user, refusal } = finding.judgement;
      settle(finding.judgement);
      if (user === null) return { accepted: false, refusal: refusal ?? "refused" };
      this.#watch(socket, request, finding);
      return { accepted: true, user };
    };
    const refuse = (refusal: string): void => {
      settle({ ...nothingJudged, refusal });
      socket.close(closeCodes.policyViolation, refusal);
    };
    const connection: UnauthenticatedConnection = {
      socket,
      request,
      secretOf: (id) => tokens.secretOf(id),
      judge: async (credential) => judge(credential),
      refuse,
      admit: async (credential) => {
        const judged = judge(credential);
        const admission = judged instanceof Promise ? await judged : judged;
        if (admission.accepted) connection.converse(admission.user);
        else socket.close(closeCodes.policyViolation, admission.refusal);
      },
      converse: (user, talk = socket) => {
        socket.talk = talk;
        this.#greet(user, talk, socket, request);
      },
    };
    const deadline = setTimeout(() => {
      refuse(tooLate);
      isTooLate = true;
    }, limits.firstMessageDeadlineMs);
    socket.once("close", () => clearTimeout(deadline));
    technique.negotiate(connection);
  }

  #greet(user: string, talk: Talk, connection: WebSocket, request: IncomingMessage): void {
    converse(talk, user);
    const attemptId = attemptIdOf(request);
    if (attemptId === null) return;
    this.#surroundings.greeted(attemptId, {
      close: (code, reason) => talk.close(code, reason),
      whenHeard: () => whenHeard(connection),
      closed: new Promise((resolve) => connection.once("close", () => resolve())),
    });
  }

  /**
   * Lets a connection live no longer than the session that it is handed last: the answer to a credential
   * is good for as long as the credential is.
   */
  #watch(connection: ClientSocket, request: IncomingMessage, session: Session): void {
    if (this.#isWithout("session-watch", request)) return;
    if (connection.session !== undefined) this.#sessions.stop(connection.session);
    // It may have closed while a token was judged.
    if (connection.readyState !== connection.OPEN) return;
    connection.session = this.#sessions.begin(session, connection);
  }

  #faultOf(request: IncomingMessage): Fault | undefined {
    return this.#planOf(request)?.fault;
  }

  #isWithout(protection: Protection, request: IncomingMessage): boolean {
    return this.#planOf(request)?.without === protection;
  }

  #planOf(request: IncomingMessage): AttemptPlan | undefined {
    const attemptId = attemptIdOf(request);
    if (attemptId === null) return undefined;
    return this.#surroundings.planOf(attemptId, this.#surroundings.knownHost(request.headers.host));
  }

  /**
   * Judges, and spends what may be used once. Where tokens are traded, the ones that were issued are
   * good for a trade and for nothing else, and what was traded for one is good for everything else. Only a
   * signature takes time: a promise for every token would be a part of what a connection costs.
   */
  #judge(
    credential: Credential | undefined,
    wanted: "original" | "traded" | "any" = this.#trades ? "traded" : "any",
  ): Finding | Promise<Finding> {
    if (credential === undefined || ("token" in credential && credential.token === "")) {
      return refused({ ...nothingJudged, refusal: "no credential" });
    }
    const { tokens } = this.#surroundings;
    const { via } = this.technique;
    const secret = "id" in credential ? tokens.secretOf(credential.id) : credential.token;
    const held = secret === undefined ? undefined : tokens.held(secret);
    const presented = held?.serial ?? this.#nameOf(credential);
    const refuse = (refusal: string): Finding => refused({ presented, via, user: null, refusal });
    if (secret === undefined) return refuse("unknown token");
    if ("id" in credential && !credential.proven) {
      return refuse(tokens.hasRunOut(secret) ? "expired token" : "wrong proof");
    }
    if (held === undefined) {
      if (!isJsonWebToken(secret)) return refuse("unknown token");
      return this.#judgeJsonWebToken({ ...credential, token: secret }, presented, wanted);
    }
    const owner = held.user;
    if ((credential.user ?? owner) !== owner) return refuse("token of another user");
    if (wanted === "traded" && !held.isDerived) return refuse("token was not exchanged");
    // A session that could be traded for a new one would never end.
    if (wanted === "original" && held.isDerived) return refuse("not a token");
    const redemption = tokens.redeemHeld(held);
    if (!redemption.accepted) return refuse(redemption.refusal);
    const { user } = redemption.token;
    const stayMs = tokens.stayMsOf(held);
    return { judgement: { presented, via, user, refusal: null }, stayMs, secret, held };
  }

  async #judgeJsonWebToken(
    { token: secret, user: named }: { readonly token: string; readonly user?: string },
    presented: Presented,
    wanted: "original" | "traded" | "any",
  ): Promise<Finding> {
    const { via } = this.technique;
    const verification = await this.#surroundings.jsonWebTokens.verify(secret);
    const { accepted, serial } = verification;
    if (!accepted) {
      const { refusal } = verification;
      return refused({ presented: serial ?? "unrecognised", via, user: null, refusal });
    }
    const { user, expiresInMs: stayMs } = verification;
    const refuse = (refusal: string): Finding => refused({ presented, via, user: null, refusal });
    if ((named ?? user) !== user) return refuse("token of another user");
    if (wanted === "traded") return refuse("token was not exchanged");
    return { judgement: { presented, via, user, refusal: null }, stayMs, secret };
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
    // A proxy's question about a handshake is part of that handshake.
    const isLeftOut =
      this.technique.proxied !== undefined && this.#isWithout("origin-check", request);
    if (!isLeftOut && !this.#isAllowedOrigin(request)) {
      return refuse(403, nothingJudged, "origin not allowed");
    }
    const { judgement, secret, stayMs } = await this.#judge(credential, "original");
    const { presented, user, refusal } = judgement;
    if (user === null || presented === null || presented === "unrecognised") {
      return refuse(401, { ...judgement, via: "exchange" }, refusal ?? "refused");
    }
    this.#exchanges.set(request, { ...nothingJudged, presented, via: "exchange" });
    const traded = { serial: presented, user, secret };
    // Nothing outlives what it was traded for.
    const derived = tokens.derive(traded, Math.min(lifetimeMs, stayMs), singleUse, stayMs);
    return { accepted: true, secret: derived.secret, id: tokens.idOf(derived) };
  }

  #revoke(
    request: IncomingMessage,
    credential: Credential | undefined,
  ): ReturnType<RouteContext["revoke"]> {
    const attemptId = attemptIdOf(request);
    if (!this.#isAllowedOrigin(request)) return { status: 403, refusal: "origin not allowed" };
    const secret = credential !== undefined && "token" in credential ? credential.token : "";
    const { tokens } = this.#surroundings;
    const presented = tokens.nameOf(secret);
    if (presented === "unrecognised" || !tokens.revokeWithOrigin(secret)) {
      return { status: 401, refusal: "no session" };
    }
    this.#exchanges.set(request, { ...nothingJudged, presented, via: "log-out" });
    this.#surroundings.loggedOut(attemptId);
    return { status: 204, refusal: null };
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
      ...judgement,
      type: "request",
      method: request.method ?? "",
      upgrade: true,
      origin: originOf(request),
      status,
      ...this.#headOf(request, request.url),
    });
  }

  #headOf(
    request: IncomingMessage,
    target: string | undefined,
  ): { readonly head?: readonly string[] } {
    const attemptId = attemptIdOf(request);
    if (attemptId === null) return {};
    const { method, httpVersion, rawHeaders } = request;
    const head = this.#surroundings.headOf(attemptId, {
      method: method ?? "",
      target: target ?? "",
      httpVersion,
      rawHeaders,
    });
    return head === undefined ? {} : { head };
  }

  #recordHttp(request: Request, response: ServerResponse): void {
    const url = requestUrl(request);
    const headers = [response.getHeader("Set-Cookie") ?? []].flat().map(String);
    const sets = [...headers.map(cookieAttributes), ...(this.#announced.get(request) ?? [])];
    const { technique } = this;
    const credential =
      url !== undefined && technique.stage === "handshake"
        ? technique.readCredential(credentialInput(request))
        : undefined;
    this.#surroundings.evidence.record(attemptIdOf(request), {
      type: "request",
      method: request.method ?? "",
      upgrade: false,
      origin: originOf(request),
      status: response.statusCode,
      ...nothingJudged,
      ...(credential && { presented: this.#nameOf(credential), via: technique.via }),
      ...this.#exchanges.get(request),
      ...(sets.length > 0 && { sets }),
      ...this.#headOf(request, request.originalUrl),
    });
  }

  /** Logs a request of a searched attempt. */
  #leave(request: IncomingMessage, status: number, bodyBytes: number, url = request.url): void {
    const attemptId = attemptIdOf(request);
    if (attemptId === null || this.#planOf(request)?.searched !== true) return;
    const { method = "", httpVersion, headers, socket } = request;
    const logged = { method, url: url ?? "", httpVersion, headers, socket };
    const auth = this.technique.proxied?.auth;
    // A proxy logs what it was asked, and not what it asks itself.
    const counts = auth === undefined || requestUrl(request)?.pathname === `/${auth}`;
    this.#surroundings.leftBehind.add(attemptId, {
      accessLogLine: accessLogLine({ request: logged, status, bodyBytes, at: new Date() }),
      referer: headers.referer,
      isProxied: counts && headers["x-forwarded-for"] !== undefined,
    });
  }

  #leaveAnswer(request: IncomingMessage, lines: readonly string[]): void {
    const attemptId = attemptIdOf(request);
    if (attemptId === null || this.#planOf(request)?.searched !== true) return;
    this.#surroundings.leftBehind.addHandshakeAnswer(attemptId, lines.join("\r\n"));
  }

  #nameOf(credential: Credential): Presented {
    const { tokens } = this.#surroundings;
    if ("id" in credential) return tokens.nameOfId(credential.id);
    const { token } = credential;
    return isJsonWebToken(token) ? (serialOf(token) ?? "unrecognised") : tokens.nameOf(token);
  }

  /** Pings everybody, some in each turn of the event loop: ten thousand at once would be a pause for all others. */
  async #beat(): Promise<void> {
    const { pingIntervalMs, idleLimitMs } = this.#surroundings.limits;
    const now = wholeNow();
    let count = 0;
    for (const connection of this.#clients) {
      if (now - connection.pongAt > 2 * pingIntervalMs) connection.terminate();
      else if (now - connection.messageAt > idleLimitMs) {
        connection.close(closeCodes.policyViolation, "idle for too long");
      } else connection.ping();
      count += 1;
      // oxlint-disable-next-line no-await-in-loop -- the point of it
      if (count % pingsPerTurn === 0) await nextTurn();
    }
  }
}

/** Of a request whose target is a path. Most techniques do not look at the URL: it is parsed for those that do. */
class RequestInput implements CredentialInput {
  readonly headers: IncomingMessage["headers"];
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
    this.headers = request.headers;
  }

  get url(): URL {
    return urlOf(this.#request);
  }
}

function credentialInput(request: IncomingMessage): CredentialInput {
  const { headers, socket } = request;
  if (!(socket instanceof TLSSocket)) return new RequestInput(request);
  const url = urlOf(request);
  const commonName = socket.getPeerX509Certificate()?.toLegacyObject().subject.CN;
  if (typeof commonName !== "string") return { url, headers };
  return { url, headers, certificate: { commonName, authorized: socket.authorized } };
}

/** Resolves when the client has got all that was said to it, for it has answered a ping since, or is gone. */
async function whenHeard(connection: WebSocket): Promise<void> {
  // Libraries may say it a little later.
  await nextTurn();
  if (connection.readyState !== connection.OPEN) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  connection.once("pong", () => resolve()).once("close", () => resolve());
  connection.ping();
  await promise;
}

function refused(judgement: Judgement): Finding {
  return { judgement, stayMs: 0, secret: "" };
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

/** Answers an upgrade with a status and one sentence, and closes the connection. Returns the answer's head. */
export function refuseUpgrade(
  socket: Socket,
  status: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const body = bodyOf(reason);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Connection: close",
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${body.length}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const text = head.join("\r\n");
  socket.once("finish", () => socket.destroy());
  socket.end(Buffer.concat([Buffer.from(`${text}\r\n\r\n`), body]));
  return text;
}

function bodyOf(reason: string): Buffer {
  return Buffer.from(`${reason}\n`);
}

function requestUrl(request: IncomingMessage): URL | undefined {
  return request.url?.startsWith("/") === true ? urlOf(request) : undefined;
}

/** Of a request whose target is a path: there is none that a URL could not have. */
function urlOf({ url = "/" }: IncomingMessage): URL {
  return new URL(`http://websocket-origin${url}`);
}

/** Shortened, because it is kept: no origin that a browser sends is longer. */
function originOf({ headers: { origin } }: IncomingMessage): string | null {
  if (origin === undefined || origin.length <= maxOriginLength) return origin ?? null;
  // A copy: V8 keeps all of a text, which may have 100 KB here, for the sake of a slice of it.
  return Buffer.from(origin.slice(0, maxOriginLength)).toString();
}

function attemptIdOf({ url = "" }: IncomingMessage): string | null {
  return url.startsWith("/") ? attemptIdIn(url) : null;
}
