import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { suite, test } from "node:test";
import { ConfigError } from "../../server/config.ts";
import { ask, open } from "../client.ts";
import { startTestLab } from "../start-lab.ts";

test("app and servers answer on both loopback addresses", async () => {
  await using lab = await startTestLab();
  for (const port of [Number(lab.url.port), ...[...lab.ports.values()].map(({ ws }) => ws)]) {
    for (const host of ["127.0.0.1", "[::1]"]) {
      const { status } = await ask(`http://${host}:${port}/absent`);
      assert.ok(status === 404 || status === 426);
    }
  }
});

test("closing a lab frees its ports and ends open connections", async () => {
  const lab = await startTestLab({ origin: { firstMessageDeadlineMs: 60_000 } });
  const socket = open(new URL(`ws://localhost:${lab.ports.get("first-message")?.ws}/`));
  await once(socket, "open");
  const closed = once(socket, "close");
  await lab[Symbol.asyncDispose]();
  await closed;
  for (const port of [Number(lab.url.port), ...[...lab.ports.values()].map(({ ws }) => ws)]) {
    await assert.rejects(ask(`http://127.0.0.1:${port}/`), { code: "ECONNREFUSED" });
  }
});

test("a lab closes although clients hold silent connections and unfinished TLS handshakes", async () => {
  const lab = await startTestLab();
  const { ws, wss } = lab.ports.get("query-parameter") ?? assert.fail();
  const clients = await Promise.all(
    [ws, wss, wss].map(async (port, index) => {
      const client = connect(port ?? 0, "127.0.0.1");
      await once(client, "connect");
      // The first bytes of a TLS record, and never the rest.
      if (index === 2) client.write(Buffer.from([0x16, 3, 1, 2, 0]));
      return client;
    }),
  );
  const closed = Promise.all(
    clients.map((client) => {
      // A server that resets the connection has closed it as well.
      client.on("error", () => {});
      return new Promise((resolve) => client.once("close", resolve));
    }),
  );
  await lab[Symbol.asyncDispose]();
  await closed;
});

suite("a lab that cannot listen says why, and leaves nothing listening", () => {
  test("a port of the block is in use", async () => {
    const base = await freeBlock();
    const blocker = createServer().listen(base + 2, "127.0.0.1");
    await once(blocker, "listening");
    try {
      await assert.rejects(startTestLab({ port: base, certificates: null }), (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(
          error.message,
          new RegExp(`:${base + 2} \\(query-parameter\\) is in use.*--port`, "u"),
        );
        return true;
      });
      await assert.rejects(ask(`http://127.0.0.1:${base}/`), { code: "ECONNREFUSED" });
    } finally {
      blocker.close();
    }
  });

  test("a host that is not of this machine", async () => {
    // RFC 5737: 192.0.2.0/24 belongs to nobody.
    await assert.rejects(startTestLab({ hosts: ["192.0.2.1"] }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /192\.0\.2\.1 is not an address of this machine/u);
      return true;
    });
  });
});

/** The first port of a block that a lab could have just now, below the ports that systems hand out by themselves. */
async function freeBlock(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    try {
      await using lab = await startTestLab({ port, certificates: null });
      return Number(lab.url.port);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
    }
  }
}
