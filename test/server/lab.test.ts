import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
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

suite("a lab that cannot listen says why, and leaves nothing listening", () => {
  test("a port of the block is in use", async () => {
    const free = await startTestLab();
    const base = Number(free.url.port);
    await free[Symbol.asyncDispose]();
    const blocker = createServer().listen(base + 2, "127.0.0.1");
    await once(blocker, "listening");
    try {
      await assert.rejects(startTestLab({ port: base }), (error) => {
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
