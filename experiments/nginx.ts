import { watch } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

import type { AuthProxy } from "../techniques/technique.ts";
import { within } from "./browsers/deadline.ts";
import { freePorts } from "./browsers/free-ports.ts";
import { openHome, type Home, type Resident } from "./browsers/home.ts";
import { planPackages, thisSystem } from "./browsers/install-plan.ts";
import { findTool, openTool, type Tool } from "./browsers/tools.ts";

const startTimeoutMs = 30_000;
const triesForFreePorts = 3;

/** nginx, or why it cannot be used: the reason names the command that installs it. */
export type FoundNginx =
  | { readonly state: "here"; readonly path: string; readonly version: string }
  | { readonly state: "absent"; readonly reason: string };

/** Looks for nginx on the `PATH` and in the system's folders, or among the paths given instead. */
export async function findNginx(candidates?: readonly string[]): Promise<FoundNginx> {
  const tool = await findTool("nginx", candidates);
  if (tool !== null) return { state: "here", path: tool.path, version: tool.product };
  const { advice } = planPackages(thisSystem(), ["nginx"]);
  return { state: "absent", reason: `no nginx was found that runs; to install it: ${advice}` };
}

/** What nginx is put in front of. */
export interface BehindNginx {
  /** The plain ports on 127.0.0.1, by name. */
  readonly servers: ReadonlyMap<string, number>;
  /** The servers among them whose every request has to be approved of first, by name. */
  readonly guarded?: ReadonlyMap<string, AuthProxy>;
  /** What it presents over TLS, to every name, in PEM; null: no TLS. */
  readonly certificate: { readonly key: string; readonly cert: string } | null;
}

/** A running nginx in front of plain servers; disposing of it ends it and removes its folder. */
export interface Nginx extends AsyncDisposable {
  /** The ports that it listens on for each server, by name: plain and over TLS. */
  readonly ports: ReadonlyMap<string, NginxPorts>;
  /** "nginx/1.22.1" */
  readonly version: string;
  /** Resolves, with how it ended in words, when it does, also when it is disposed of. Never rejects. */
  readonly ended: Promise<string>;
  /**
   * What its access log holds so far, in the combined format: URLs with their tokens, so it is never
   * printed. A request is in it once its connection has ended; a WebSocket is written down when it closes.
   */
  accessLog(): Promise<string>;
  /** The lines of its access log that hold `text`, once there are `count` of them, or when `patienceMs` have passed. */
  linesWith(text: string, count: number, patienceMs: number): Promise<readonly string[]>;
}

interface NginxPorts {
  readonly ws: number;
  readonly wss: number | null;
}

/**
 * Starts nginx on free ports of the loopback addresses. Requests are passed on with the `Host` of the
 * client, `X-Forwarded-For` and `X-Forwarded-Proto`; answers come back with nginx's own `Server` and `Date`.
 * Rejects with nginx's last words if it does not start, and leaves nothing behind.
 */
export async function startNginx(path: string, behind: BehindNginx): Promise<Nginx> {
  const { certificate } = behind;
  const tool = await openTool("nginx", path);
  if (tool === null) throw new Error(`"${path}" is not an nginx that runs.`);
  const home = await openHome();
  try {
    if (certificate !== null) {
      await write(home, "certificate.pem", certificate.cert);
      await write(home, "key.pem", certificate.key);
    }
    const { fronts, ended } = await listenOnFreePorts(tool, home, behind);
    const accessLog = join(home.path, accessLogFile);
    return {
      ports: new Map(fronts.map(({ name, ws, wss }) => [name, { ws, wss }])),
      version: tool.product,
      ended,
      accessLog: () => readFile(accessLog, "utf8"),
      linesWith: (text, count, patienceMs) => linesWith(accessLog, text, count, patienceMs),
      [Symbol.asyncDispose]: () => home[Symbol.asyncDispose](),
    };
  } catch (cause) {
    await home[Symbol.asyncDispose]();
    throw cause;
  }
}

/** What one server has in front of it. */
interface Front extends NginxPorts {
  readonly name: string;
  readonly behind: number;
  readonly guard: AuthProxy | null;
}

/** nginx cannot pick ports itself, and one may be taken between the choice and the start; so, again. */
async function listenOnFreePorts(
  tool: Tool,
  home: Home,
  { servers, guarded, certificate }: BehindNginx,
): Promise<{ readonly fronts: readonly Front[]; readonly ended: Promise<string> }> {
  for (let tries = 1; ; tries += 1) {
    const free = await freePorts(servers.size * 2);
    const fronts = Array.from(servers, ([name, behind], index): Front => {
      const [ws = 0, wss = 0] = free.slice(index * 2);
      const guard = guarded?.get(name) ?? null;
      return { name, behind, guard, ws, wss: certificate === null ? null : wss };
    });
    await write(home, configurationFile, configuration(fronts));
    try {
      const { exited } = await start(tool, home);
      return { fronts, ended: exited };
    } catch (cause) {
      const wasTaken = cause instanceof Error && cause.message.includes("Address already in use");
      if (!wasTaken || tries === triesForFreePorts) throw cause;
    }
  }
}

/** Resolves when it listens on every port: only then nginx starts its worker. */
async function start({ path, product }: Tool, home: Home): Promise<Resident> {
  // Until it has read where to log, it logs outside of its folder. Older ones cannot be kept from it.
  const hasErrorLogOption = product.localeCompare("nginx/1.19.5", "en", { numeric: true }) >= 0;
  const errorLog = hasErrorLogOption ? ["-e", "stderr"] : [];
  const args = [...errorLog, "-p", home.path, "-c", configurationFile];
  // Ended by SIGTERM it waits for its worker, which would otherwise be left to process 1 as a zombie.
  const resident = home.spawn(path, args, { end: "SIGTERM" });
  await within(
    startTimeoutMs,
    `${path} did not start within ${startTimeoutMs / 1_000} s.`,
    resident.line(/start worker process \d+/),
  );
  return resident;
}

async function linesWith(
  path: string,
  text: string,
  count: number,
  patienceMs: number,
): Promise<readonly string[]> {
  const find = async (): Promise<readonly string[]> =>
    (await readFile(path, "utf8")).split("\n").filter((line) => line.includes(text));
  const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
  const look = async (isLast: boolean): Promise<void> => {
    try {
      const lines = await find();
      if (isLast || lines.length >= count) resolve(lines);
    } catch (error) {
      reject(error);
    }
  };
  const watcher = watch(path, () => void look(false)).on("error", reject);
  const timer = setTimeout(() => void look(true), patienceMs);
  // What was written before anybody watched.
  void look(false);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
}

async function write(home: Home, name: string, text: string): Promise<void> {
  await writeFile(join(home.path, name), text, { mode: 0o600 });
}

const configurationFile = "nginx.conf";
const accessLogFile = "access.log";

/**
 * What an engineer writes who puts nginx in front of WebSockets (https://nginx.org/en/docs/http/websocket.html).
 * Relative paths are below the home, which is given as the prefix.
 */
function configuration(fronts: readonly Front[]): string {
  return `daemon off;
worker_processes 1;
pid nginx.pid;
lock_file nginx.lock;
error_log stderr notice;
${process.getuid?.() === 0 ? "# Otherwise its worker would be somebody who may not enter this folder.\nuser root;" : ""}

events {
  worker_connections 1024;
}

http {
  access_log ${accessLogFile} combined;
  client_body_temp_path client-body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;

  map $http_upgrade $connection_upgrade {
    default upgrade;
    ""      close;
  }
${fronts.map(serverBlock).join("")}}
`;
}

function serverBlock({ behind, guard, ws, wss }: Front): string {
  const lines = loopbackAddresses().map((address) => `listen ${address}:${ws};`);
  if (wss !== null) {
    lines.push(
      ...loopbackAddresses().map((address) => `listen ${address}:${wss} ssl;`),
      "ssl_certificate certificate.pem;",
      "ssl_certificate_key key.pem;",
      "ssl_protocols TLSv1.2 TLSv1.3;",
    );
  }
  return `
  server {
    ${lines.join("\n    ")}

    location / {${guard === null ? "" : asksFirst(guard)}
      proxy_pass http://127.0.0.1:${behind};
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;${forwardedHeaders}
      proxy_redirect off;
      proxy_buffering off;
      # The default of 60 s would end WebSockets that are idle.
      proxy_read_timeout 1h;
      proxy_send_timeout 1h;
    }
${guard === null ? "" : guardLocations(behind, guard)}  }
`;
}

const forwardedHeaders = `
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
      # Not appended to what clients claim: nobody is in front of this proxy.
      proxy_set_header X-Forwarded-For $remote_addr;`;

/**
 * Passes a request on only if `auth` approves of it (https://nginx.org/en/docs/http/ngx_http_auth_request_module.html),
 * and with what that answered in the header, never with what the client sent there.
 */
function asksFirst({ auth, header, refusal }: AuthProxy): string {
  const answered = `$upstream_http_${header.toLowerCase().replaceAll("-", "_")}`;
  return `
      # The question is a request of its own, which would have no query.
      set $query $is_args$args;
      auth_request /${auth};
      auth_request_set $approval ${answered};${refusal === 302 ? "\n      error_page 401 = @login;" : ""}
      proxy_set_header ${header} $approval;
      proxy_hide_header ${header};
`;
}

/** Where the question is put, which clients are kept from; and the login, which is for them. */
function guardLocations(behind: number, { auth }: AuthProxy): string {
  return `
    location = /${auth} {
      internal;
      proxy_pass http://127.0.0.1:${behind}/${auth}$query;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";${forwardedHeaders}
    }

    location = /login {
      proxy_pass http://127.0.0.1:${behind};${forwardedHeaders}
    }

    location @login {
      return 302 /login$is_args$args;
    }
`;
}

/** Browsers may try ::1 first for names below localhost. */
function loopbackAddresses(): readonly string[] {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  const hasIpv6 = interfaces.some(({ address }) => address === "::1");
  return hasIpv6 ? ["127.0.0.1", "[::1]"] : ["127.0.0.1"];
}
