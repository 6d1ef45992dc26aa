import { folderOf } from "../techniques/folder.ts";
import type { Serial } from "../model/observation.ts";
import type { AttemptPlan } from "../model/trial.ts";
import type { Technique } from "../techniques/technique.ts";
import { hostsForOthers, isLoopbackOnly } from "./addresses.ts";
import { createApp, type Laboratory } from "./app.ts";
import { Attempts, type Installed, type PagePlace } from "./attempts.ts";
import { browserFile } from "./browser-file.ts";
import {
  createClientAuthority,
  type ClientAuthority,
  type ClientCertificate,
} from "./client-certificates.ts";
import { holdClosedPort } from "./closed-port.ts";
import { secureOffset, type LabConfig } from "./config.ts";
import { forgetDeadTokens } from "./dead-tokens.ts";
import { EvidenceLog } from "./evidence.ts";
import { Guests } from "./guests.ts";
import {
  neighbourHost,
  pageIsSecure,
  pageOfSocket,
  socketHost,
  socketIsSecure,
} from "./host-names.ts";
import { joinInfo } from "./join-info.ts";
import { createJsonWebTokens } from "./json-web-tokens.ts";
import { createKnownHost } from "./known-host.ts";
import { LeftBehindLog } from "./left-behind.ts";
import { listen, type Handlers, type PortLimits } from "./listen.ts";
import { ProgramAttempts } from "./program-attempts.ts";
import { Recorder } from "./replay.ts";
import type { Searchable } from "./searches.ts";
import type { Site } from "./site.ts";
import { Stays } from "./stays.ts";
import { Tokens } from "./tokens.ts";
import { Visits } from "./visits.ts";
import { Walks } from "./walks.ts";
import { refuseUpgrade, WebSocketOrigin } from "./websocket-origin.ts";

/** What a lab is made of. */
export interface LabParts {
  readonly config: LabConfig;
  readonly techniques: readonly Technique[];
  /** The folder that holds a folder for each technique. */
  readonly techniquesDirectory: URL;
  readonly laboratory: Laboratory;
  /** The pages that people browse to, which end with the lab. Absent: there are none. */
  readonly site?: Site;
  /** Told of every secret that is made, for who wants to recognise them later. Absent: nobody is. */
  readonly onSecret?: (secret: string, serial: Serial) => void;
}

/** The ports of one server: plain, and over TLS. `wss` is null without TLS. */
export interface Ports {
  readonly ws: number;
  readonly wss: number | null;
}

/** The name of the app's own server among the ports. */
export const appName = "app";

/** The name of the app's second server, for pages of somebody else on the same host. */
export const otherPortName = "other-port";

/** A reverse proxy in front of servers of a lab. */
export interface LentProxy {
  /** Where it listens for each server, by name. */
  readonly ports: ReadonlyMap<string, Ports>;
  /** The lines of its access log that hold `text`, once there are `count` of them, or when `patienceMs` have passed. */
  linesWith(text: string, count: number, patienceMs: number): Promise<readonly string[]>;
}

/** A running lab. Disposing of it closes every port and every connection. */
export interface Lab extends AsyncDisposable {
  /** The page to open: `http://localhost:8000/`. */
  readonly url: URL;
  /** The same page over TLS; null without. */
  readonly secureUrl: URL | null;
  /** Where the app and each technique listen, by name. */
  readonly ports: ReadonlyMap<string, Ports>;
  /** Has every address that is handed out lead to these ports, which a reverse proxy listens on, instead. */
  announce(ports: ReadonlyMap<string, Ports>): void;
  /** Has the addresses of searched attempts lead through a reverse proxy whose log can be read, or says why there is none. */
  lendProxy(proxy: LentProxy | { readonly absent: string }): void;
  readonly tokens: Tokens;
  readonly evidence: EvidenceLog;
  readonly walks: Walks;
  readonly visits: Visits;
  /** The page to open on other devices of the network, by each address of this machine; empty: the lab is for this machine. */
  addressesForOthers(): readonly URL[];
  /**
   * Makes what a browser, or a program, is given before it starts: a certificate for a token, as the
   * plan asks for it. Without `lifetimeMs` it is good for an hour, also where its token has run out:
   * the lab has to refuse it, whatever the client thinks of it.
   */
  certify(
    plan: Pick<AttemptPlan, "present" | "user">,
    lifetimeMs?: number,
  ): Promise<InstalledCertificate>;
}

/** A token's certificate, which another authority of the same name made for a forged one; null: none. */
export interface InstalledCertificate extends Installed {
  readonly certificate: ClientCertificate | null;
}

/** A session's certificate outlives all of its trials. */
const certificateLifetimeMs = 3_600_000;

/** Starts the app and one origin a technique, with their secure twins, all or nothing. Rejects with a ConfigError. */
export async function startLab(parts: LabParts): Promise<Lab> {
  const { config, techniques, techniquesDirectory, laboratory, onSecret } = parts;
  await using started = new AsyncDisposableStack();
  if (parts.site !== undefined) started.use(parts.site);
  const tokens = new Tokens({ ...config.tokens, ...(onSecret !== undefined && { onSecret }) });
  started.use(forgetDeadTokens(tokens));
  const evidence = new EvidenceLog();
  const jsonWebTokens = await createJsonWebTokens();
  let clientAuthority: Promise<ClientAuthority> | undefined;
  const openClientAuthority = (): Promise<ClientAuthority> =>
    (clientAuthority ??= createClientAuthority());
  const ports = new Map<string, Ports>();
  // A lab that nobody else reaches asks no DNS, and need not believe it.
  const names = isLoopbackOnly(config.hosts) ? null : config.names;
  const knownHost = createKnownHost(names);

  const { sockets } = config;
  const limits: PortLimits = {
    sockets,
    maxSockets: config.origin.maxConnections + sockets.spare,
    guests: new Guests(sockets.maxPerDevice),
  };

  /** Listens on the port with this index in the block, and on its twin. */
  const listenTwice = async (index: number, name: string, handlers: Handlers): Promise<void> => {
    const open = async (port: number, twin: Handlers): Promise<number> => {
      const chosen = config.port === 0 ? 0 : port + index;
      return started.use(await listen(twin, config.hosts, chosen, name, limits)).port;
    };
    const ws = await open(config.port, handlers);
    const { certificates } = config;
    const wss =
      certificates === null
        ? null
        : await open(config.port + secureOffset, { ...handlers, certificates });
    ports.set(name, { ws, wss });
  };

  let announced: ReadonlyMap<string, Ports> = ports;
  let lent: LentProxy | { readonly absent: string } = {
    absent: "no reverse proxy is in front of the servers",
  };
  const endpoint = (
    technique: string,
    { hostname, scheme, placement }: PagePlace,
    isSearched = false,
  ): URL => {
    const [name, path] =
      placement === "same-origin" ? [appName, sharedPath(technique)] : [technique, "/"];
    const secure = socketIsSecure(scheme);
    const host = socketHost(hostname, placement);
    // The page's own origin has to stay that.
    const proxied = isSearched && name !== appName && "ports" in lent ? lent.ports : announced;
    const port = portOf(proxied.has(name) ? proxied : announced, name, secure);
    return new URL(`${secure ? "wss" : "ws"}://${host}:${port}${path}`);
  };
  const pageOrigin = (hostname: string, secure: boolean, server = appName): string =>
    new URL(`${secure ? "https" : "http"}://${hostname}:${portOf(announced, server, secure)}`)
      .origin;
  const home = (technique: string, { hostname, scheme }: PagePlace): URL =>
    new URL(sharedPath(technique), pageOrigin(hostname, pageIsSecure(scheme)));
  const stays = new Stays(tokens);
  const leftBehind = new LeftBehindLog();
  const recorder = new Recorder();
  let closed: ReturnType<typeof holdClosedPort> | undefined;
  const attempts = new Attempts({
    // Few labs need one.
    closedPort: async () => (await (closed ??= holdClosedPort(config.hosts))).port,
    tokens,
    stays,
    jsonWebTokens: jsonWebTokens.issuer,
    evidence,
    leftBehind,
    proxyLog: (attemptId, { port }, count) => readProxyLog(lent, attemptId, port, count),
    endpoint,
    home,
    cookie: (id) => {
      const origin = origins.find(({ technique }) => technique.id === id);
      const name = origin?.technique.cookie;
      if (name === undefined) return undefined;
      // A proxy trades what is in the cookie for what it passes on.
      return { name, isTraded: origin?.trades === true && origin.technique.proxied === undefined };
    },
  });
  const walks = new Walks({
    attempts,
    programs: new ProgramAttempts({ attempts, stays, recorder }),
    pageOrigin: ({ hostname, scheme, placement }, neighbour = "own") =>
      pageOrigin(
        neighbourHost(hostname, placement, neighbour),
        pageIsSecure(scheme),
        neighbour === "other-port" ? otherPortName : appName,
      ),
  });
  const visits = new Visits({ walks, laboratory, techniques, names });
  const addressesForOthers = (): readonly URL[] =>
    hostsForOthers(config.hosts).map((host) => new URL(pageOrigin(host, false)));
  const origins = techniques.map((technique) => {
    const directory = folderOf(technique, techniquesDirectory);
    return new WebSocketOrigin(technique, {
      tokens,
      jsonWebTokens: jsonWebTokens.verifier,
      evidence,
      leftBehind,
      knownHost,
      planOf: (attemptId, host) => attempts.planOf(attemptId, technique.id, host),
      headOf: (attemptId, request) => attempts.headOf(attemptId, request),
      recorder,
      greeted: (attemptId, connection) => stays.greeted(attemptId, connection),
      loggedOut: (attemptId) => stays.loggedOut(attemptId),
      limits: config.origin,
      behindProxy: config.behindProxy || technique.proxied !== undefined,
      routeContext: {
        page: ({ headers, secure }) => {
          const { hostname, sameSite } = pageOfSocket(knownHost(headers.host) ?? "localhost");
          // A header of a client's can say https where there is none.
          const isSecure = secure && config.certificates !== null;
          return { origin: pageOrigin(hostname, isSecure), sameSite };
        },
        file: (name) => browserFile(new URL(name, directory)),
      },
    });
  });
  const shared = new Map(origins.map((origin) => [sharedPath(origin.technique.id), origin]));
  const app = createApp({
    techniques,
    techniquesDirectory,
    attempts,
    walks,
    visits,
    knownHost,
    joinInfo: () => joinInfo(addressesForOthers(), names),
    endpoint,
    hasTls: config.certificates !== null,
    behindProxy: config.behindProxy,
    origins: shared,
    attemptDeadlineMs: config.attemptDeadlineMs,
    liveTokenLifetimeMs: config.liveTokenLifetimeMs,
    laboratory,
    site: parts.site ?? null,
  });
  const appHandlers: Handlers = {
    request: app,
    upgrade: (request, socket, head) => {
      const path = /^\/websockets\/[^/?]*\//u.exec(request.url ?? "")?.[0] ?? "";
      const origin = shared.get(path);
      if (origin === undefined) refuseUpgrade(socket, 404, "no WebSocket server is at this path");
      else origin.upgrade(request, socket, head);
    },
  };
  await listenTwice(0, appName, appHandlers);
  for (const [index, origin] of origins.entries()) {
    await listenTwice(1 + index, origin.technique.id, {
      request: origin.http(),
      upgrade: (request, socket, head) => origin.upgrade(request, socket, head),
      ...(origin.technique.asksForCertificate === true && {
        clientAuthority: (await openClientAuthority()).certificate,
      }),
    });
  }
  await listenTwice(1 + origins.length, otherPortName, appHandlers);
  started.defer(async () => (await closed?.catch(() => undefined))?.[Symbol.asyncDispose]());
  // Disposed of first: ports would wait for the connections to end.
  for (const origin of origins) started.use(origin);

  const host = hostToOpen(config.hosts);
  const running = started.move();
  return {
    url: new URL(pageOrigin(host, false)),
    secureUrl: config.certificates === null ? null : new URL(pageOrigin(host, true)),
    ports,
    announce(others) {
      announced = others;
    },
    lendProxy(proxy) {
      lent = proxy;
    },
    tokens,
    evidence,
    walks,
    visits,
    addressesForOthers,
    async certify({ present, user }, lifetimeMs = certificateLifetimeMs) {
      const plan = { present, user, singleUse: false };
      const token = await attempts.issue(plan, certificateLifetimeMs);
      if (token === null) return { serial: null, certificate: null };
      // It may be shown long after its token has run out, and is refused for that.
      tokens.remember(token.token, certificateLifetimeMs);
      const authority = await (present === "forged"
        ? createClientAuthority()
        : openClientAuthority());
      const certificate = await authority.issue({
        commonName: tokens.idOf({ secret: token.token }),
        lifetimeMs,
      });
      return { serial: token.serial, certificate };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const proxyPatienceMs = 1_000;

/** What a proxy logged of an attempt whose socket had this port, once it has logged what it passed on. */
async function readProxyLog(
  lent: LentProxy | { readonly absent: string },
  attemptId: string,
  port: string,
  count: number,
): Promise<Searchable> {
  if ("absent" in lent) return { unsearched: lent.absent };
  const ofProxy = [...lent.ports.values()].flatMap(({ ws, wss }) => [ws, wss]);
  if (!ofProxy.includes(Number(port))) {
    return { unsearched: "no reverse proxy is in front of this server" };
  }
  if (count === 0) return { unsearched: "no request came through the reverse proxy" };
  const lines = await lent.linesWith(attemptId, count, proxyPatienceMs);
  if (lines.length < count) {
    const seconds = proxyPatienceMs / 1_000;
    const reason = `the reverse proxy logged ${lines.length} of ${count} requests within ${seconds} s`;
    return { texts: lines, otherwise: reason };
  }
  return { texts: lines };
}

/** Where a technique's server is on the app's own port. */
function sharedPath(technique: string): string {
  return `/websockets/${technique}/`;
}

function portOf(ports: ReadonlyMap<string, Ports>, name: string, secure: boolean): number {
  const port = ports.get(name)?.[secure ? "wss" : "ws"];
  if (port === undefined || port === null) {
    throw new Error(`${name} does not listen ${secure ? "over TLS" : "without TLS"}`);
  }
  return port;
}

/** `localhost` where that is listened to, for the walk needs names under it; else the address itself. */
function hostToOpen([host = "localhost"]: readonly string[]): string {
  if (["127.0.0.1", "::1", "0.0.0.0", "::"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
