import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { suite, test } from "node:test";
import type { Lab } from "../../server/lab.ts";
import { converse, present } from "../client.ts";
import { startLabOf } from "../start-lab.ts";
import { dialogue, endpointOf, patient, type Dialogue } from "./dialogue.ts";

const id = "challenge-response";

interface Parts {
  readonly purpose: string;
  readonly host: string;
  readonly nonce: string;
  readonly id: string;
  readonly key: string;
}

interface Answer {
  readonly id: string;
  readonly proof: string;
}

function prove({ purpose, host, nonce, id: tokenId, key }: Parts): Answer {
  const said = [purpose, host, nonce, tokenId].join("\n");
  return { id: tokenId, proof: createHmac("sha256", key).update(said).digest("hex") };
}

/** Connects and waits for the nonce. */
async function challenged(
  lab: Lab,
  headers: Record<string, string> = {},
): Promise<{ client: Dialogue; parts: (token: string) => Parts }> {
  const endpoint = endpointOf(lab, id, { attempt: "a" });
  const client = dialogue(endpoint, headers);
  const { nonce }: { nonce: string } = JSON.parse(await client.next());
  const purpose = "websocket-auth-lab challenge-response";
  return {
    client,
    parts: (token) => {
      return { purpose, host: endpoint.host, nonce, id: token.slice(0, 12), key: token.slice(12) };
    },
  };
}

async function assertGoodIsAccepted(lab: Lab): Promise<void> {
  const { user, secret: token } = lab.tokens.issue("alice", 60_000, false);
  const { events } = await converse(await present(id, endpointOf(lab, id), { user, token }));
  assert.ok(events.some((event) => event.type === "message" && event.data === "Hello alice!"));
}

suite("a challenge", () => {
  test("is another one on every connection, and 256 bits long", async () => {
    await using lab = await startLabOf(id, patient);
    const nonces = await Promise.all(
      Array.from({ length: 20 }, async () => (await challenged(lab)).parts("").nonce),
    );
    assert.equal(new Set(nonces).size, 20);
    for (const nonce of nonces) assert.equal(Buffer.from(nonce, "base64url").length, 32);
  });

  test("is answered without the token's secret part, and evidence names the token", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token, serial } = lab.tokens.issue("alice", 60_000, false);
    lab.evidence.open("a");
    const { client, parts } = await challenged(lab);
    const answer = prove(parts(token));
    client.say(answer);
    assert.equal(await client.next(), "Hello alice!");
    client.say("Goodbye alice.");
    assert.deepEqual(await client.rest(), ["1000"]);
    assert.ok(!JSON.stringify(answer).includes(token.slice(12)));
    const evidence = await lab.evidence.take("a", 30_000);
    const judged = evidence.flatMap((entry) =>
      entry.type === "message" ? [[entry.presented, entry.via, entry.user, entry.refusal]] : [],
    );
    assert.deepEqual(judged, [[serial, "proof", "alice", null]]);
    assert.ok(!JSON.stringify(evidence).includes(token.slice(12)));
  });

  test("cannot be met with the answer to another one", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token } = lab.tokens.issue("alice", 60_000, false);
    const first = await challenged(lab);
    const captured = prove(first.parts(token));
    first.client.say(captured);
    assert.equal(await first.client.next(), "Hello alice!");
    const second = await challenged(lab);
    second.client.say(captured);
    assert.deepEqual(await second.client.rest(), ["1008 wrong proof"]);
    first.client.socket.terminate();
    await assertGoodIsAccepted(lab);
  });

  test("that a server in the middle hands on is answered for that server, and in vain", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token } = lab.tokens.issue("alice", 60_000, false);
    const { client, parts } = await challenged(lab);
    client.say(prove({ ...parts(token), host: "middle.example" }));
    assert.deepEqual(await client.rest(), ["1008 wrong proof"]);
  });

  test("is bound to the name by which the client knows the server", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token } = lab.tokens.issue("alice", 60_000, false);
    const { client, parts } = await challenged(lab, { Host: "t1.localhost" });
    client.say(prove(parts(token)));
    assert.deepEqual(await client.rest(), ["1008 wrong proof"]);
    const other = await challenged(lab, { Host: "t1.localhost" });
    other.client.say(prove({ ...other.parts(token), host: "t1.localhost" }));
    assert.equal(await other.client.next(), "Hello alice!");
    other.client.socket.terminate();
  });

  test("takes one answer: a good one after a bad one is too late, and spends nothing", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token } = lab.tokens.issue("alice", 60_000, true);
    const { client, parts } = await challenged(lab);
    client.say({ ...prove(parts(token)), proof: "0".repeat(64) });
    client.say(prove(parts(token)));
    assert.deepEqual(await client.rest(), ["1008 wrong proof"]);
    assert.equal(lab.tokens.redeem(token).accepted, true);
  });

  test("takes one answer: the same one again is no goodbye", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token } = lab.tokens.issue("alice", 60_000, false);
    const { client, parts } = await challenged(lab);
    client.say(prove(parts(token)));
    assert.equal(await client.next(), "Hello alice!");
    client.say(prove(parts(token)));
    assert.deepEqual(await client.rest(), ["1008 a goodbye was expected"]);
  });

  test("that is met with a new proof for a token that is spent is refused", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token } = lab.tokens.issue("alice", 60_000, true);
    const first = await challenged(lab);
    first.client.say(prove(first.parts(token)));
    assert.equal(await first.client.next(), "Hello alice!");
    const second = await challenged(lab);
    second.client.say(prove(second.parts(token)));
    assert.deepEqual(await second.client.rest(), ["1008 token already used"]);
    first.client.socket.terminate();
  });
});

suite("an answer of which one part was changed is refused", () => {
  const bob = "the token of bob";
  const rows: [name: string, refusal: string, change: (parts: Parts, bob: string) => Answer][] = [
    ["another purpose", "wrong proof", (parts) => prove({ ...parts, purpose: "login" })],
    ["another host", "wrong proof", (parts) => prove({ ...parts, host: "localhost" })],
    ["another nonce", "wrong proof", (parts) => prove({ ...parts, nonce: `${parts.nonce}A` })],
    ["no nonce", "wrong proof", (parts) => prove({ ...parts, nonce: "" })],
    ["another key", "wrong proof", (parts) => prove({ ...parts, key: `${parts.key}A` })],
    ["the empty key", "wrong proof", (parts) => prove({ ...parts, key: "" })],
    [
      `the id of ${bob}`,
      "wrong proof",
      (parts, other) => ({ ...prove(parts), id: other.slice(0, 12) }),
    ],
    [
      `the id of ${bob}, signed too`,
      "wrong proof",
      (parts, other) => prove({ ...parts, id: other.slice(0, 12) }),
    ],
    [
      `the key of ${bob}`,
      "wrong proof",
      (parts, other) => prove({ ...parts, key: other.slice(12) }),
    ],
    ["an unknown id", "unknown token", (parts) => prove({ ...parts, id: "AAAAAAAAAAAA" })],
    [
      "an unknown id and the empty key",
      "unknown token",
      (parts) => prove({ ...parts, id: "AAAAAAAAAAAA", key: "" }),
    ],
    ["the empty id", "unknown token", (parts) => prove({ ...parts, id: "" })],
    ["the empty id and key", "unknown token", (parts) => prove({ ...parts, id: "", key: "" })],
    [
      "the last digit of the proof",
      "wrong proof",
      (parts) => {
        const answer = prove(parts);
        const digit = answer.proof.endsWith("0") ? "1" : "0";
        return { ...answer, proof: `${answer.proof.slice(0, -1)}${digit}` };
      },
    ],
  ];
  for (const [name, refusal, change] of rows) {
    test(name, async () => {
      await using lab = await startLabOf(id, patient);
      const { secret: token } = lab.tokens.issue("alice", 60_000, false);
      const { secret: other } = lab.tokens.issue("bob", 60_000, false);
      const { client, parts } = await challenged(lab);
      client.say(change(parts(token), other));
      assert.deepEqual(await client.rest(), [`1008 ${refusal}`]);
      await assertGoodIsAccepted(lab);
    });
  }
});

suite("what is no answer is refused, and the next good one is accepted", () => {
  const none = "1008 no answer to the challenge";
  const rows: [name: string, end: string, make: (good: Answer) => string | Buffer][] = [
    ["nothing", none, () => ""],
    [
      "an empty answer, which is what a client without a token gives",
      "1008 no credential",
      () => "{}",
    ],
    ["the token's id alone", none, ({ id: tokenId }) => tokenId],
    ["no JSON", none, (good) => JSON.stringify(good).slice(0, -1)],
    ["two answers in one", none, (good) => `${JSON.stringify(good)}${JSON.stringify(good)}`],
    ["null", none, () => "null"],
    ["a number", none, () => "1"],
    ["a list", none, (good) => JSON.stringify([good])],
    ["no id", none, ({ proof }) => JSON.stringify({ proof })],
    ["no proof", none, ({ id: tokenId }) => JSON.stringify({ id: tokenId })],
    ["one field more", none, (good) => JSON.stringify({ ...good, user: "alice" })],
    ["an id that is a number", none, (good) => JSON.stringify({ ...good, id: 1 })],
    ["an id that is a list", none, (good) => JSON.stringify({ ...good, id: [good.id] })],
    ["a long id", none, (good) => JSON.stringify({ ...good, id: "A".repeat(10_000) })],
    ["a proof that is null", none, (good) => JSON.stringify({ ...good, proof: null })],
    ["a proof that is true", none, (good) => JSON.stringify({ ...good, proof: true })],
    ["an empty proof", none, (good) => JSON.stringify({ ...good, proof: "" })],
    [
      "a proof that lacks a digit",
      none,
      (good) => JSON.stringify({ ...good, proof: good.proof.slice(1) }),
    ],
    ["a proof of no digits", none, (good) => JSON.stringify({ ...good, proof: "x".repeat(64) })],
    [
      "a proof with a line's end",
      none,
      (good) => JSON.stringify({ ...good, proof: `${good.proof}\n` }),
    ],
    ["a good answer in a binary message", none, (good) => Buffer.from(JSON.stringify(good))],
    ["a message that is too large", "1009", () => "x".repeat(40_000)],
  ];
  for (const [name, end, make] of rows) {
    test(name, async () => {
      await using lab = await startLabOf(id, patient);
      const { secret: token } = lab.tokens.issue("alice", 60_000, false);
      const { client, parts } = await challenged(lab);
      client.socket.send(make(prove(parts(token))));
      assert.deepEqual(await client.rest(), [end]);
      await assertGoodIsAccepted(lab);
    });
  }
});
