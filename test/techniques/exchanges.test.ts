import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { suite, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Evidence } from "../../model/observation.ts";
import type { Lab } from "../../server/lab.ts";
import type { Token } from "../../server/tokens.ts";
import { techniques } from "../../techniques/index.ts";
import { ask, converse, open, present, type Answer } from "../client.ts";
import { startLabOf } from "../start-lab.ts";

/** Where each technique trades a token for a secret. */
const routes: ReadonlyMap<string, string> = new Map([
  ["ticket", "ticket"],
  ["session-cookie", "login"],
  ["session-cookie-unchecked", "login"],
  ["cookie-cors-strict", "cookie"],
  ["cookie-cors-lax", "cookie"],
  ["cookie-cors-none", "cookie"],
  ["cookie-cors-partitioned", "cookie"],
  ["parent-domain-cookie", "login"],
]);

interface Place {
  readonly hostname?: string;
  readonly secure?: boolean;
  readonly attempt?: string;
}

function endpointOf(
  lab: Lab,
  technique: string,
  { hostname = "localhost", secure = false, attempt }: Place = {},
): URL {
  const { ws, wss } = lab.ports.get(technique) ?? assert.fail();
  const url = new URL(secure ? `wss://${hostname}:${wss}/` : `ws://${hostname}:${ws}/`);
  if (attempt !== undefined) url.searchParams.set("attempt", attempt);
  return url;
}

function routeOf(lab: Lab, technique: string, place?: Place): URL {
  const endpoint = endpointOf(lab, technique, place);
  return new URL(
    `${routes.get(technique)}${endpoint.search}`,
    endpoint.href.replace(/^ws/u, "http"),
  );
}

function trade(
  lab: Lab,
  technique: string,
  token: string,
  { headers = {}, ...place }: Place & { readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  return ask(routeOf(lab, technique, place), {
    method: "POST",
    headers: { "Content-Type": "text/plain", ...headers },
    body: token,
  });
}

/** What an exchange answers with: a cookie, or the secret itself. */
function secretOf({ status, headers, body }: Answer): string {
  assert.ok(status === 200 || status === 204, `${status} ${body}`);
  const [cookie] = headers["set-cookie"] ?? [];
  if (cookie === undefined) return body;
  return /^[^=]+=(?<value>[^;]+)/u.exec(cookie)?.groups?.["value"] ?? assert.fail(cookie);
}

/** Presents what an exchange gave; resolves with the greeting, undefined when there was none. */
async function greetingFor(
  lab: Lab,
  technique: string,
  secret: string,
  attempt?: string,
): Promise<string | undefined> {
  const endpoint = endpointOf(lab, technique, attempt === undefined ? {} : { attempt });
  if (technique === "ticket") endpoint.searchParams.set("ticket", secret);
  const headers = technique === "ticket" ? {} : { Cookie: `${technique}=${secret}` };
  const { events } = await converse(open(endpoint, { headers }));
  return events.find((event) => event.type === "message")?.data;
}

function requests(evidence: readonly Evidence[]): unknown[] {
  return evidence.flatMap((entry) =>
    entry.type === "request"
      ? [[entry.method, entry.status, entry.presented, entry.via, entry.user, entry.refusal]]
      : [],
  );
}

async function assertGoodIsAccepted(lab: Lab, technique: string): Promise<void> {
  const { user, secret: token } = lab.tokens.issue("alice", 60_000, false);
  const socket = await present(technique, endpointOf(lab, technique), { user, token });
  const { events } = await converse(socket);
  assert.ok(events.some((event) => event.type === "message" && event.data === "Hello alice!"));
}

for (const [technique, route] of routes) {
  suite(`the exchange of ${technique}`, () => {
    const via = techniques.find(({ id }) => id === technique)?.via;

    test("gives another secret, which is let in under the token's serial", async () => {
      await using lab = await startLabOf(technique);
      lab.tokens.issue("bob", 60_000, false);
      const { secret: token, serial } = lab.tokens.issue("alice", 60_000, false);
      lab.evidence.open("a");
      const answer = await trade(lab, technique, token, { attempt: "a" });
      const secret = secretOf(answer);
      assert.notEqual(secret, token);
      assert.equal(await greetingFor(lab, technique, secret, "a"), "Hello alice!");
      const evidence = await lab.evidence.take("a", 1_000);
      assert.deepEqual(requests(evidence), [
        ["POST", answer.status, serial, "exchange", null, null],
        ["GET", 101, serial, via, "alice", null],
      ]);
      assert.ok(!JSON.stringify(answer).includes(token), "the answer does not repeat the token");
      for (const kept of [token, secret]) assert.ok(!JSON.stringify(evidence).includes(kept));
    });

    const refused: [name: string, refusal: string, make: (lab: Lab) => Token | Promise<Token>][] = [
      ["forged", "unknown token", (lab) => lab.tokens.forge("alice")],
      [
        "expired",
        "expired token",
        async (lab) => {
          const token = lab.tokens.issue("alice", 1, false);
          await lab.tokens.whenExpired(token);
          return token;
        },
      ],
      [
        "revoked",
        "revoked token",
        (lab) => {
          const token = lab.tokens.issue("alice", 60_000, false);
          lab.tokens.revoke(token.secret);
          return token;
        },
      ],
      [
        "used",
        "token already used",
        (lab) => {
          const token = lab.tokens.issue("alice", 60_000, true);
          lab.tokens.redeem(token.secret);
          return token;
        },
      ],
    ];
    for (const [name, refusal, make] of refused) {
      test(`refuses a token that is ${name} with 401, and evidence names it`, async () => {
        await using lab = await startLabOf(technique);
        const { secret: token, serial } = await make(lab);
        lab.evidence.open("a");
        const answer = await trade(lab, technique, token, { attempt: "a" });
        assert.deepEqual([answer.status, answer.body], [401, `${refusal}\n`]);
        assert.equal(answer.headers["set-cookie"], undefined);
        const evidence = await lab.evidence.take("a", 1_000);
        assert.deepEqual(requests(evidence), [["POST", 401, serial, "exchange", null, refusal]]);
        assert.ok(!JSON.stringify([answer, evidence]).includes(token));
        await assertGoodIsAccepted(lab, technique);
      });
    }

    const foreign: [name: string, origin: (lab: Lab) => string][] = [
      ["another site", () => "http://evil.example"],
      ["nobody", () => "null"],
      ["another port of the page's host", (lab) => routeOf(lab, technique).origin],
      ["the page over the other scheme", (lab) => lab.secureUrl?.origin ?? assert.fail()],
    ];
    for (const [name, origin] of foreign) {
      test(`refuses the Origin of ${name} with 403, before the token is judged`, async () => {
        await using lab = await startLabOf(technique);
        const { secret: token } = lab.tokens.issue("alice", 60_000, true);
        lab.evidence.open("a");
        const headers = { Origin: origin(lab) };
        const answer = await trade(lab, technique, token, { headers, attempt: "a" });
        assert.deepEqual([answer.status, answer.body], [403, "origin not allowed\n"]);
        assert.equal(answer.headers["set-cookie"], undefined);
        assert.deepEqual(requests(await lab.evidence.take("a", 1_000)), [
          ["POST", 403, null, null, null, "origin not allowed"],
        ]);
        const own = { Origin: lab.url.origin };
        secretOf(await trade(lab, technique, token, { headers: own }));
      });
    }

    test("spends a single-use token, and what it gave stays good", async () => {
      await using lab = await startLabOf(technique);
      const { secret: token } = lab.tokens.issue("alice", 60_000, true);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => trade(lab, technique, token)),
      );
      const [given, ...others] = answers.filter(({ status }) => status !== 401);
      assert.ok(given !== undefined && others.length === 0, "exactly one exchange is accepted");
      assert.equal((await trade(lab, technique, token)).body, "token already used\n");
      assert.equal(await greetingFor(lab, technique, secretOf(given)), "Hello alice!");
    });

    test("takes no secret that an exchange gave, which would never end", async () => {
      await using lab = await startLabOf(technique);
      const { secret: token } = lab.tokens.issue("alice", 60_000, false);
      const secret = secretOf(await trade(lab, technique, token));
      const again = await trade(lab, technique, secret);
      assert.deepEqual([again.status, again.body], [401, "not a token\n"]);
      assert.equal(again.headers["set-cookie"], undefined);
    });

    test("cannot be left out: the token itself is not accepted", async () => {
      await using lab = await startLabOf(technique);
      const { secret: token, serial } = lab.tokens.issue("alice", 60_000, false);
      lab.evidence.open("a");
      assert.equal(await greetingFor(lab, technique, token, "a"), undefined);
      assert.deepEqual(requests(await lab.evidence.take("a", 1_000)), [
        ["GET", 401, serial, via, null, "token was not exchanged"],
      ]);
    });

    test("gives what is refused once the token is revoked", async () => {
      await using lab = await startLabOf(technique);
      const { secret: token, serial } = lab.tokens.issue("alice", 60_000, false);
      const secret = secretOf(await trade(lab, technique, token));
      lab.tokens.revoke(token);
      lab.evidence.open("a");
      assert.equal(await greetingFor(lab, technique, secret, "a"), undefined);
      assert.deepEqual(requests(await lab.evidence.take("a", 1_000)), [
        ["GET", 401, serial, via, null, "revoked token"],
      ]);
    });

    const admits = technique === "ticket" ? 1 : 20;
    test(`gives what admits ${admits} of 20 at the same time`, async () => {
      await using lab = await startLabOf(technique);
      const { secret: token } = lab.tokens.issue("alice", 60_000, false);
      const secret = secretOf(await trade(lab, technique, token));
      const greetings = await Promise.all(
        Array.from({ length: 20 }, () => greetingFor(lab, technique, secret)),
      );
      assert.equal(greetings.filter((greeting) => greeting === "Hello alice!").length, admits);
    });

    interface Malformed {
      readonly name: string;
      readonly status: number;
      readonly method?: string;
      readonly path?: string;
      readonly headers?: Record<string, string>;
      readonly body?: (token: string) => string | Uint8Array<ArrayBuffer>;
    }
    const malformed: readonly Malformed[] = [
      { name: "an empty body", status: 401, body: () => "" },
      { name: "another type of body", status: 401, headers: { "Content-Type": "text/html" } },
      { name: "no type of body", status: 401, headers: { "Content-Type": "" } },
      {
        name: "JSON",
        status: 401,
        headers: { "Content-Type": "application/json" },
        body: (token) => JSON.stringify(token),
      },
      {
        name: "a form",
        status: 401,
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: (token) => `token=${token}`,
      },
      { name: "the token twice", status: 401, body: (token) => `${token}\n${token}` },
      { name: "white space after the token", status: 401, body: (token) => `${token}\n` },
      { name: "quotes around the token", status: 401, body: (token) => `"${token}"` },
      {
        name: "the token in another encoding",
        status: 401,
        body: (token) => Buffer.from(token, "utf16le"),
      },
      {
        name: "bytes that are not UTF-8",
        status: 401,
        body: () => Buffer.from([0xff, 0xfe, 0x00]),
      },
      { name: "the token in the query", status: 401, path: `${route}?token=TOKEN`, body: () => "" },
      { name: "an oversized body", status: 413, body: () => "x".repeat(200_000) },
      {
        name: "an oversized body that was small on its way",
        status: 413,
        headers: { "Content-Encoding": "gzip" },
        body: () => gzipSync("x".repeat(5_000_000)),
      },
      { name: "broken gzip", status: 400, headers: { "Content-Encoding": "gzip" } },
      { name: "an unknown encoding", status: 415, headers: { "Content-Encoding": "x" } },
      {
        name: "an unknown character set",
        status: 415,
        headers: { "Content-Type": "text/plain; charset=x" },
      },
      { name: "GET", status: 426, method: "GET" },
      { name: "PUT", status: 426, method: "PUT" },
      { name: "a longer path", status: 426, path: `${route}/TOKEN` },
      { name: "a shorter path", status: 426, path: "" },
    ];
    for (const row of malformed) {
      const { name, status, method = "POST", path = route, headers = {} } = row;
      test(`answers ${name} with ${status}, spends nothing, and goes on`, async () => {
        await using lab = await startLabOf(technique);
        const { secret: token } = lab.tokens.issue("alice", 60_000, true);
        const url = endpointOf(lab, technique).href.replace(/^ws/u, "http");
        const body = Buffer.from(row.body?.(token) ?? token);
        const answer = await fetch(new URL(path.replace("TOKEN", token), url), {
          method,
          headers: { "Content-Type": "text/plain", ...headers },
          body: method === "GET" ? null : body,
        });
        const text = await answer.text();
        assert.equal(answer.status, status, text);
        assert.equal(answer.headers.get("set-cookie"), null);
        assert.doesNotMatch(text, /node_modules|\.ts\b.*\d+:\d+/u);
        assert.ok(!text.includes(token), "the answer does not repeat the token");
        assert.equal(lab.tokens.redeem(token).accepted, true);
        await assertGoodIsAccepted(lab, technique);
      });
    }

    test("goes on after a body that breaks off", async () => {
      await using lab = await startLabOf(technique);
      const { secret: token } = lab.tokens.issue("alice", 60_000, true);
      const socket = connect(lab.ports.get(technique)?.ws ?? 0, "127.0.0.1");
      const head = [
        `POST /${route} HTTP/1.1`,
        "Host: localhost",
        "Content-Type: text/plain",
        "Content-Length: 100",
      ];
      socket.write(`${head.join("\r\n")}\r\n\r\n${token}`);
      await once(socket, "connect");
      socket.resetAndDestroy();
      await assertGoodIsAccepted(lab, technique);
      assert.equal(lab.tokens.redeem(token).accepted, true);
    });
  });
}

suite("a cookie has exactly the attributes that its technique says", () => {
  const rows: [technique: string, hostname: string, attributes: string[], overTls: string[]][] = [
    ["session-cookie", "t1.localhost", ["HttpOnly", "Path=/", "SameSite=Lax"], ["Secure"]],
    [
      "session-cookie-unchecked",
      "t1.localhost",
      ["HttpOnly", "Path=/", "SameSite=Lax"],
      ["Secure"],
    ],
    ["cookie-cors-strict", "ws.t1.example.com", ["HttpOnly", "Path=/", "SameSite=Strict"], []],
    ["cookie-cors-lax", "ws.t1.example.com", ["HttpOnly", "Path=/", "SameSite=Lax"], []],
    [
      "cookie-cors-none",
      "ws.t1.example.net",
      ["HttpOnly", "Path=/", "SameSite=None", "Secure"],
      [],
    ],
    [
      "cookie-cors-partitioned",
      "ws.t1.example.net",
      ["HttpOnly", "Partitioned", "Path=/", "SameSite=None", "Secure"],
      [],
    ],
    [
      "parent-domain-cookie",
      "www.t1.example.com",
      ["Domain=t1.example.com", "HttpOnly", "Path=/", "SameSite=Strict"],
      ["Secure"],
    ],
    [
      "parent-domain-cookie",
      "www.t1.shop.example.com",
      ["Domain=t1.shop.example.com", "HttpOnly", "Path=/", "SameSite=Strict"],
      ["Secure"],
    ],
  ];
  for (const [technique, hostname, attributes, overTls] of rows) {
    test(`${technique} on ${hostname}: ${attributes.join("; ")}`, async () => {
      await using lab = await startLabOf(technique);
      for (const secure of [false, true]) {
        const { secret: token } = lab.tokens.issue("alice", 60_000, false);
        const answer = await trade(lab, technique, token, { hostname, secure });
        const [cookie, ...others] = answer.headers["set-cookie"] ?? [];
        assert.equal(others.length, 0);
        const [pair, ...found] = cookie?.split("; ") ?? [];
        assert.equal(pair, `${technique}=${secretOf(answer)}`);
        const expected = secure ? [...attributes, ...overTls] : attributes;
        assert.deepEqual(found.toSorted(), expected.toSorted());
      }
    });
  }

  test("no name that a client makes up for its host reaches the Domain attribute", async () => {
    await using lab = await startLabOf("parent-domain-cookie");
    const { secret: token } = lab.tokens.issue("alice", 60_000, false);
    const headers = { "X-Forwarded-Host": "www.evil.example" };
    const hostname = "www.t1.example.com";
    const answer = await trade(lab, "parent-domain-cookie", token, { hostname, headers });
    assert.match(String(answer.headers["set-cookie"]), /; Domain=t1\.example\.com;/u);
  });
});

suite("across origins, an exchange's answer can be read", () => {
  const pages: [host: string, page: string][] = [
    ["localhost", "localhost"],
    ["t1.localhost", "t1.localhost"],
    ["ws.t1.example.com", "www.t1.example.com"],
    ["ws.t1.example.net", "www.t1.example.com"],
  ];
  for (const [technique, route] of routes) {
    const isShared = route === "cookie";
    test(`${technique}: ${isShared ? "by the page that belongs to its host" : "by nobody"}`, async () => {
      await using lab = await startLabOf(technique);
      for (const [hostname, page] of pages) {
        for (const secure of [false, true]) {
          const own = `${secure ? "https" : "http"}://${page}:${(secure ? lab.secureUrl : lab.url)?.port}`;
          for (const origin of [own, "http://evil.example", "null"]) {
            const { secret: token } = lab.tokens.issue("alice", 60_000, false);
            for (const body of [token, "bad"]) {
              const headers = { Origin: origin };
              const answer = await trade(lab, technique, body, { hostname, secure, headers });
              const { headers: found } = answer;
              assert.deepEqual(
                [found["access-control-allow-origin"], found["access-control-allow-credentials"]],
                isShared ? [own, "true"] : [undefined, undefined],
              );
            }
          }
        }
      }
    });

    test(`${technique}: a preflight gets no leave`, async () => {
      await using lab = await startLabOf(technique);
      const headers = {
        Origin: lab.url.origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-other",
      };
      const answer = await ask(routeOf(lab, technique), { method: "OPTIONS", headers });
      assert.equal(answer.headers["access-control-allow-headers"], undefined);
      assert.equal(answer.headers["access-control-allow-origin"], undefined);
    });
  }
});
