import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";

import { WebSocket, WebSocketServer } from "ws";

import {
  openLoopbackProxy,
  type LoopbackProxy,
} from "../../../experiments/browsers/loopback-proxy.ts";

const domains = ["example.com", "example.net"];
/** SOCKS 5 without authentication. */
const greeting = Buffer.from([5, 1, 0]);
const welcome = Buffer.from([5, 0]);

function connectTo(name: string, port: number, command = 1, addressType = 3): Buffer {
  const address = Buffer.from(name, "latin1");
  const request = Buffer.from([5, command, 0, addressType, address.length, ...address, 0, 0]);
  request.writeUInt16BE(port, request.length - 2);
  return request;
}

function replyOf(code: number): Buffer {
  return Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
}

function dial(proxy: LoopbackProxy): Socket {
  return connect({ host: "127.0.0.1", port: Number(new URL(proxy.url).port) });
}

/** What a client hears that says all this, until it is hung up on. */
async function answersTo(proxy: LoopbackProxy, ...said: readonly Buffer[]): Promise<Buffer> {
  const client = dial(proxy);
  for (const bytes of said) client.write(bytes);
  return await buffer(client);
}

function portOf(server: Server | WebSocketServer): number {
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

/** Says the host that the client asked for. */
async function startEcho(): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (socket, request) => socket.send(request.headers.host ?? ""));
  await once(server, "listening");
  return {
    port: portOf(server),
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      server.close();
      await once(server, "close");
    },
  };
}

/** Says all this to the proxy, and hears that it is connected. */
async function tunnel(proxy: LoopbackProxy, pieces: readonly Buffer[]): Promise<Socket> {
  const client = dial(proxy).setNoDelay();
  for (const piece of pieces) client.write(piece);
  let heard = Buffer.alloc(0);
  while (heard.length < welcome.length + replyOf(0).length) {
    const [bytes] = await once(client, "data");
    heard = Buffer.concat([heard, bytes]);
  }
  assert.deepEqual(heard, Buffer.concat([welcome, replyOf(0)]));
  return client;
}

/** The first message on a WebSocket through the tunnel. */
async function firstMessage(client: Socket, url: string): Promise<string> {
  const socket = new WebSocket(url, { createConnection: () => client });
  const [message] = await once(socket, "message");
  socket.terminate();
  return String(message);
}

for (const host of ["www.t1.example.com", "example.net", "WS.T1.Example.NET"]) {
  test(`a WebSocket to ${host} reaches this machine`, async () => {
    await using echo = await startEcho();
    await using proxy = await openLoopbackProxy(domains);
    const client = await tunnel(proxy, [greeting, connectTo(host, echo.port)]);
    const said = await firstMessage(client, `ws://${host}:${echo.port}/`);
    assert.equal(said, `${host.toLowerCase()}:${echo.port}`);
  });
}

test("a client may say its part byte by byte", async () => {
  await using echo = await startEcho();
  await using proxy = await openLoopbackProxy(domains);
  const said = Buffer.concat([greeting, connectTo("example.com", echo.port)]);
  const client = await tunnel(
    proxy,
    Array.from(said, (byte) => Buffer.from([byte])),
  );
  client.destroy();
});

test("a dead port is a refused connection", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  await using proxy = await openLoopbackProxy(domains);
  const heard = await answersTo(proxy, greeting, connectTo("example.com", port));
  assert.deepEqual(heard, Buffer.concat([welcome, replyOf(5)]));
});

const refusals = [
  { name: "another domain", request: connectTo("example.org", 80), code: 2 },
  { name: "a domain that only ends alike", request: connectTo("notexample.com", 80), code: 2 },
  { name: "a name under localhost", request: connectTo("t1.localhost", 80), code: 2 },
  { name: "no name", request: connectTo("", 80), code: 2 },
  { name: "an address", request: Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, 0, 80]), code: 8 },
  { name: "a port to listen on", request: connectTo("example.com", 80, 2), code: 7 },
] as const;

for (const { name, request, code } of refusals) {
  test(`${name} is refused`, async () => {
    await using proxy = await openLoopbackProxy(domains);
    const heard = await answersTo(proxy, greeting, request);
    assert.deepEqual(heard, Buffer.concat([welcome, replyOf(code)]));
  });
}

const garbage = [
  { name: "HTTP", said: Buffer.from("CONNECT www.example.com:80 HTTP/1.1\r\n\r\n") },
  { name: "SOCKS 4", said: Buffer.from([4, 1, 0, 80, 127, 0, 0, 1, 0]) },
  { name: "a greeting without an end", said: Buffer.from([5, 200, 0]) },
  { name: "a request without an end", said: Buffer.from([5, 1, 0, 5, 1, 0, 3, 200, 97]) },
  { name: "nothing", said: Buffer.alloc(0) },
] as const;

for (const { name, said } of garbage) {
  test(`after a client that says ${name} the proxy goes on`, async () => {
    await using echo = await startEcho();
    await using proxy = await openLoopbackProxy(domains);
    const client = dial(proxy);
    client.end(said);
    client.resume();
    await once(client, "close");
    (await tunnel(proxy, [greeting, connectTo("example.com", echo.port)])).destroy();
  });
}

test("disposing cuts its connections, and nobody listens any more", async () => {
  await using echo = await startEcho();
  const proxy = await openLoopbackProxy(domains);
  const client = await tunnel(proxy, [greeting, connectTo("example.com", echo.port)]);
  client.resume();
  await proxy[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await once(client, "close");
  await assert.rejects(once(dial(proxy), "connect"), /ECONNREFUSED/);
});
