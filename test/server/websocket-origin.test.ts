import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import type { Lab } from "../../server/lab.ts";
import { techniques } from "../../techniques/index.ts";
import { ask, basic, converse, open, present } from "../client.ts";
import { handshake, sendRaw } from "../raw-request.ts";
import { startTestLab } from "../start-lab.ts";

function portOf(lab: Lab, technique: string): number {
  const ports = lab.ports.get(technique);
  assert.ok(ports !== undefined);
  return ports.ws;
}

function endpointOf(lab: Lab, technique: string): URL {
  return new URL(`ws://localhost:${portOf(lab, technique)}/`);
}

/** Connects as the technique does, with a new token, and asserts that alice is greeted. */
async function assertGoodIsAccepted(lab: Lab, technique: string): Promise<void> {
  const { user, secret: token } = lab.tokens.issue("alice", 60_000, false);
  const connect = present[technique];
  assert.ok(connect);
  const { events } = await converse(connect(endpointOf(lab, technique), { user, token }));
  assert.deepEqual(
    events.map((event) => (event.type === "message" ? event.data : event.type)),
    ["open", "Hello alice!", "close"],
  );
}

suite("a malformed credential is refused with 401, and the next good one is accepted", () => {
  const long = "x".repeat(8_000);
  const rows: [technique: string, name: string, target: string, headers: Record<string, string>][] =
    [
      ["query-parameter", "no parameter", "/", {}],
      ["query-parameter", "an empty parameter", "/?token=", {}],
      ["query-parameter", "a repeated parameter", "/?token=TOKEN&token=TOKEN", {}],
      ["query-parameter", "a broken escape", "/?token=%", {}],
      ["query-parameter", "an escape that is not UTF-8", "/?token=%ff%fe", {}],
      ["query-parameter", "the name in upper case", "/?TOKEN=TOKEN", {}],
      ["query-parameter", "8 kB", `/?token=${long}`, {}],
      ["query-parameter", "the token as a cookie", "/", { Cookie: "token=TOKEN" }],
      ["cookie-iframe", "no cookie", "/", {}],
      ["cookie-iframe", "an empty cookie", "/", { Cookie: "token=" }],
      ["cookie-iframe", "a name without a value", "/", { Cookie: "token" }],
      ["cookie-iframe", "only separators", "/", { Cookie: ";;=;; =" }],
      ["cookie-iframe", "a broken escape", "/", { Cookie: "token=%E0%A4%A" }],
      ["cookie-iframe", "another name", "/", { Cookie: "Token=TOKEN; xtoken=TOKEN" }],
      ["cookie-iframe", "an object's property", "/", { Cookie: "__proto__=TOKEN" }],
      ["cookie-iframe", "8 kB", "/", { Cookie: `token=${long}` }],
      ["cookie-iframe", "the token in the query", "/?token=TOKEN", {}],
      ["user-information", "no header", "/", {}],
      ["user-information", "an empty header", "/", { Authorization: "" }],
      ["user-information", "no credentials", "/", { Authorization: "Basic" }],
      ["user-information", "not base64", "/", { Authorization: "Basic alice:TOKEN" }],
      ["user-information", "no colon", "/", { Authorization: "Basic YWxpY2U=" }],
      ["user-information", "another scheme", "/", { Authorization: "Bearer TOKEN" }],
      ["user-information", "another user", "/", { Authorization: "BASIC-OF-BOB" }],
      ["user-information", "no user", "/", { Authorization: "BASIC-OF-NOBODY" }],
      ["user-information", "bytes that are not UTF-8", "/", { Authorization: "Basic //86/w==" }],
    ];
  for (const [technique, name, target, headers] of rows) {
    test(`${technique}: ${name}`, async () => {
      await using lab = await startTestLab();
      const { secret } = lab.tokens.issue("alice", 60_000, false);
      const fill = (text: string): string =>
        text
          .replace("BASIC-OF-BOB", basic("bob", secret))
          .replace("BASIC-OF-NOBODY", basic("", secret))
          .replaceAll("TOKEN", secret);
      const filled = Object.fromEntries(
        Object.entries(headers).map(([key, value]) => [key, fill(value)]),
      );
      const answer = await sendRaw(portOf(lab, technique), handshake(fill(target), filled));
      assert.match(answer, /^HTTP\/1\.1 401 Unauthorized\r\n/u);
      assert.match(answer, /\r\n\r\n(?:no credential|unknown token|token of another user)\n$/u);
      assert.ok(!answer.includes(secret), "the refusal repeats no token");
      await assertGoodIsAccepted(lab, technique);
    });
  }
});

suite("a refusal of HTTP authentication carries the challenge, and no other refusal does", () => {
  for (const { id, stage, challenge } of techniques.filter((each) => each.stage === "handshake")) {
    test(`${id} (${stage})`, async () => {
      await using lab = await startTestLab();
      const answer = await sendRaw(portOf(lab, id), handshake("/"));
      assert.equal(
        /^WWW-Authenticate: (?<value>.*)\r$/mu.exec(answer)?.groups?.["value"],
        challenge,
      );
    });
  }
});

suite(
  "a malformed first message is refused with a close code, and the next good one is accepted",
  () => {
    const rows: [name: string, message: string | Buffer, code: number, reason: string][] = [
      ["empty text", "", 1008, "no credential"],
      ["a token that nobody issued", "x", 1008, "unknown token"],
      ["a binary message", Buffer.from([1, 2, 3]), 1008, "the first message is not text"],
      ["an oversized message", "x".repeat(5_000), 1009, ""],
    ];
    for (const [name, message, code, reason] of rows) {
      test(name, async () => {
        await using lab = await startTestLab();
        const socket = open(endpointOf(lab, "first-message"));
        socket.on("open", () => socket.send(message));
        const { events } = await converse(socket);
        const close = events.find((event) => event.type === "close");
        assert.deepEqual([close?.code, close?.reason], [code, reason]);
        await assertGoodIsAccepted(lab, "first-message");
      });
    }

    test("silence", async () => {
      await using lab = await startTestLab({ origin: { firstMessageDeadlineMs: 20 } });
      const { events } = await converse(open(endpointOf(lab, "first-message")));
      const close = events.find((event) => event.type === "close");
      assert.deepEqual([close?.code, close?.reason], [1008, "no credential in time"]);
      await assertGoodIsAccepted(lab, "first-message");
    });
  },
);

suite("every origin answers what is no good handshake with a status", () => {
  const rows: [name: string, request: string, status: number][] = [
    ["a page request", "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 426],
    [
      "a post",
      "POST /x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
      426,
    ],
    ["no key", handshake("/", { "Sec-WebSocket-Key": "" }), 400],
    ["a short key", handshake("/", { "Sec-WebSocket-Key": "abc" }), 400],
    ["an old version", handshake("/", { "Sec-WebSocket-Version": "8" }), 400],
    ["another protocol", handshake("/", { Upgrade: "h2c" }), 400],
    ["a post as handshake", handshake("/").replace("GET", "POST"), 400],
    ["an absolute target", handshake("http://localhost/"), 400],
    [
      "an absolute target of a page",
      "GET http://localhost/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
      400,
    ],
    ["a repeated subprotocol", handshake("/", { "Sec-WebSocket-Protocol": "a, a" }), 400],
    ["a malformed subprotocol", handshake("/", { "Sec-WebSocket-Protocol": "a b" }), 400],
    ["a host of somebody's DNS", handshake("/", { Host: "rebound.example.com" }), 403],
    [
      "a page for that host",
      "GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n",
      403,
    ],
    ["no HTTP at all", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", 400],
    ["oversized headers", handshake("/", { "X-Filler": "x".repeat(20_000) }), 431],
  ];
  for (const { id } of techniques) {
    for (const [name, request, status] of rows) {
      test(`${id}: ${name} gets ${status}`, async () => {
        await using lab = await startTestLab();
        const answer = await sendRaw(portOf(lab, id), request);
        assert.equal(answer.split("\r\n", 1)[0]?.split(" ")[1], String(status));
        await assertGoodIsAccepted(lab, id);
      });
    }
  }
});

test("a broken handshake does not spend a single-use token, and is evidence", async () => {
  await using lab = await startTestLab();
  const { secret } = lab.tokens.issue("alice", 60_000, true);
  const port = portOf(lab, "query-parameter");
  await sendRaw(port, handshake(`/?token=${secret}`, { "Sec-WebSocket-Version": "8" }));
  await sendRaw(port, handshake(`/?token=${secret}`, { "Sec-WebSocket-Protocol": "a,a" }));
  assert.equal(lab.evidence.unattributed.length, 2);
  assert.equal(lab.tokens.redeem(secret).accepted, true);
});

test("a revoked token is refused with that reason", async () => {
  await using lab = await startTestLab();
  const { secret } = lab.tokens.issue("alice", 60_000, false);
  lab.tokens.revoke(secret);
  const answer = await sendRaw(portOf(lab, "query-parameter"), handshake(`/?token=${secret}`));
  assert.match(answer, /\r\n\r\nrevoked token\n$/u);
});

test("connections beyond the cap get 503, and a place that becomes free is given away", async () => {
  await using lab = await startTestLab({ origin: { maxConnections: 1 } });
  const technique = "query-parameter";
  const { secret } = lab.tokens.issue("alice", 60_000, false);
  const first = open(new URL(`?token=${secret}`, endpointOf(lab, technique)));
  await once(first, "open");
  const refused = await sendRaw(portOf(lab, technique), handshake(`/?token=${secret}`));
  assert.match(refused, /^HTTP\/1\.1 503 /u);
  first.close();
  await once(first, "close");
  await assertGoodIsAccepted(lab, technique);
});

test("a client that does not answer pings is cut", async () => {
  await using lab = await startTestLab({ origin: { pingIntervalMs: 20 } });
  const { secret } = lab.tokens.issue("alice", 60_000, false);
  // A bare socket upgrades, and then never sends a pong.
  const answer = await sendRaw(portOf(lab, "query-parameter"), handshake(`/?token=${secret}`));
  assert.match(answer, /^HTTP\/1\.1 101 /u);
  assert.match(answer, /Hello alice!/u);
});

test("a client that answers pings and says nothing is closed as idle", async () => {
  await using lab = await startTestLab({ origin: { pingIntervalMs: 20, idleLimitMs: 50 } });
  const { secret } = lab.tokens.issue("alice", 60_000, false);
  const socket = open(new URL(`?token=${secret}`, endpointOf(lab, "query-parameter")));
  const [code, reason]: unknown[] = await once(socket, "close");
  assert.deepEqual([code, String(reason)], [1008, "idle for too long"]);
});

test("a client that ignores the close frame is cut soon, and frees its place", async () => {
  await using lab = await startTestLab({
    origin: { maxConnections: 1, firstMessageDeadlineMs: 20 },
  });
  // A bare socket never answers the close frame that ends its silence.
  const answer = await sendRaw(portOf(lab, "first-message"), handshake("/"));
  assert.match(answer, /^HTTP\/1\.1 101 /u);
  await assertGoodIsAccepted(lab, "first-message");
});

test("what is kept of a request is short", async () => {
  await using lab = await startTestLab();
  const origin = `http://${"x".repeat(9_000)}.example`;
  await sendRaw(portOf(lab, "query-parameter"), handshake("/", { Origin: origin }));
  assert.ok(JSON.stringify(lab.evidence.unattributed).length < 1_000);
});

test("who does not say goodbye is closed with 1008", async () => {
  await using lab = await startTestLab();
  const { secret } = lab.tokens.issue("alice", 60_000, false);
  const socket = open(new URL(`?token=${secret}`, endpointOf(lab, "query-parameter")));
  socket.on("open", () => socket.send("Goodbye bob."));
  const [code]: unknown[] = await once(socket, "close");
  assert.equal(code, 1008);
});

test("no subprotocol is selected, whatever a client offers", async () => {
  await using lab = await startTestLab();
  const { secret } = lab.tokens.issue("alice", 60_000, false);
  const offer = { "Sec-WebSocket-Protocol": "chat, superchat" };
  const answer = await sendRaw(
    portOf(lab, "query-parameter"),
    handshake(`/?token=${secret}`, { ...offer, Connection: "Upgrade, close" }).replace(
      "\r\n\r\n",
      "\r\n\r\n\x88\x80\0\0\0\0",
    ),
  );
  assert.match(answer, /^HTTP\/1\.1 101 /u);
  assert.doesNotMatch(answer, /Sec-WebSocket-Protocol/iu);
});

test("the iframe's page may be framed by the app's page on the same host, and by nobody else", async () => {
  await using lab = await startTestLab();
  const frame = new URL("/frame.html", endpointOf(lab, "cookie-iframe"));
  frame.protocol = "http";
  const answer = await ask(frame);
  assert.equal(answer.status, 200);
  assert.match(
    String(answer.headers["content-security-policy"]),
    new RegExp(`frame-ancestors ${lab.url.origin}$`, "u"),
  );
  const pageOrigin = await ask(new URL("/page-origin", frame));
  assert.equal(pageOrigin.body, JSON.stringify(lab.url.origin));
});

test("requests that belong to no attempt are evidence too, without a secret", async () => {
  await using lab = await startTestLab();
  const { secret, serial } = lab.tokens.issue("alice", 60_000, false);
  const endpoint = endpointOf(lab, "query-parameter");
  await sendRaw(portOf(lab, "query-parameter"), handshake(`/?token=${secret}x`));
  endpoint.protocol = "http";
  await ask(new URL(`/?token=${secret}`, endpoint));
  const seen = lab.evidence.unattributed.map((entry) =>
    entry.type === "request" ? [entry.status, entry.presented, entry.user, entry.refusal] : entry,
  );
  assert.deepEqual(seen, [
    [401, "unrecognised", null, "unknown token"],
    [426, serial, null, null],
  ]);
  assert.ok(!JSON.stringify(lab.evidence.unattributed).includes(secret));
});
