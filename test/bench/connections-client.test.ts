import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import { WebSocketServer, type WebSocket } from "ws";
import { LeanSocket } from "../../bench/connections/lean-socket.ts";

/** A real server, and a client of the benchmark's for it. */
async function dialled(
  onConnection: (socket: WebSocket) => void,
): Promise<AsyncDisposable & { readonly client: LeanSocket }> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  server.on("connection", onConnection);
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  const client = new LeanSocket({
    endpoint: new URL(`ws://localhost:${address.port}/`),
    headers: {},
    protocols: [],
    certificate: {},
    authority: null,
  });
  return {
    client,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

suite("the benchmark's client", () => {
  const rows = [0, 1, 125, 126, 127, 1_000, 65_535].map((length) => ({ length }));
  for (const { length } of rows) {
    test(`says ${length} bytes, and hears them`, async () => {
      await using both = await dialled((socket) => {
        socket.on("message", (data: Buffer, isBinary) => {
          socket.send(data, { binary: isBinary });
          socket.close(1000, "enough");
        });
      });
      const { client } = both;
      const data = Buffer.from(Array.from({ length }, (_, at) => at % 251));
      client.once("open", () => client.send(data));
      const heard: { data: Buffer; isBinary: boolean }[] = [];
      client.on("message", (message, isBinary) => {
        heard.push({ data: Buffer.from(message), isBinary });
      });
      client.start();
      assert.deepEqual(await once(client, "close"), [1000, "enough"]);
      assert.deepEqual(heard, [{ data, isBinary: true }]);
      assert.deepEqual([client.sent, client.received], [1, 1]);
    });
  }

  test("says text as text, and answers pings", async () => {
    const heard: string[] = [];
    await using both = await dialled((socket) => {
      socket.on("message", (data: Buffer, isBinary) => {
        heard.push(`${data.toString()} ${isBinary}`);
        socket.ping("there?");
      });
      socket.on("pong", (data) => {
        heard.push(data.toString());
        socket.close(1000);
      });
    });
    const { client } = both;
    client.once("open", () => client.send("über"));
    client.start();
    assert.deepEqual(await once(client, "close"), [1000, ""]);
    assert.deepEqual(heard, ["über false", "there?"]);
  });

  test("tells of an end without a close frame, and of one that was never a WebSocket", async () => {
    await using both = await dialled((socket) => socket.terminate());
    both.client.start();
    const [code] = await once(both.client, "close");
    assert.equal(code, 1006);
    const nobody = new LeanSocket({
      endpoint: new URL("ws://localhost:1/"),
      headers: {},
      protocols: [],
      certificate: {},
      authority: null,
    });
    nobody.start();
    const [refused, why] = await once(nobody, "close");
    assert.equal(refused, 1006);
    assert.match(String(why), /ECONNREFUSED/u);
  });
});
