import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { decodeJwt, SignJWT, UnsecuredJWT } from "jose";
import {
  createJsonWebTokens,
  isJsonWebToken,
  redactJsonWebTokens,
} from "../../server/json-web-tokens.ts";

const { issuer, verifier } = await createJsonWebTokens();
const good = await issuer.issue("#7", "alice", 60_000);

test("a signed token says whose it is, and asks nobody", async () => {
  const verification = await verifier.verify(good);
  assert.ok(verification.accepted);
  const { serial, user, expiresInMs } = verification;
  assert.deepEqual([serial, user], ["#7", "alice"]);
  assert.ok(expiresInMs > 0 && expiresInMs <= 60_000, String(expiresInMs));
});

for (const agoMs of [1, 1_000]) {
  test(`one that ran out ${agoMs} ms ago is refused by that name, and known by its serial`, async () => {
    const expired = await issuer.issue("#8", "alice", -agoMs);
    assert.deepEqual(await verifier.verify(expired), {
      accepted: false,
      serial: "#8",
      refusal: "expired token",
    });
  });
}

suite("what nobody here signed is an unknown token, whatever it claims", () => {
  const [header = "", payload = "", signature = ""] = good.split(".");
  const claims = decodeJwt(good);
  const altered = Buffer.from(JSON.stringify({ ...claims, sub: "mallory" })).toString("base64url");
  const secret = new TextEncoder().encode("a secret of thirty-two characters");
  const rows: { name: string; token: () => string | Promise<string> }[] = [
    { name: "an altered user", token: () => [header, altered, signature].join(".") },
    { name: "no signature", token: () => `${header}.${payload}.` },
    { name: "half a signature", token: () => good.slice(0, -40) },
    { name: "the algorithm none", token: () => new UnsecuredJWT(claims).encode() },
    {
      name: "a shared secret as key",
      token: () => new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(secret),
    },
    {
      name: "another issuer's key",
      token: async () => (await createJsonWebTokens()).issuer.issue("#7", "alice", 60_000),
    },
    { name: "no token at all", token: () => "eyJ.." },
    { name: "nothing", token: () => "" },
  ];
  for (const { name, token } of rows) {
    test(name, async () => {
      assert.deepEqual(await verifier.verify(await token()), {
        accepted: false,
        serial: null,
        refusal: "unknown token",
      });
    });
  }
});

test("the form of a token is told from that of others", () => {
  assert.equal(isJsonWebToken(good), true);
  for (const text of ["", "eyJ", "a.b.c", "V1StGXR8_Z5jdHi6B-myT", `${good}.x`, `${good}\n`]) {
    assert.equal(isJsonWebToken(text), false, text);
  }
});

test("every token in a text is replaced by its serial, cut short ones too", () => {
  const text = `at ws://x/?token=${good}&y and ${good.slice(0, -60)}, and no eyJ alone`;
  const words = redactJsonWebTokens(text);
  assert.equal(words, "at ws://x/?token=(token #7)&y and (token #7), and no eyJ alone");
});
