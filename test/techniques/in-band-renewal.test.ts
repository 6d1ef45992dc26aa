import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Lab } from "../../server/lab.ts";
import type { Token } from "../../server/tokens.ts";
import { startLabOf } from "../start-lab.ts";
import { dialogue, endpointOf, patient, type Dialogue } from "./dialogue.ts";

const id = "in-band-renewal";

/** Connects as alice and waits for the greeting. */
async function entered(lab: Lab, { secret: token }: Token): Promise<Dialogue> {
  const client = dialogue(endpointOf(lab, id, { attempt: "a" }));
  client.socket.on("open", () => client.say({ token }));
  assert.equal(await client.next(), "Hello alice!");
  return client;
}

suite("a connection lives no longer than its token", () => {
  test("it is closed with 4401 when the token has run out", async () => {
    await using lab = await startLabOf(id, patient);
    const client = await entered(lab, lab.tokens.issue("alice", 1_000, false));
    assert.deepEqual(await client.rest(), ["4401 expired token"]);
  });

  test("a renewal moves the end to that of the new token, if that is later", async () => {
    await using lab = await startLabOf(id, patient);
    const first = lab.tokens.issue("alice", 1_000, false);
    const client = await entered(lab, first);
    client.say({ renew: lab.tokens.issue("alice", 900_000, false).secret });
    assert.equal(await client.next(), "Renewed.");
    await lab.tokens.whenExpired(first);
    client.say("Goodbye alice.");
    assert.deepEqual(await client.rest(), ["1000"]);
  });

  test("a renewal moves the end to that of the new token, if that is earlier", async () => {
    await using lab = await startLabOf(id, patient);
    const client = await entered(lab, lab.tokens.issue("alice", 900_000, false));
    client.say({ renew: lab.tokens.issue("alice", 1_000, false).secret });
    assert.equal(await client.next(), "Renewed.");
    assert.deepEqual(await client.rest(), ["4401 expired token"]);
  });

  test("it can be renewed again and again, and is named in evidence each time", async () => {
    await using lab = await startLabOf(id, patient);
    lab.evidence.open("a");
    const tokens = Array.from({ length: 5 }, () => lab.tokens.issue("alice", 60_000, true));
    const [first, ...others] = tokens;
    assert.ok(first);
    const client = await entered(lab, first);
    for (const { secret } of others) {
      client.say({ renew: secret });
      assert.equal(await client.next(), "Renewed.");
    }
    client.say("Goodbye alice.");
    assert.deepEqual(await client.rest(), ["1000"]);
    const evidence = await lab.evidence.take("a", 30_000);
    const judged = evidence.flatMap((entry) =>
      entry.type === "message" ? [[entry.presented, entry.user]] : [],
    );
    assert.deepEqual(
      judged,
      tokens.map(({ serial }) => [serial, "alice"]),
    );
    for (const { secret } of tokens) assert.ok(!JSON.stringify(evidence).includes(secret));
  });

  test("a lifetime that is longer than any timer does not end it at once", async () => {
    await using lab = await startLabOf(id, patient);
    const client = await entered(lab, lab.tokens.issue("alice", 2 ** 40, false));
    client.say({ renew: lab.tokens.issue("alice", 2 ** 40, false).secret });
    assert.equal(await client.next(), "Renewed.");
    client.say("Goodbye alice.");
    assert.deepEqual(await client.rest(), ["1000"]);
  });
});

suite("a renewal that is refused ends the connection with 4403 and the reason", () => {
  const rows: [name: string, reason: string, make: (lab: Lab) => Token | Promise<Token>][] = [
    [
      "another user's token",
      "token of another user",
      (lab) => lab.tokens.issue("mallory", 60_000, false),
    ],
    ["a forged token", "unknown token", (lab) => lab.tokens.forge("alice")],
    [
      "an expired token",
      "expired token",
      async (lab) => {
        const token = lab.tokens.issue("alice", 1, false);
        await lab.tokens.whenExpired(token);
        return token;
      },
    ],
    [
      "a revoked token",
      "revoked token",
      (lab) => {
        const token = lab.tokens.issue("alice", 60_000, false);
        lab.tokens.revoke(token.secret);
        return token;
      },
    ],
    [
      "a token that is spent",
      "token already used",
      (lab) => {
        const token = lab.tokens.issue("alice", 60_000, true);
        lab.tokens.redeem(token.secret);
        return token;
      },
    ],
    [
      "no token",
      "no credential",
      (lab) => ({ ...lab.tokens.issue("alice", 60_000, false), secret: "" }),
    ],
    [
      "a large one",
      "unknown token",
      (lab) => ({ ...lab.tokens.issue("alice", 60_000, false), secret: "x".repeat(30_000) }),
    ],
  ];
  for (const [name, reason, make] of rows) {
    test(name, async () => {
      await using lab = await startLabOf(id, patient);
      const token = await make(lab);
      const client = await entered(lab, lab.tokens.issue("alice", 60_000, false));
      client.say({ renew: token.secret });
      assert.deepEqual(await client.rest(), [`4403 ${reason}`]);
      const next = await entered(lab, lab.tokens.issue("alice", 60_000, false));
      next.socket.terminate();
    });
  }

  test("another user's token that may be used once is not spent by that", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: renew } = lab.tokens.issue("mallory", 60_000, true);
    const client = await entered(lab, lab.tokens.issue("alice", 60_000, false));
    client.say({ renew });
    assert.deepEqual(await client.rest(), ["4403 token of another user"]);
    assert.equal(lab.tokens.redeem(renew).accepted, true);
  });

  test("a good one that follows is not judged any more, and not spent", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: good } = lab.tokens.issue("alice", 60_000, true);
    const client = await entered(lab, lab.tokens.issue("alice", 60_000, false));
    client.say({ renew: "bad" });
    client.say({ renew: good });
    assert.deepEqual(await client.rest(), ["4403 unknown token"]);
    assert.equal(lab.tokens.redeem(good).accepted, true);
  });
});

suite("what is no renewal is a part of the conversation", () => {
  const end = "1008 a goodbye was expected";
  const rows: [name: string, end: string, make: (token: string) => string | Buffer][] = [
    ["the token alone", end, (token) => token],
    ["the first message again", end, (token) => JSON.stringify({ token })],
    ["no JSON", end, (token) => `{"renew":"${token}"`],
    ["a number", end, () => '{"renew":1}'],
    ["null", end, () => '{"renew":null}'],
    ["a list", end, (token) => JSON.stringify({ renew: [token] })],
    ["one field more", end, (token) => JSON.stringify({ renew: token, user: "alice" })],
    ["upper case", end, (token) => JSON.stringify({ RENEW: token })],
    ["a binary message", end, (token) => Buffer.from(JSON.stringify({ renew: token }))],
    ["a message that is too large", "1009", () => JSON.stringify({ renew: "x".repeat(40_000) })],
  ];
  for (const [name, expected, make] of rows) {
    test(name, async () => {
      await using lab = await startLabOf(id, patient);
      const { secret: token } = lab.tokens.issue("alice", 60_000, true);
      const client = await entered(lab, lab.tokens.issue("alice", 60_000, false));
      client.socket.send(make(token));
      assert.deepEqual(await client.rest(), [expected]);
      assert.equal(lab.tokens.redeem(token).accepted, true);
    });
  }
});

suite("a first message without a token is refused", () => {
  const end = "1008 the first message presents no token";
  const rows: [name: string, end: string, make: (token: string) => string | Buffer][] = [
    ["nothing", end, () => ""],
    ["the token alone", end, (token) => token],
    ["a renewal", end, (token) => JSON.stringify({ renew: token })],
    ["no JSON", end, (token) => `{"token":"${token}"`],
    ["a number", end, () => '{"token":1}'],
    ["a list", end, (token) => JSON.stringify([token])],
    ["a binary message", end, (token) => Buffer.from(JSON.stringify({ token }))],
    ["an empty token", "1008 no credential", () => '{"token":""}'],
    ["a message that is too large", "1009", () => JSON.stringify({ token: "x".repeat(40_000) })],
  ];
  for (const [name, expected, make] of rows) {
    test(name, async () => {
      await using lab = await startLabOf(id, patient);
      const { secret: token } = lab.tokens.issue("alice", 60_000, true);
      const client = dialogue(endpointOf(lab, id));
      client.socket.on("open", () => client.socket.send(make(token)));
      assert.deepEqual(await client.rest(), [expected]);
      assert.equal(lab.tokens.redeem(token).accepted, true);
    });
  }
});
