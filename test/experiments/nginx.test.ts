import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, suite, test } from "node:test";
import { WebSocketServer } from "ws";

import { planPackages, thisSystem } from "../../experiments/browsers/install-plan.ts";
import { findNginx, startNginx, type BehindNginx, type Nginx } from "../../experiments/nginx.ts";
import { refuseUpgrade } from "../../server/websocket-origin.ts";
import { testAuthority } from "../authority.ts";
import { ask, open } from "../client.ts";
import { sendRaw } from "../raw-request.ts";
import { watchLeftovers } from "./browsers/leftovers.ts";

const found = await findNginx();
const isCi = (process.env["CI"] ?? "") !== "";
const skip = found.state === "absent" && !isCi && found.reason;
const certificate = testAuthority.fallback;
const challenge = 'Basic realm="lab", charset="UTF-8"';
const closedPort = 1;

suite("nginx", { skip }, () => {
  const leftovers = watchLeftovers();
  after(() => {
    leftovers.assertNone();
    leftovers[Symbol.dispose]();
  });

  for (const scheme of ["ws", "wss"] as const) {
    const page = scheme === "ws" ? "http" : "https";

    test(`${page}: a request is passed on, and its answer is not changed`, async () => {
      await using backend = await startBackend();
      await using nginx = await start({ servers: new Map([["one", backend.port]]), certificate });
      const host = `localhost:${port(nginx, "one", scheme)}`;
      const answer = await ask(`${page}://${host}/a//b%2F?token=a%20b`, {
        headers: { "X-Forwarded-For": "192.0.2.1" },
      });
      assert.equal(answer.status, 302);
      assert.equal(answer.headers.location, `http://127.0.0.1:${backend.port}/there`);
      assert.deepEqual(answer.headers["set-cookie"], ["a=1; HttpOnly", "b=2"]);
      assert.equal(answer.body, "from the lab");

      const [request] = backend.requests;
      assert.equal(request?.url, "/a//b%2F?token=a%20b");
      assert.equal(request?.headers.host, host);
      assert.equal(request?.headers["x-forwarded-for"], "127.0.0.1");
      assert.equal(request?.headers["x-forwarded-proto"], page);
    });

    test(`${scheme}: a WebSocket passes through`, async () => {
      await using backend = await startBackend();
      await using nginx = await start({ servers: new Map([["one", backend.port]]), certificate });
      const socket = open(
        new URL(`${scheme}://localhost:${port(nginx, "one", scheme)}/?token=good`),
      );
      socket.once("open", () => socket.send("said"));
      const [echo] = await once(socket, "message");
      assert.equal(String(echo), "said");
      socket.close(1000);
      await once(socket, "close");
      assert.match(await nginx.accessLog(), /"GET \/\?token=good HTTP\/1\.1" 101 /);
    });

    test(`${scheme}: a refusal comes through with its challenge and reason`, async () => {
      await using backend = await startBackend();
      await using nginx = await start({ servers: new Map([["one", backend.port]]), certificate });
      const socket = open(new URL(`${scheme}://localhost:${port(nginx, "one", scheme)}/`));
      socket.on("error", () => {});
      const response = await new Promise<IncomingMessage>((resolve) =>
        socket.once("unexpected-response", (_, answer) => resolve(answer)),
      );
      assert.equal(response.statusCode, 401);
      assert.equal(response.headers["www-authenticate"], challenge);
      assert.equal(await bodyOf(response), "no credential\n");
      socket.terminate();
    });
  }

  test("each server is behind ports of its own, and one that is down is answered for with 502", async () => {
    await using backend = await startBackend();
    const servers = new Map([
      ["up", backend.port],
      ["down", closedPort],
    ]);
    await using nginx = await start({ servers, certificate: null });
    assert.deepEqual([...nginx.ports.keys()], ["up", "down"]);
    assert.equal(nginx.ports.get("up")?.wss, null);
    assert.equal((await ask(`http://localhost:${port(nginx, "up", "ws")}/`)).status, 302);
    assert.equal((await ask(`http://localhost:${port(nginx, "down", "ws")}/`)).status, 502);
  });

  test("it listens on ::1 too", { skip: !hasIpv6() && "this machine has no ::1" }, async () => {
    await using backend = await startBackend();
    await using nginx = await start({ servers: new Map([["one", backend.port]]), certificate });
    assert.equal((await ask(`http://[::1]:${port(nginx, "one", "ws")}/`)).status, 302);
    assert.equal((await ask(`https://[::1]:${port(nginx, "one", "wss")}/`)).status, 302);
  });

  test("the access log is in the combined format", async () => {
    await using backend = await startBackend();
    await using nginx = await start({ servers: new Map([["one", backend.port]]), certificate });
    assert.equal(await nginx.accessLog(), "");
    await sendRaw(
      port(nginx, "one", "ws"),
      "GET /?token=abc HTTP/1.1\r\nHost: lab\r\nReferer: http://r/\r\nConnection: close\r\n\r\n",
    );
    assert.match(
      await nginx.accessLog(),
      /^127\.0\.0\.1 - - \[.+\] "GET \/\?token=abc HTTP\/1\.1" 302 \d+ "http:\/\/r\/" "-"\n$/,
    );
  });

  test("a line of the access log is waited for", { timeout: 30_000 }, async () => {
    const patienceMs = 60_000;
    await using backend = await startBackend();
    await using nginx = await start({ servers: new Map([["one", backend.port]]), certificate });
    const waiting = nginx.linesWith("token=good", 2, patienceMs);
    for (const token of ["bad", "good"]) {
      await ask(`http://localhost:${port(nginx, "one", "ws")}/?token=${token}`);
    }
    const socket = open(new URL(`wss://localhost:${port(nginx, "one", "wss")}/?token=good`));
    await once(socket, "open");
    assert.equal((await nginx.linesWith("token=good", 2, 1)).length, 1, "it is not closed yet");
    socket.close(1000);
    const lines = await waiting;
    assert.deepEqual(
      lines.map((line) => line.replace(/.*"GET ([^ ]*) .*/u, "$1")),
      ["/?token=good", "/?token=good"],
    );
    assert.deepEqual(await nginx.linesWith("token=good", 2, patienceMs), lines);
    assert.deepEqual(await nginx.linesWith("token=other", 1, 1), []);
  });

  test("nothing is left when it is disposed of, with a WebSocket open", async () => {
    await using backend = await startBackend();
    const nginx = await start({ servers: new Map([["one", backend.port]]), certificate });
    const pid = Number(readFileSync(join(onlyHome(), "nginx.pid"), "utf8"));
    const ports = [port(nginx, "one", "ws"), port(nginx, "one", "wss")];
    const socket = open(new URL(`ws://localhost:${ports[0]}/?token=good`));
    await once(socket, "open");
    const closed = once(socket, "close");
    await nginx[Symbol.asyncDispose]();
    await closed;
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
    // Its worker would hold them.
    for (const one of ports) {
      await assert.rejects(ask(`http://localhost:${one}/`), { code: "ECONNREFUSED" });
    }
    leftovers.assertNone();
  });

  test("when it cannot start, its last words are told, and nothing is left", async () => {
    const broken = { key: certificate.key, cert: "not a certificate" };
    await assert.rejects(
      start({ servers: new Map([["one", closedPort]]), certificate: broken }),
      /ended with exit code 1:[^]*cannot load certificate/,
    );
    leftovers.assertNone();
  });

  test("a port that was taken meanwhile is replaced", async () => {
    using folder = scratchFolder();
    const path = join(folder.path, "nginx");
    // At its first start a real nginx whose port is not free: it was chosen a moment ago, and taken.
    writeFileSync(
      path,
      `#!/bin/sh
if [ "$1" != -v ] && [ ! -e "$0.tried" ]; then
  touch "$0.tried"
  echo 'nginx: [emerg] bind() to 127.0.0.1:1 failed (98: Address already in use)' >&2
  exit 1
fi
exec ${realPath()} "$@"
`,
    );
    chmodSync(path, 0o755);
    await using nginx = await startNginx(path, {
      servers: new Map([["one", closedPort]]),
      certificate: null,
    });
    assert.deepEqual(readdirSync(folder.path).toSorted(), ["nginx", "nginx.tried"]);
    assert.equal((await ask(`http://localhost:${port(nginx, "one", "ws")}/`)).status, 502);
  });
});

test("where there is no nginx, the command that installs it is told", async () => {
  const { advice } = planPackages(thisSystem(), ["nginx"]);
  assert.deepEqual(await findNginx([]), {
    state: "absent",
    reason: `no nginx was found that runs; to install it: ${advice}`,
  });
});

test("what is not an nginx is neither found nor started", async () => {
  assert.equal((await findNginx([process.execPath])).state, "absent");
  await assert.rejects(
    startNginx(process.execPath, { servers: new Map(), certificate: null }),
    /is not an nginx that runs/,
  );
});

function realPath(): string {
  assert.ok(found.state === "here", "nginx is not installed, and CI needs it");
  return found.path;
}

async function start(behind: BehindNginx): Promise<Nginx> {
  return await startNginx(realPath(), behind);
}

function port(nginx: Nginx, name: string, scheme: "ws" | "wss"): number {
  const ports = nginx.ports.get(name)?.[scheme];
  assert.ok(typeof ports === "number");
  return ports;
}

/** The folder of the only nginx that runs. */
function onlyHome(): string {
  const [home, ...others] = readdirSync(tmpdir());
  assert.ok(home !== undefined);
  assert.deepEqual(others, []);
  return join(tmpdir(), home);
}

/** A server like those of the lab: it refuses upgrades without the good token, and echoes. */
async function startBackend(): Promise<
  AsyncDisposable & { readonly port: number; readonly requests: readonly IncomingMessage[] }
> {
  const requests: IncomingMessage[] = [];
  const sockets = new WebSocketServer({ noServer: true });
  const server = createServer((request, response) => {
    requests.push(request);
    const location = `http://127.0.0.1:${portOf(server)}/there`;
    response.writeHead(302, { Location: location, "Set-Cookie": ["a=1; HttpOnly", "b=2"] });
    response.end("from the lab");
  });
  server.on("upgrade", (request, socket: Socket, head) => {
    if (request.url !== "/?token=good") {
      refuseUpgrade(socket, 401, "no credential", { "WWW-Authenticate": challenge });
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on("message", (data, isBinary) => client.send(data, { binary: isBinary }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: portOf(server),
    requests,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) body += String(chunk);
  return body;
}

function scratchFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "nginx-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).some((addresses = []) =>
    addresses.some(({ address }) => address === "::1"),
  );
}
