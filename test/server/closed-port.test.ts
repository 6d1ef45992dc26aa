import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { suite, test } from "node:test";
import { holdClosedPort } from "../../server/closed-port.ts";

suite("a closed port refuses connections, and nobody else can listen there", () => {
  for (const hosts of [["127.0.0.1"], ["127.0.0.1", "::1"], ["0.0.0.0"], ["::"]]) {
    test(hosts.join(" and "), async () => {
      await using held = await holdClosedPort(hosts);
      for (const host of hosts) {
        await assert.rejects(once(connect(held.port, host), "connect"), { code: "ECONNREFUSED" });
      }
      for (const host of [hosts[0], "::"]) {
        const server = createServer().listen(held.port, host);
        await assert.rejects(once(server, "listening"), { code: "EADDRINUSE" });
      }
    });
  }
});

test("a closed port is free again once it is let go", async () => {
  const held = await holdClosedPort(["127.0.0.1"]);
  await held[Symbol.asyncDispose]();
  const server = createServer().listen(held.port, "127.0.0.1");
  await once(server, "listening");
  server.close();
});

test("a host that is not of this machine has no closed port to hold", async () => {
  await assert.rejects(
    holdClosedPort(["192.0.2.1"]),
    /no closed port could be had on 192\.0\.2\.1/u,
  );
});
