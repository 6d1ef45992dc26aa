import { folderOf } from "../techniques/folder.ts";
import type { AttemptPlan } from "../model/trial.ts";
import type { Technique } from "../techniques/technique.ts";
import { createApp, type Laboratory } from "./app.ts";
import { Attempts, type Installed, type PagePlace } from "./attempts.ts";
import { browserFile } from "./browser-file.ts";
import {
  createClientAuthority,
  type ClientAuthority,
  type ClientCertificate,
} from "./client-certificates.ts";
import { secureOffset, type LabConfig } from "./config.ts";
import { EvidenceLog } from "./evidence.ts";
import { pageIsSecure, pageOfSocket, socketHost, socketIsSecure } from "./host-names.ts";
import { createJsonWebTokens } from "./json-web-tokens.ts";
import { knownHost } from "./known-host.ts";
import { listen, type Handlers } from "./listen.ts";
import { Tokens } from "./tokens.ts";
import { Walks } from "./walks.ts";
import { refuseUpgrade, WebSocketOrigin } from "./websocket-origin.ts";

/** What a lab is made of. */
export interface LabParts {
  readonly config: LabConfig;
  readonly techniques: readonly Technique[];
  /** The folder that holds a folder for each technique. */
  readonly techniquesDirectory: URL;
  readonly laboratory: Laboratory;
}

/** The ports of one server: plain, and over TLS. `wss` is null without TLS. */
export interface Ports {
  readonly ws: number;
  readonly wss: number | null;
}

/** The name of the app's own server among the ports. */
export const appName = "app";

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
  readonly tokens: Tokens;
  readonly evidence: EvidenceLog;
  readonly walks: Walks;
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
  const { config, techniques, techniquesDirectory, laboratory } = parts;
  await using started = new AsyncDisposableStack();
  const tokens = new Tokens();
  const evidence = new EvidenceLog();
  const jsonWebTokens = await createJsonWebTokens();
  let clientAuthority: Promise<ClientAuthority> | undefined;
  const openClientAuthority = (): Promise<ClientAuthority> =>
    (clientAuthority ??= createClientAuthority());
  const ports = new Map<string, Ports>();

  /** Listens on the port with this index in the block, and on its twin. */
  const listenTwice = async (index: number, name: string, handlers: Handlers): Promise<void> => {
    const open = async (port: number, twin: Handlers): Promise<number> => {
      const chosen = config.port === 0 ? 0 : port + index;
      return started.use(await listen(twin, config.hosts, chosen, name)).port;
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
  const endpoint = (technique: string, { hostname, scheme, placement }: PagePlace): URL => {
    const [name, path] =
      placement === "same-origin" ? [appName, sharedPath(technique)] : [technique, "/"];
    const secure = socketIsSecure(scheme);
    const host = socketHost(hostname, placement);
    return new URL(`${secure ? "wss" : "ws"}://${host}:${portOf(announced, name, secure)}${path}`);
  };
  const pageOrigin = (hostname: string, secure: boolean): string =>
    new URL(`${secure ? "https" : "http"}://${hostname}:${portOf(announced, appName, secure)}`)
      .origin;
  const home = (technique: string, { hostname, scheme }: PagePlace): URL =>
    new URL(sharedPath(technique), pageOrigin(hostname, pageIsSecure(scheme)));
  const attempts = new Attempts({
    tokens,
    jsonWebTokens: jsonWebTokens.issuer,
    evidence,
    endpoint,
    home,
  });
  const walks = new Walks({
    attempts,
    pageOrigin: ({ hostname, scheme }) => pageOrigin(hostname, pageIsSecure(scheme)),
  });
  const origins = techniques.map((technique) => {
    const directory = folderOf(technique, techniquesDirectory);
    return new WebSocketOrigin(technique, {
      tokens,
      jsonWebTokens: jsonWebTokens.verifier,
      evidence,
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
    endpoint,
    hasTls: config.certificates !== null,
    behindProxy: config.behindProxy,
    origins: shared,
    attemptDeadlineMs: config.attemptDeadlineMs,
    liveTokenLifetimeMs: config.liveTokenLifetimeMs,
    laboratory,
  });
  await listenTwice(0, appName, {
    request: app,
    upgrade: (request, socket, head) => {
      const path = /^\/websockets\/[^/?]*\//u.exec(request.url ?? "")?.[0] ?? "";
      const origin = shared.get(path);
      if (origin === undefined) refuseUpgrade(socket, 404, "no WebSocket server is at this path");
      else origin.upgrade(request, socket, head);
    },
  });
  for (const [index, origin] of origins.entries()) {
    await listenTwice(1 + index, origin.technique.id, {
      request: origin.http(),
      upgrade: (request, socket, head) => origin.upgrade(request, socket, head),
      ...(origin.technique.asksForCertificate === true && {
        clientAuthority: (await openClientAuthority()).certificate,
      }),
    });
  }
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
    tokens,
    evidence,
    walks,
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
