import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { suite, test } from "node:test";
import { nanoid } from "nanoid";
import { createJsonWebTokens } from "../../server/json-web-tokens.ts";
import { findLeak } from "../../server/leak-scan.ts";
import type { TokenEncoding } from "../../model/observation.ts";

const { issuer } = await createJsonWebTokens();

const makeToken: readonly (readonly [shape: string, () => string | Promise<string>])[] = [
  ["an opaque token", () => nanoid(34)],
  ["a token of hexadecimal digits", () => randomBytes(20).toString("hex")],
  ["a JSON Web Token", () => issuer.issue("#3", "alice", 60_000)],
  ["an awkward token", () => `${nanoid(34)}=+/:;@%ü€😀`],
  ["a token of 16 KiB", () => `${nanoid(34)}${"x".repeat(16_350)}`],
];

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const base64url = (text: string): string => Buffer.from(text).toString("base64url");
const everyByte = (text: string, hex: (byte: string) => string): string =>
  [...Buffer.from(text)].map((byte) => hex(byte.toString(16).padStart(2, "0"))).join("");
const userInformation = (token: string): string => {
  const url = new URL("ws://localhost/");
  url.password = token;
  return url.password;
};

const encoders: readonly (readonly [
  name: string,
  write: (token: string) => string,
  encodings: readonly TokenEncoding[],
])[] = [
  ["as it is", (token) => token, ["raw"]],
  ["as Node reads a header field", (token) => Buffer.from(token).toString("latin1"), ["raw"]],
  [
    "as nginx logs it",
    (token) =>
      Buffer.from(token)
        .toString("latin1")
        .replaceAll(/[^ -~]/gu, (byte) => `\\x${byte.charCodeAt(0).toString(16).toUpperCase()}`),
    ["raw"],
  ],
  ["by encodeURIComponent", encodeURIComponent, ["raw", "percent"]],
  ["as a form", (token) => new URLSearchParams({ token }).toString(), ["raw", "percent"]],
  ["as user information", userInformation, ["raw", "percent"]],
  ["in lower case, every byte", (token) => everyByte(token, (hex) => `%${hex}`), ["percent"]],
  ["percent-encoded twice", (token) => everyByte(token, (hex) => `%25${hex}`), ["percent"]],
  ["in base64", base64, ["base64", "base64url"]],
  ["in base64, percent-encoded", (token) => encodeURIComponent(base64(token)), ["base64"]],
  ["in base64url", base64url, ["base64url", "base64"]],
  ...["", "a", "al", "ali"].flatMap((user) =>
    ["", "!", "!!"].map(
      (after) =>
        [
          `in base64 of "${user}:" and itself and "${after}"`,
          (token: string) => base64(`${user}:${token}${after}`),
          ["base64", "base64url"],
        ] as const,
    ),
  ),
  ["in base64url after ü", (token) => base64url(`ü${token}`), ["base64url", "base64"]],
  ["in base64 of base64", (token) => base64(base64(token)), ["base64", "base64url"]],
  [
    "percent-encoded, in base64",
    (token) => base64(everyByte(token, (hex) => `%${hex}`)),
    ["base64", "base64url"],
  ],
];

const lines: readonly (readonly [name: string, around: (text: string) => string])[] = [
  ["a path", (text) => `GET /sockets/${text} HTTP/1.1`],
  ["a query", (text) => `127.0.0.1 - - "GET /?token=${text}&attempt=abc HTTP/1.1" 101`],
  ["a subprotocol", (text) => `Sec-WebSocket-Protocol: lab, bearer.${text}`],
  ["a header field of many", (text) => `one: two\r\nAuthorization: Basic ${text}\r\nlast: one`],
];

for (const [shape, make] of makeToken) {
  suite(`${shape} is found, and hidden`, () => {
    for (const [name, write, expected] of encoders) {
      test(name, async () => {
        for (const [place, around] of lines) {
          const token = await make();
          const canaries = [{ serial: "#3", secret: token }] as const;
          const written = write(token);
          const leak = findLeak(around(written), canaries);
          assert.ok(leak !== null, place);
          assert.equal(leak.serial, "#3");
          assert.ok(expected.includes(leak.encoding), `${place}: ${leak.encoding}`);
          assert.match(leak.excerpt, /\(token #3\)/u);
          assert.equal(findLeak(leak.excerpt, canaries), null);
          assert.ok(Array.from(leak.excerpt).length <= 202, place);
          for (let start = 0; start + 12 <= Math.min(written.length, 60); start += 1) {
            assert.ok(!leak.excerpt.includes(written.slice(start, start + 12)), place);
          }
        }
      });
    }
  });
}

suite("a leak", () => {
  const secret = nanoid(34);
  const canaries = [{ serial: "#7", secret }] as const;

  test("is no other token, and no part of one", () => {
    const other = nanoid(34);
    for (const text of [
      "",
      "nothing",
      other,
      encodeURIComponent(`${other}=`),
      base64(`alice:${other}`),
      base64url(other),
      secret.slice(0, 33),
      secret.toUpperCase() === secret ? "" : secret.toUpperCase(),
    ]) {
      assert.equal(findLeak(text, canaries), null);
    }
  });

  test("is told in its plainest form, wherever that is in the text", () => {
    const text = `Authorization: Basic ${base64(`alice:${secret}`)}\nGET /?token=${secret}`;
    assert.deepEqual(findLeak(text, canaries), {
      serial: "#7",
      encoding: "raw",
      excerpt: "GET /?token=(token #7)",
    });
  });

  test("is hidden in all of its encodings when they share a line", () => {
    const text = `${secret} ${base64(`alice:${secret}`)} ${everyByte(secret, (hex) => `%${hex}`)}`;
    const excerpt = findLeak(text, canaries)?.excerpt;
    assert.equal(excerpt, "(token #7) YWxpY2U6(token #7)== (token #7)");
  });

  test("is shown within a long line by what is around it", () => {
    const line = `${"ä ".repeat(500)}before ${secret} after${" ö".repeat(500)}`;
    const { excerpt = "" } = findLeak(line, canaries) ?? {};
    assert.match(excerpt, /^….* before \(token #7\) after .*…$/u);
    assert.equal(Array.from(excerpt).length, 202);
  });

  // The header is the same in all of them.
  for (const part of [1, 2]) {
    test(`is part ${part + 1} of a JSON Web Token alone`, async () => {
      const token = await issuer.issue("#9", "alice", 60_000);
      const segment = token.split(".")[part] ?? "";
      assert.deepEqual(findLeak(`log: ${segment};`, [{ serial: "#9", secret: token }]), {
        serial: "#9",
        encoding: "raw",
        excerpt: "log: (token #9);",
      });
    });
  }

  test("is a long token that was cut", () => {
    const long = `${nanoid(34)}${"x".repeat(16_350)}`;
    const leak = findLeak(`url: ${long.slice(0, 1_000)}…`, [{ serial: "#2", secret: long }]);
    assert.equal(leak?.excerpt, "url: (token #2)…");
  });

  test("of several secrets names each by its serial", () => {
    const session = nanoid(34);
    const both = [...canaries, { serial: "#7", secret: session }] as const;
    const leak = findLeak(`token=${secret}; session=${session}`, both);
    assert.equal(leak?.excerpt, "token=(token #7); session=(token #7)");
  });

  test("cannot be looked for without a secret", () => {
    assert.equal(findLeak("a text", [{ serial: "#1", secret: "" }]), null);
  });
});
