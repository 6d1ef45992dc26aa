import type { Technique } from "../techniques/technique.ts";
import { createApp, type Laboratory } from "./app.ts";
import { Attempts } from "./attempts.ts";
import { browserFile } from "./browser-file.ts";
import type { LabConfig } from "./config.ts";
import { EvidenceLog } from "./evidence.ts";
import { listen } from "./listen.ts";
import { Walks } from "./walks.ts";
import { Tokens } from "./tokens.ts";
import { startWebSocketOrigin } from "./websocket-origin.ts";

/** What a lab is made of. */
export interface LabParts {
  readonly config: LabConfig;
  readonly techniques: readonly Technique[];
  /** The folder that holds a folder for each technique. */
  readonly techniquesDirectory: URL;
  readonly laboratory: Laboratory;
}

/** A running lab. Disposing of it closes every port and every connection. */
export interface Lab extends AsyncDisposable {
  /** The page to open: `http://localhost:8000/`. */
  readonly url: URL;
  /** Where each technique listens, by id. */
  readonly ports: ReadonlyMap<string, number>;
  readonly tokens: Tokens;
  readonly evidence: EvidenceLog;
  readonly walks: Walks;
}

/** Starts the app and one origin a technique, all or nothing. Rejects with a ConfigError. */
export async function startLab(parts: LabParts): Promise<Lab> {
  const { config, techniques, techniquesDirectory, laboratory } = parts;
  await using started = new AsyncDisposableStack();
  const tokens = new Tokens();
  const evidence = new EvidenceLog();
  const ports = new Map<string, number>();
  const page = { port: config.port };

  const endpoint = (technique: string, hostname: string): URL =>
    new URL(`ws://${hostname}:${ports.get(technique)}/`);
  const attempts = new Attempts({
    tokens,
    evidence,
    endpoint,
  });
  const walks = new Walks({ attempts, appPort: () => page.port });
  const app = createApp({
    techniques,
    techniquesDirectory,
    attempts,
    walks,
    attemptDeadlineMs: config.attemptDeadlineMs,
    liveTokenLifetimeMs: config.liveTokenLifetimeMs,
    laboratory,
  });
  const listener = started.use(await listen({ request: app }, config.hosts, config.port, "app"));
  page.port = listener.port;

  for (const [index, technique] of techniques.entries()) {
    const directory = new URL(`${technique.id}/`, techniquesDirectory);
    const origin = await startWebSocketOrigin(
      technique,
      config.hosts,
      config.port === 0 ? 0 : config.port + 1 + index,
      {
        tokens,
        evidence,
        limits: config.origin,
        routeContext: {
          pageOrigin: (hostname) => `http://${hostname}:${page.port}`,
          file: (name) => browserFile(new URL(name, directory)),
        },
      },
    );
    started.use(origin);
    ports.set(technique.id, origin.port);
  }

  const running = started.move();
  return {
    url: new URL(`http://${hostToOpen(config.hosts)}:${page.port}/`),
    ports,
    tokens,
    evidence,
    walks,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** `localhost` where that is listened to, for the walk needs names under it; else the address itself. */
function hostToOpen([host = "localhost"]: readonly string[]): string {
  if (["127.0.0.1", "::1", "0.0.0.0", "::"].includes(host)) return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
