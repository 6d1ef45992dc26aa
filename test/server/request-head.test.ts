import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createJsonWebTokens, jsonWebTokensIn } from "../../server/json-web-tokens.ts";
import { headOf, type HeadDetail } from "../../server/request-head.ts";
import { Canaries } from "../../server/canaries.ts";
import { Tokens } from "../../server/tokens.ts";

const canaries = new Canaries();
const tokens = new Tokens({ onSecret: canaries.add });
const { secret: token } = tokens.issue("alice", 60_000, false);
const { secret: earlier } = tokens.issue("alice", 60_000, false);
const { secret: awkward } = tokens.issue("alice", 60_000, false, "awkward");
const { secret: long } = tokens.issue("alice", 60_000, false, "8k");
const { secret: forged } = tokens.forge("alice");
const { secret: traded } = tokens.derive(
  { serial: "#1", user: "alice", secret: token },
  60_000,
  false,
);
const { issuer } = await createJsonWebTokens();
const jsonWebToken = await issuer.issue("#9", "alice", 60_000);
canaries.add(jsonWebToken, "#9");

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const asNodeReads = (text: string): string => Buffer.from(text).toString("latin1");

function head(
  target: string,
  rawHeaders: readonly string[],
  detail: HeadDetail = "credentials",
): readonly string[] {
  const lines = headOf(
    { method: "GET", target, httpVersion: "1.1", rawHeaders },
    detail,
    (text) => [...tokens.knownIn(text), ...jsonWebTokensIn(text)],
  );
  assert.equal(canaries.findIn(lines.join("\n")), null);
  return lines;
}

suite("a head shows no secret, in whatever encoding it came", () => {
  const rows: readonly (readonly [name: string, target: string, shown: string])[] = [
    ["a token in the query", `/?token=${token}`, "/?token=‹#1›"],
    ["in the path", `/${token}/?attempt=a-_1&b`, "/‹#1›/?attempt=…&b"],
    ["what was traded for it", `/?ticket=${traded}`, "/?ticket=‹#1›"],
    ["one that was never issued", `/?token=${forged}`, "/?token=‹#5›"],
    ["one with an escape in it", `/?token=${encodeURIComponent(awkward)}`, "/?token=‹#3›"],
    ["one of 8 KiB", `/?token=${long}&a=b`, "/?token=‹#4›&a=b"],
    ["a JSON Web Token", `/?token=${jsonWebToken}`, "/?token=‹#9›"],
    ["two", `/?token=${token}&token=${earlier}`, "/?token=‹#1›&token=‹#2›"],
    [
      "a signature",
      `/?id=${token.slice(0, 12)}&signature=${"0f".repeat(32)}`,
      `/?id=${token.slice(0, 12)}&signature=…`,
    ],
  ];
  for (const [name, target, shown] of rows) {
    test(name, () => assert.deepEqual(head(target, []), [`GET ${shown} HTTP/1.1`]));
  }

  const fields: readonly (readonly [
    name: string,
    header: string,
    value: string,
    shown: string | RegExp,
  ])[] = [
    ["a cookie", "Cookie", `token=${token}`, "token=‹#1›"],
    ["two cookies", "Cookie", `token=${earlier}; token=${token}`, "token=‹#2›; token=‹#1›"],
    ["a cookie of bytes that are UTF-8", "Cookie", asNodeReads(`t=${awkward}`), "t=‹#3›"],
    [
      "Basic credentials",
      "Authorization",
      `Basic ${base64(`alice:${token}`)}`,
      /^Basic YWxpY2U6?‹#1›=*$/u,
    ],
    [
      "Basic credentials with a JSON Web Token",
      "Authorization",
      `Basic ${base64(`al:${jsonWebToken}`)}`,
      /^Basic [\w]{0,4}‹#9›=*$/u,
    ],
    ["a bearer", "authorization", `Bearer ${token}`, "Bearer ‹#1›"],
    ["a subprotocol", "Sec-WebSocket-Protocol", `a, b.${base64url(awkward)}`, /^a, b\.‹#3›$/u],
    ["base64 of base64", "Sec-WebSocket-Protocol", base64url(base64(token)), /^‹#1›\w{0,2}$/u],
  ];
  for (const [name, header, value, shown] of fields) {
    test(name, () => {
      const [, line = ""] = head("/", [header, value]);
      if (typeof shown === "string") assert.equal(line, `${header}: ${shown}`);
      else assert.match(line.replace(`${header}: `, ""), shown);
    });
  }
});

suite("a head shows nothing of what others keep on this host", () => {
  const rows: readonly (readonly [header: string, value: string, shown: string])[] = [
    ["Cookie", `sid=x; token=${token}; theme=dark`, "sid=…; token=‹#1›; theme=…"],
    ["Cookie", "nameless", "…"],
    ["Cookie", "a=b=c; d", "a=…; …"],
    ["Authorization", "Basic YWRtaW46YWRtaW4=", "Basic …"],
    ["Authorization", "opaque", "…"],
  ];
  for (const [header, value, shown] of rows) {
    test(`${header}: ${value.replace(token, "TOKEN")}`, () => {
      assert.deepEqual(head("/", [header, value]).slice(1), [`${header}: ${shown}`]);
    });
  }
});

test("of a trial's request, those fields are kept that say who asks and with what", () => {
  const raw = [
    "Host",
    "localhost",
    "User-Agent",
    "x",
    "SEC-fetch-mode",
    "websocket",
    "origin",
    "null",
  ];
  assert.deepEqual(head("/", raw), [
    "GET / HTTP/1.1",
    "Host: localhost",
    "SEC-fetch-mode: websocket",
    "origin: null",
  ]);
});

test("of a live attempt's request, all are, in their order", () => {
  const raw = [
    "Host",
    "localhost",
    "User-Agent",
    "x",
    "Sec-WebSocket-Key",
    "dGhlIHNhbXBsZSBub25jZQ==",
  ];
  assert.deepEqual(head("/", raw, "whole").slice(1), [
    "Host: localhost",
    "User-Agent: x",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ]);
});

test("a head is no longer than 40 lines of 600 characters, and no token is cut in two", () => {
  const many = Array.from({ length: 100 }, () => ["X-A", "b"]).flat();
  assert.equal(head("/", many, "whole").length, 40);
  const [line = ""] = head(`/${"-".repeat(20)}${".".repeat(560)}${token}${".".repeat(100)}`, []);
  assert.equal(line.length, 601);
  assert.ok(line.includes("‹#1›"));
  assert.ok(line.endsWith("…"));
});
