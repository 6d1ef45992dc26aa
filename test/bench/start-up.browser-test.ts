import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { visitWith } from "../../bench/start-up/visiting.ts";
import type { RunningLab } from "../../bench/start-up/starting.ts";
import { browserFinders } from "../../experiments/browsers/index.ts";

const page = `<!doctype html>
<html lang="en">
  <head><title>Painted</title><link rel="icon" href="data:," /></head>
  <body><h1>Painted</h1></body>
</html>
`;

/** A lab that has nothing but a page, which browsers may keep. */
async function pageOnly(): Promise<RunningLab> {
  const server = createServer((request, response) => {
    response.setHeader("ETag", '"one"').setHeader("Cache-Control", "no-cache");
    if (request.headers["if-none-match"] === '"one"') response.writeHead(304).end();
    else response.setHeader("Content-Type", "text/html").end(page);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return {
    url: new URL(`http://localhost:${address.port}/`),
    readyMs: 0,
    memoryBytes: async () => null,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

for (const finder of browserFinders) {
  test(`${finder.title} says when it painted a page, and fetches it once`, async (context) => {
    const visits = await visitWith(finder, 1, pageOnly);
    if ("absent" in visits) return context.skip(visits.absent);
    const [[first], [again]] = [visits.first, visits.again];
    assert.ok(first !== undefined && again !== undefined);
    for (const { paint } of [first, again]) {
      assert.ok(!("unknown" in paint), JSON.stringify(paint));
      assert.ok(paint.firstPaintMs > 0 && paint.loadMs > 0);
    }
    assert.ok(first.sentBytes > page.length, `${first.sentBytes} bytes`);
    assert.ok(again.sentBytes < first.sentBytes, `${again.sentBytes} bytes`);
  });
}
