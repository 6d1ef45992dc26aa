import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { nanoid } from "nanoid";
import { Canaries } from "../../server/canaries.ts";
import { createJsonWebTokens } from "../../server/json-web-tokens.ts";
import { Tokens } from "../../server/tokens.ts";

const rows: readonly (readonly [name: string, write: (token: string) => string])[] = [
  ["as it is", (token) => token],
  ["within a longer word", (token) => `x${token}y`],
  ["in base64", (token) => Buffer.from(token).toString("base64")],
  ["in base64 of a pair", (token) => Buffer.from(`alice:${token}`).toString("base64")],
  ["in base64url, in a path", (token) => `/${Buffer.from(`a${token}`).toString("base64url")}/`],
  [
    "percent-encoded",
    (token) => token.replaceAll(/./gsu, (c) => `%${c.charCodeAt(0).toString(16)}`),
  ],
  [
    "in base64, percent-encoded",
    (token) => encodeURIComponent(Buffer.from(`${token}?>`).toString("base64")),
  ],
];

suite("canaries", () => {
  for (const [name, write] of rows) {
    test(`sing of a token ${name}`, () => {
      const canaries = new Canaries();
      const token = nanoid(34);
      canaries.add(token, "#5");
      assert.equal(canaries.findIn(`{"text":"${write(token)}"}`)?.serial, "#5");
      assert.equal(canaries.findIn(`{"text":"${write(nanoid(34))}"}`), null);
    });
  }

  test("sing of a JSON Web Token's signature", async () => {
    const { issuer } = await createJsonWebTokens();
    const canaries = new Canaries();
    const token = await issuer.issue("#8", "alice", 60_000);
    canaries.add(token, "#8");
    assert.deepEqual(canaries.findIn(`a ${token} b`), { serial: "#8", encoding: "raw" });
    assert.equal(canaries.findIn(`a ${await issuer.issue("#8", "alice", 61_000)} b`), null);
  });

  test("know tokens, forged ones and derived ones that the store has forgotten", () => {
    let now = 0;
    const canaries = new Canaries();
    const tokens = new Tokens({ now: () => now, remembranceMs: 0, onSecret: canaries.add });
    const token = tokens.issue("alice", 10, true);
    const derived = tokens.derive(token, 10, true);
    const forged = tokens.forge("alice");
    now = 1_000;
    for (let more = 0; more < 10; more += 1) tokens.issue("alice", 10, true);
    assert.equal(tokens.ownerOf(token.secret), undefined);
    for (const { secret, serial } of [token, derived, forged]) {
      assert.equal(canaries.findIn(`…${secret}…`)?.serial, serial);
    }
  });

  test("forget the oldest when there are too many", () => {
    const canaries = new Canaries(1);
    const [first, second] = [nanoid(34), nanoid(34)];
    canaries.add(first, "#1");
    canaries.add(second, "#2");
    assert.equal(canaries.findIn(first), null);
    assert.equal(canaries.findIn(second)?.serial, "#2");
  });
});
