import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { suite, test } from "node:test";
import type { Lab } from "../../server/lab.ts";
import { techniques } from "../../techniques/index.ts";
import { ask, basic, converse, open, present } from "../client.ts";
import { handshake, sendRaw } from "../raw-request.ts";
import { startLabOf, startTestLab } from "../start-lab.ts";

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
  const asks = techniques.find(({ id }) => id === technique)?.asksForCertificate === true;
  const { certificate } = await lab.certify({ present: asks ? "fresh" : "none", user });
  const endpoint = handshakes(lab, technique)[asks ? 1 : 0].endpoint;
  const socket = await present(technique, endpoint, { user, token }, undefined, certificate ?? {});
  const { events } = await converse(socket);
  assert.deepEqual(
    events
      .map((event) => (event.type === "message" ? event.data : event.type))
      // Some techniques have something to say before they know who is there.
      .filter((said) => !said.startsWith("{")),
    ["open", "Hello alice!", "close"],
  );
}

/** The cookie that each technique reads, by its id. */
const cookies: ReadonlyMap<string, string> = new Map(
  techniques.filter(({ via }) => via === "cookie").map(({ id }) => [id, id]),
);

/** The headers of a handshake, for a client that only wants to see it refused. */
const upgrade: Readonly<Record<string, string>> = {
  Connection: "Upgrade",
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

const base64url = (text: string): string => Buffer.from(text).toString("base64url");

type MalformedRow = [
  technique: string,
  name: string,
  target: string,
  headers?: Record<string, string>,
];

function offering(name: string, offer: string): MalformedRow {
  return ["subprotocol", name, "/", { "Sec-WebSocket-Protocol": offer }];
}

suite("a malformed credential is refused with 401, and the next good one is accepted", () => {
  const long = "x".repeat(8_000);
  const rows: MalformedRow[] = [
    ["query-parameter", "no parameter", "/"],
    ["query-parameter", "an empty parameter", "/?token="],
    ["query-parameter", "a repeated parameter", "/?token=TOKEN&token=TOKEN"],
    ["query-parameter", "a broken escape", "/?token=%"],
    ["query-parameter", "an escape that is not UTF-8", "/?token=%ff%fe"],
    ["query-parameter", "the name in upper case", "/?TOKEN=TOKEN"],
    ["query-parameter", "8 kB", `/?token=${long}`],
    ["query-parameter", "the token as a cookie", "/", { Cookie: "token=TOKEN" }],
    ["ticket", "no ticket", "/"],
    ["ticket", "an empty ticket", "/?ticket="],
    ["ticket", "a repeated ticket", "/?ticket=TOKEN&ticket=TOKEN"],
    ["ticket", "a broken escape", "/?ticket=%"],
    ["ticket", "an escape that is not UTF-8", "/?ticket=%ff%fe"],
    ["ticket", "the name in upper case", "/?TICKET=TOKEN"],
    ["ticket", "another name", "/?token=TOKEN"],
    ["ticket", "8 kB", `/?ticket=${long}`],
    ["capability-path", "no path", "/"],
    ["capability-path", "no token in the path", "/enter/"],
    ["capability-path", "an empty segment before the token", "/enter//TOKEN"],
    ["capability-path", "an empty segment after the token", "/enter/TOKEN/"],
    ["capability-path", "a segment before the token", "/enter/more/TOKEN"],
    ["capability-path", "a segment after the token", "/enter/TOKEN/more"],
    ["capability-path", "an escaped slash", "/enter%2FTOKEN"],
    ["capability-path", "a broken escape", "/enter/TOKEN%"],
    ["capability-path", "an escape that is not UTF-8", "/enter/%ff%fe"],
    ["capability-path", "an escaped zero after the token", "/enter/TOKEN%00"],
    ["capability-path", "a parameter of the segment", "/enter/TOKEN;v=1"],
    ["capability-path", "a step back", "/enter/TOKEN/.."],
    ["capability-path", "another word", "/ENTER/TOKEN"],
    ["capability-path", "8 kB", `/enter/${long}`],
    ["capability-path", "the token in the query", "/?/enter/TOKEN"],
    ["subprotocol", "no offer", "/"],
    ["subprotocol", "the token in the query", "/?token=TOKEN"],
    offering("the marker only", "websocket-auth-lab"),
    offering("an empty token", "websocket-auth-lab, bearer."),
    offering("a token without its prefix", "websocket-auth-lab, BASE64URL"),
    offering("a token that is not encoded", "websocket-auth-lab, bearer.TOKEN"),
    offering("a token that is encoded twice", "websocket-auth-lab, bearer.TWICE-BASE64URL"),
    offering("UTF-16", "websocket-auth-lab, bearer.UTF-16-BASE64URL"),
    offering("bytes that are not UTF-8", "websocket-auth-lab, bearer.__79"),
    offering("the prefix in upper case", "websocket-auth-lab, BEARER.BASE64URL"),
    offering("two tokens, the good one first", "websocket-auth-lab, bearer.BASE64URL, bearer.eA"),
    offering("two tokens, the good one last", "bearer.eA, bearer.BASE64URL, websocket-auth-lab"),
    offering("8 kB", `websocket-auth-lab, bearer.${long}`),
    ["subprotocol-raw", "no offer", "/"],
    ...["websocket-auth-lab", "websocket-auth-lab, TOKEN, x", "websocket-auth-lab, x, TOKEN"].map(
      (offer): MalformedRow => {
        return ["subprotocol-raw", offer, "/", { "Sec-WebSocket-Protocol": offer }];
      },
    ),
    ["custom-header", "no header", "/"],
    ["custom-header", "an empty header", "/", { Authorization: "" }],
    ["custom-header", "no token", "/", { Authorization: "Bearer" }],
    ["custom-header", "two tokens", "/", { Authorization: "Bearer TOKEN TOKEN" }],
    ["custom-header", "a list of tokens", "/", { Authorization: "Bearer TOKEN, TOKEN" }],
    ["custom-header", "a quoted token", "/", { Authorization: 'Bearer "TOKEN"' }],
    ["custom-header", "another scheme", "/", { Authorization: "Basic TOKEN" }],
    ["custom-header", "8 kB", "/", { Authorization: `Bearer ${long}` }],
    ...["user-information", "cached-basic"].flatMap((id): MalformedRow[] => [
      [id, "no header", "/"],
      [id, "an empty header", "/", { Authorization: "" }],
      [id, "no credentials", "/", { Authorization: "Basic" }],
      [id, "not base64", "/", { Authorization: "Basic alice:TOKEN" }],
      [id, "no colon", "/", { Authorization: "Basic YWxpY2U=" }],
      [id, "another scheme", "/", { Authorization: "Bearer TOKEN" }],
      [id, "another user", "/", { Authorization: "BASIC-OF-BOB" }],
      [id, "no user", "/", { Authorization: "BASIC-OF-NOBODY" }],
      [id, "bytes that are not UTF-8", "/", { Authorization: "Basic //86/w==" }],
    ]),
    ...[...cookies].flatMap(([id, name]): MalformedRow[] => [
      [id, "no cookie", "/"],
      [id, "an empty cookie", "/", { Cookie: `${name}=` }],
      [id, "a name without a value", "/", { Cookie: name }],
      [id, "only separators", "/", { Cookie: ";;=;; =" }],
      [id, "a broken escape", "/", { Cookie: `${name}=%E0%A4%A` }],
      [id, "illegal characters", "/", { Cookie: `${name}=TOKEN,\\ "TOKEN"` }],
      [id, "another name", "/", { Cookie: `${name.toUpperCase()}=TOKEN; x${name}=TOKEN` }],
      [id, "a bad cookie before the good one", "/", { Cookie: `${name}=x; ${name}=TOKEN` }],
      [id, "an object's property", "/", { Cookie: "__proto__=TOKEN" }],
      [id, "8 kB", "/", { Cookie: `${name}=${long}` }],
      [id, "the token in the query", `/?${name}=TOKEN`],
    ]),
  ];
  for (const [technique, name, target, headers = {}] of rows) {
    test(`${technique}: ${name}`, async () => {
      await using lab = await startLabOf(technique);
      const { secret } = lab.tokens.issue("alice", 60_000, false);
      const fill = (text: string): string =>
        text
          .replace("BASIC-OF-BOB", basic("bob", secret))
          .replace("BASIC-OF-NOBODY", basic("", secret))
          .replace("TWICE-BASE64URL", base64url(base64url(secret)))
          .replace("UTF-16-BASE64URL", Buffer.from(secret, "utf16le").toString("base64url"))
          .replace("BASE64URL", base64url(secret))
          .replaceAll("TOKEN", secret);
      const filled = Object.fromEntries(
        Object.entries(headers).map(([key, value]) => [key, fill(value)]),
      );
      const answer = await sendRaw(portOf(lab, technique), handshake(fill(target), filled));
      assert.match(answer, /^HTTP\/1\.1 401 Unauthorized\r\n/u);
      assert.match(answer, /\r\n\r\n(?:no credential|unknown token|token of another user)\n$/u);
      for (const spelling of [secret, base64url(secret)]) {
        assert.ok(!answer.includes(spelling), "the refusal repeats no token");
      }
      await assertGoodIsAccepted(lab, technique);
    });
  }
});

suite("a refusal of HTTP authentication carries the challenge, and no other refusal does", () => {
  for (const { id, stage, challenge } of techniques.filter((each) => each.stage === "handshake")) {
    test(`${id} (${stage})`, async () => {
      await using lab = await startLabOf(id);
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
      ["an oversized message", "x".repeat(40_000), 1009, ""],
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
      await using lab = await startTestLab({ origin: { firstMessageDeadlineMs: 200 } });
      const { events } = await converse(open(endpointOf(lab, "first-message")));
      const close = events.find((event) => event.type === "close");
      assert.deepEqual([close?.code, close?.reason], [1008, "no credential in time"]);
      await assertGoodIsAccepted(lab, "first-message");
    });
  },
);

test("a token that comes when the deadline has passed is not spent", async () => {
  await using lab = await startLabOf("first-message", { origin: { firstMessageDeadlineMs: 50 } });
  const { secret } = lab.tokens.issue("alice", 60_000, true);
  const client = connect(portOf(lab, "first-message"), "127.0.0.1");
  client.write(handshake("/"));
  let received = Buffer.alloc(0);
  client.on("data", (data: Buffer) => {
    const wasClosing = received.includes("no credential in time");
    received = Buffer.concat([received, data]);
    if (wasClosing || !received.includes("no credential in time")) return;
    // Masked with zeros (RFC 6455, 5.2): the token as text, then a close frame.
    client.write(Buffer.from([0x81, 0x80 | secret.length, 0, 0, 0, 0]));
    client.write(secret);
    client.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0]));
  });
  await once(client, "close");
  assert.equal(lab.tokens.redeem(secret).accepted, true);
});

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
    ["padded base64 as subprotocol", handshake("/", { "Sec-WebSocket-Protocol": "a.eA==" }), 400],
    ["a host of somebody's DNS", handshake("/", { Host: "rebound.example.com" }), 403],
    [
      "a page for that host",
      "GET / HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n",
      403,
    ],
    ["no HTTP at all", "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n", 400],
    [
      "an IPv4 address in brackets",
      handshake("/", { Host: "[127.0.0.1]", Origin: "http://localhost" }),
      403,
    ],
    ["oversized headers", handshake("/", { "X-Filler": "x".repeat(20_000) }), 431],
  ];
  for (const { id } of techniques) {
    for (const [name, request, status] of rows) {
      test(`${id}: ${name} gets ${status}`, async () => {
        await using lab = await startLabOf(id);
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
    origin: { maxConnections: 1, firstMessageDeadlineMs: 200 },
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

suite("of the subprotocols that carry a token, none but the marker is selected", () => {
  const rows: [offer: string, selected: string | undefined][] = [
    ["websocket-auth-lab, bearer.TOKEN", "websocket-auth-lab"],
    ["bearer.TOKEN, websocket-auth-lab", "websocket-auth-lab"],
    ["chat,bearer.TOKEN,websocket-auth-lab,superchat", "websocket-auth-lab"],
    ["bearer.TOKEN", undefined],
    ["bearer.TOKEN, chat", undefined],
    ["WebSocket-Auth-Lab, bearer.TOKEN", undefined],
  ];
  for (const [offer, selected] of rows) {
    test(`${offer} -> ${selected ?? "none"}`, async () => {
      await using lab = await startLabOf("subprotocol");
      const { secret } = lab.tokens.issue("alice", 60_000, false);
      const carried = base64url(secret);
      const request = handshake("/", { "Sec-WebSocket-Protocol": offer.replace("TOKEN", carried) });
      // A close frame of the client, masked with zeros, so that the connection ends.
      const goodbye = Buffer.from([0x88, 0x80, 0, 0, 0, 0]);
      const answer = await sendRaw(
        portOf(lab, "subprotocol"),
        Buffer.concat([Buffer.from(request), goodbye]),
      );
      assert.match(answer, /^HTTP\/1\.1 101 [^]*Hello alice!/u);
      const found = /^Sec-WebSocket-Protocol: (?<name>.*)\r$/imu.exec(answer)?.groups?.["name"];
      assert.equal(found, selected);
      assert.ok(!answer.includes(carried) && !answer.includes(secret), "the token is not repeated");
    });
  }
});

/**
 * What a browser adds by itself, so that only `Origin` can be at fault: the technique's cookie, the pair
 * that it remembers, or the header that a proxy makes of the cookie.
 */
function ambient(id: string, secret: string): Record<string, string> {
  const technique = techniques.find((one) => one.id === id);
  if (technique?.challenge !== undefined) return { Authorization: basic("alice", secret) };
  const header = technique?.proxied?.header;
  return header === undefined ? { Cookie: `${technique?.cookie}=${secret}` } : { [header]: secret };
}

/** The page's origin over the handshake's scheme and over the other one, and the server's own. */
interface Origins {
  readonly page: string;
  readonly twin: string;
  readonly server: string;
}

interface Handshake {
  readonly endpoint: URL;
  readonly origins: Origins;
}

function handshakes(lab: Lab, technique: string): [plain: Handshake, secure: Handshake] {
  const { ws, wss } = lab.ports.get(technique) ?? assert.fail();
  const [plain, secure] = [lab.url.origin, lab.secureUrl?.origin ?? assert.fail()];
  return [
    {
      endpoint: new URL(`ws://localhost:${ws}/`),
      origins: { page: plain, twin: secure, server: `http://localhost:${ws}` },
    },
    {
      endpoint: new URL(`wss://localhost:${wss}/`),
      origins: { page: secure, twin: plain, server: `https://localhost:${wss}` },
    },
  ];
}

suite("Origin", () => {
  const foreign: [name: string, origin: (known: Origins) => string][] = [
    ["of another site", () => "http://evil.example"],
    ["of nobody", () => "null"],
    ["without a text", () => ""],
    ["for everybody", () => "*"],
    ["of another port on the page's host", ({ server }) => server],
    ["of the default port on the page's host", ({ page }) => page.replace(/:\d+$/u, "")],
    ["of a name under the page's", ({ page }) => page.replace("localhost", "t1.localhost")],
    ["of a name that begins like the page's", ({ page }) => `${page}.evil.example`],
    ["of another name of this machine", ({ page }) => page.replace("localhost", "127.0.0.1")],
    ["of the page over the other scheme", ({ twin }) => twin],
    ["with the other scheme at the page's port", ({ page, twin }) => mix(twin, page)],
    ["with a slash at its end", ({ page }) => `${page}/`],
    ["in upper case", ({ page }) => page.toUpperCase()],
    ["of the page, and one more", ({ page }) => `${page}, http://evil.example`],
  ];
  // Where a frame of the server's own opens the socket, that is the origin: its tests say so.
  const checking = techniques.filter(
    ({ checksOrigin, opener }) => checksOrigin === true && opener === undefined,
  );

  test("is checked by every technique whose credential browsers add by themselves", () => {
    const adds = /cookie|basic|certificate|proxy/u;
    const unchecked = techniques.filter(
      ({ via, checksOrigin }) => adds.test(via) && checksOrigin !== true,
    );
    assert.deepEqual(
      unchecked.map(({ id }) => id),
      ["session-cookie-unchecked"],
    );
  });

  for (const { id, asksForCertificate } of checking) {
    for (const [name, origin] of foreign) {
      test(`${id} refuses an Origin ${name}, before the token is judged`, async () => {
        await using lab = await startLabOf(id);
        for (const { endpoint, origins } of handshakes(lab, id)) {
          const { secret } = lab.tokens.issue("alice", 60_000, true);
          const answer = await ask(endpoint.href.replace(/^ws/u, "http"), {
            headers: { ...upgrade, ...ambient(id, secret), Origin: origin(origins) },
          });
          assert.deepEqual([answer.status, answer.body], [403, "origin not allowed\n"]);
          const seen = lab.evidence.unattributed.at(-1);
          assert.ok(seen?.type === "request");
          assert.deepEqual([seen.presented, seen.refusal], [null, "origin not allowed"]);
          assert.equal(lab.tokens.redeem(secret).accepted, true, "the token is not spent");
        }
        await assertGoodIsAccepted(lab, id);
      });
    }

    // Whoever has no certificate does not get in, whatever its Origin is.
    if (asksForCertificate === true) continue;

    test(`${id} accepts the page's Origin, over both schemes and on the app's own port`, async () => {
      await using lab = await startLabOf(id);
      for (const { endpoint, origins } of handshakes(lab, id)) {
        const shared = new URL(`/websockets/${id}/`, origins.page.replace(/^http/u, "ws"));
        for (const address of [endpoint, shared]) {
          await assertIsGreeted(lab, id, address, { Origin: origins.page });
        }
      }
    });

    for (const site of ["example.com", "example.net"]) {
      test(`${id} on ws.t1.${site} accepts the page on www.t1.example.com, and no other`, async () => {
        await using lab = await startLabOf(id);
        const page = (host: string): string => `http://${host}:${lab.url.port}`;
        const endpoint = new URL(`ws://ws.t1.${site}:${portOf(lab, id)}/`);
        await assertIsGreeted(lab, id, endpoint, { Origin: page("www.t1.example.com") });
        for (const host of [`ws.t1.${site}`, "www.t2.example.com", "t1.example.com", "localhost"]) {
          const headers = { ...upgrade, Origin: page(host) };
          const answer = await ask(endpoint.href.replace(/^ws/u, "http"), { headers });
          assert.equal(answer.status, 403, host);
        }
      });
    }

    test(`${id} lets a program in, which sends no Origin`, async () => {
      await using lab = await startLabOf(id);
      for (const { endpoint } of handshakes(lab, id)) await assertIsGreeted(lab, id, endpoint, {});
    });
  }

  test("behind a proxy the page's scheme is what the proxy says, and nowhere else", async () => {
    const id = "session-cookie";
    for (const behindProxy of [true, false]) {
      await using lab = await startLabOf(id, { behindProxy });
      const { endpoint, origins } = handshakes(lab, id)[0];
      const [own, other] = behindProxy
        ? [origins.twin, origins.page]
        : [origins.page, origins.twin];
      const proxied = { "X-Forwarded-Proto": "https" };
      await assertIsGreeted(lab, id, endpoint, { ...proxied, Origin: own });
      const headers = { ...upgrade, ...proxied, Origin: other };
      const answer = await ask(endpoint.href.replace(/^ws/u, "http"), { headers });
      assert.equal(answer.status, 403);
    }
  });

  test("behind a proxy the page's port is the proxy's, and the default port is not spelled", async () => {
    const id = "session-cookie";
    await using lab = await startLabOf(id, { behindProxy: true });
    lab.announce(new Map(["app", id].map((name) => [name, { ws: 80, wss: 443 }])));
    const endpoint = endpointOf(lab, id);
    await assertIsGreeted(lab, id, endpoint, { Origin: "http://localhost" });
    const headers = { "X-Forwarded-Proto": "https", Origin: "https://localhost" };
    await assertIsGreeted(lab, id, endpoint, headers);
  });

  for (const [name, origin] of foreign) {
    test(`session-cookie-unchecked lets in an Origin ${name}, which is its flaw`, async () => {
      const id = "session-cookie-unchecked";
      await using lab = await startLabOf(id);
      for (const { endpoint, origins } of handshakes(lab, id)) {
        await assertIsGreeted(lab, id, endpoint, { Origin: origin(origins) });
      }
    });
  }
});

/** The scheme of one origin with the host and port of another. */
function mix(scheme: string, rest: string): string {
  return scheme.replace(/:.*$/u, "") + rest.replace(/^[a-z]+/u, "");
}

async function assertIsGreeted(
  lab: Lab,
  technique: string,
  endpoint: URL,
  headers: Record<string, string>,
): Promise<void> {
  const token = lab.tokens.issue("alice", 60_000, false);
  const { secret } = lab.tokens.derive(token, 60_000, false);
  const all = { ...ambient(technique, secret), ...headers };
  const { events } = await converse(open(endpoint, { headers: all }));
  const greeting = events.find((event) => event.type === "message");
  assert.equal(greeting?.data, "Hello alice!", `${endpoint.href} ${JSON.stringify(headers)}`);
}

test("a header that says https where there is none does no harm", async () => {
  await using lab = await startLabOf("forward-auth", { certificates: null });
  const claim = { Origin: "https://localhost", "X-Forwarded-Proto": "https" };
  const answer = await sendRaw(portOf(lab, "forward-auth"), handshake("/", claim));
  assert.match(answer, /^HTTP\/1\.1 403 /u);
});

suite("a header too large for Node's default is evidence, whatever it was to be", () => {
  const filler = { "X-Filler": "x".repeat(17_000) };
  const rows = [
    { name: "a handshake", request: handshake("/?attempt=a", filler), upgrade: true },
    {
      name: "a page's request",
      request: handshake("/?attempt=a", { ...filler, Connection: "close", Upgrade: "no" }),
      upgrade: false,
    },
  ];
  for (const { name, request, upgrade: isUpgrade } of rows) {
    test(name, async () => {
      await using lab = await startLabOf("query-parameter");
      lab.evidence.open("a");
      await sendRaw(portOf(lab, "query-parameter"), request);
      const [seen] = await lab.evidence.take("a", 0);
      assert.ok(seen?.type === "request");
      assert.deepEqual([seen.status, seen.upgrade], [431, isUpgrade]);
    });
  }
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
  const page = await ask(new URL("/page.json", frame));
  assert.deepEqual(JSON.parse(page.body), {
    origin: lab.url.origin,
    cookie: "cookie-iframe",
    attributes: "SameSite=Strict",
  });
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
