import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import type { Lab } from "../../server/lab.ts";
import { Rooms, type RoomLimits } from "../../techniques/channel-grant/rooms.ts";
import { ask, converse, present, type Answer } from "../client.ts";
import { startLabOf } from "../start-lab.ts";
import { dialogue, endpointOf, patient, type Dialogue } from "./dialogue.ts";

const id = "channel-grant";

interface Visitor extends Dialogue {
  /** The id that the server gave to the socket. */
  readonly socketId: string;
}

async function connected(lab: Lab): Promise<Visitor> {
  const client = dialogue(endpointOf(lab, id));
  const { socket: socketId }: { socket: string } = JSON.parse(await client.next());
  return { ...client, socketId };
}

/** Asks the page's own server for a grant. */
function askFor(lab: Lab, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const url = new URL(`/websockets/${id}/grant`, lab.url);
  return ask(url, {
    method: "POST",
    headers: { "Content-Type": "text/plain", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function grantFor(
  lab: Lab,
  user: string,
  { socketId }: Visitor,
  room: string,
): Promise<string> {
  const { secret: token } = lab.tokens.issue(user, 60_000, true);
  const answer = await askFor(lab, { token, socket: socketId, room });
  assert.equal(answer.status, 200, answer.body);
  assert.ok(!answer.body.includes(token.slice(12)));
  return answer.body;
}

async function joined(lab: Lab, user: string, room: string): Promise<Visitor> {
  const client = await connected(lab);
  client.say({ join: room, grant: await grantFor(lab, user, client, room) });
  assert.equal(await client.next(), `Hello ${user}!`);
  return client;
}

async function assertGoodIsAccepted(lab: Lab): Promise<void> {
  const { user, secret: token } = lab.tokens.issue("alice", 60_000, false);
  const { events } = await converse(await present(id, endpointOf(lab, id), { user, token }));
  assert.ok(events.some((event) => event.type === "message" && event.data === "Hello alice!"));
}

suite("what is said in a room is heard", () => {
  test("by its members, and by nobody else", async () => {
    await using lab = await startLabOf(id, patient);
    const [alice, bob, carol, dave] = [
      await joined(lab, "alice", "room-1"),
      await joined(lab, "bob", "room-1"),
      await joined(lab, "carol", "room-2"),
      await connected(lab),
    ];
    alice.say({ say: "to the first room" });
    const heard = JSON.stringify({ by: "alice", said: "to the first room" });
    assert.deepEqual([await alice.next(), await bob.next()], [heard, heard]);
    carol.say({ say: "to the second room" });
    assert.equal(await carol.next(), JSON.stringify({ by: "carol", said: "to the second room" }));
    dave.say({ say: "to nobody" });
    assert.deepEqual(await dave.rest(), ["1008 no grant"]);
    for (const [name, client] of Object.entries({ alice, bob, carol })) {
      client.say(`Goodbye ${name}.`);
      assert.deepEqual(await client.rest(), ["1000"]);
    }
  });

  test("no more by who has left it, and the room goes on", async () => {
    await using lab = await startLabOf(id, patient);
    const alice = await joined(lab, "alice", "room-3");
    const bob = await joined(lab, "bob", "room-3");
    bob.say("Goodbye bob.");
    assert.deepEqual(await bob.rest(), ["1000"]);
    const carol = await joined(lab, "carol", "room-3");
    alice.say({ say: "still here?" });
    assert.match(await carol.next(), /still here/u);
    assert.match(await alice.next(), /still here/u);
    for (const { socket } of [alice, carol]) socket.terminate();
  });

  test("as the words of whoever said it, whatever these are", async () => {
    await using lab = await startLabOf(id, patient);
    const alice = await joined(lab, "alice", "room-4");
    const words = '","by":"bob"}\n\u0000😀 Hello mallory!';
    alice.say({ say: words });
    assert.deepEqual(JSON.parse(await alice.next()), { by: "alice", said: words });
    alice.socket.terminate();
  });

  const rows: [name: string, end: string, make: () => string | Buffer][] = [
    ["a number", "1008 a goodbye was expected", () => '{"say":1}'],
    ["a long text", "1008 a goodbye was expected", () => JSON.stringify({ say: "x".repeat(501) })],
    ["one field more", "1008 a goodbye was expected", () => '{"say":"x","room":"room-6"}'],
    ["no JSON", "1008 a goodbye was expected", () => '{"say":"x"'],
    ["a binary message", "1008 a goodbye was expected", () => Buffer.from('{"say":"x"}')],
    ["a message that is too large", "1009", () => "x".repeat(40_000)],
  ];
  for (const [name, end, make] of rows) {
    test(`by nobody when it is ${name}`, async () => {
      await using lab = await startLabOf(id, patient);
      const alice = await joined(lab, "alice", "room-5");
      const bob = await joined(lab, "bob", "room-5");
      alice.socket.send(make());
      assert.deepEqual(await alice.rest(), [end]);
      bob.say({ say: "alone" });
      assert.match(await bob.next(), /alone/u);
      bob.socket.terminate();
    });
  }
});

test("nobody in a room hears what somebody says who was sent away a moment ago", async () => {
  await using lab = await startLabOf(id, patient);
  const alice = await joined(lab, "alice", "room-7");
  const bob = await joined(lab, "bob", "room-7");
  alice.say("nonsense");
  alice.say({ say: "still here" });
  assert.deepEqual(await alice.rest(), ["1008 a goodbye was expected"]);
  bob.say({ say: "alone" });
  assert.match(await bob.next(), /alone/u);
  bob.socket.terminate();
});

suite("a grant is refused", () => {
  test("on another socket, also once its own has closed", async () => {
    await using lab = await startLabOf(id, patient);
    const [own, other] = [await connected(lab), await connected(lab)];
    const grant = await grantFor(lab, "alice", own, "room-1");
    other.say({ join: "room-1", grant });
    assert.deepEqual(await other.rest(), ["1008 wrong proof"]);
    own.socket.terminate();
    const later = await connected(lab);
    later.say({ join: "room-1", grant });
    assert.deepEqual(await later.rest(), ["1008 wrong proof"]);
  });

  test("for another room", async () => {
    await using lab = await startLabOf(id, patient);
    const client = await connected(lab);
    const grant = await grantFor(lab, "alice", client, "room-1");
    client.say({ join: "room-2", grant });
    assert.deepEqual(await client.rest(), ["1008 wrong proof"]);
  });

  test("the second time, on the socket that it was good for", async () => {
    await using lab = await startLabOf(id, patient);
    const client = await connected(lab);
    const grant = await grantFor(lab, "alice", client, "room-1");
    client.say({ join: "room-1", grant });
    assert.equal(await client.next(), "Hello alice!");
    client.say({ join: "room-1", grant });
    assert.deepEqual(await client.rest(), ["1008 a goodbye was expected"]);
  });

  test("once the token that it was given for is revoked", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token } = lab.tokens.issue("alice", 60_000, false);
    const client = await connected(lab);
    const { body } = await askFor(lab, { token, socket: client.socketId, room: "room-1" });
    lab.tokens.revoke(token);
    client.say({ join: "room-1", grant: body });
    assert.deepEqual(await client.rest(), ["1008 revoked token"]);
  });

  const none = "1008 no grant";
  const changed: [name: string, end: string, change: (grant: string) => string | Buffer][] = [
    [
      "with another id",
      "1008 unknown token",
      (grant) => JSON.stringify({ join: "room-1", grant: `AAAAAAAAAAAA${grant.slice(12)}` }),
    ],
    [
      "with another signature",
      "1008 wrong proof",
      (grant) =>
        JSON.stringify({ join: "room-1", grant: `${grant.slice(0, 12)}.${"0".repeat(64)}` }),
    ],
    [
      "without a signature",
      none,
      (grant) => JSON.stringify({ join: "room-1", grant: grant.slice(0, 12) }),
    ],
    [
      "with a short signature",
      none,
      (grant) => JSON.stringify({ join: "room-1", grant: grant.slice(0, -1) }),
    ],
    [
      "with more behind it",
      none,
      (grant) => JSON.stringify({ join: "room-1", grant: `${grant}\n` }),
    ],
    [
      "in upper case",
      none,
      (grant) => JSON.stringify({ join: "room-1", grant: grant.toUpperCase() }),
    ],
    ["that is not there", "1008 no credential", () => JSON.stringify({ join: "room-1" })],
    ["that is null", none, () => JSON.stringify({ join: "room-1", grant: null })],
    ["in a list", none, (grant) => JSON.stringify({ join: "room-1", grant: [grant] })],
    ["without a room", none, (grant) => JSON.stringify({ grant })],
    ["for a room that is null", none, (grant) => JSON.stringify({ join: null, grant })],
    [
      "for a room with a long name",
      none,
      (grant) => JSON.stringify({ join: "r".repeat(41), grant }),
    ],
    [
      "with a name next to it",
      none,
      (grant) => JSON.stringify({ join: "room-1", grant, user: "bob" }),
    ],
    ["that is not in JSON", none, (grant) => grant],
    [
      "in a binary message",
      none,
      (grant) => Buffer.from(JSON.stringify({ join: "room-1", grant })),
    ],
    ["in a message that is too large", "1009", (grant) => grant.repeat(1_000)],
  ];
  for (const [name, end, change] of changed) {
    test(name, async () => {
      await using lab = await startLabOf(id, patient);
      const client = await connected(lab);
      client.socket.send(change(await grantFor(lab, "alice", client, "room-1")));
      assert.deepEqual(await client.rest(), [end]);
      await assertGoodIsAccepted(lab);
    });
  }
});

suite("a wish for a grant is answered with", () => {
  const socket = "A".repeat(22);
  const bad: [name: string, make: (token: string) => unknown][] = [
    ["nothing", () => ""],
    ["the token alone", (token) => token],
    ["no JSON", (token) => `{"token":"${token}"`],
    ["no token", () => ({ socket, room: "room-1" })],
    ["a token that is a number", () => ({ token: 1, socket, room: "room-1" })],
    ["no socket", (token) => ({ token, room: "room-1" })],
    ["a short socket id", (token) => ({ token, socket: "A", room: "room-1" })],
    [
      "a socket id with a line's end",
      (token) => ({ token, socket: `${"A".repeat(21)}\n`, room: "room-1" }),
    ],
    ["no room", (token) => ({ token, socket })],
    ["an empty room", (token) => ({ token, socket, room: "" })],
    ["a room with a long name", (token) => ({ token, socket, room: "r".repeat(41) })],
    ["a room with a line's end", (token) => ({ token, socket, room: "room-1\n" })],
    ["a room in a list", (token) => ({ token, socket, room: ["room-1"] })],
    ["a user", (token) => ({ token, socket, room: "room-1", user: "bob" })],
  ];
  for (const [name, make] of bad) {
    test(`400 when it holds ${name}, and the token is not spent`, async () => {
      await using lab = await startLabOf(id, patient);
      const { secret: token } = lab.tokens.issue("alice", 60_000, true);
      const answer = await askFor(lab, make(token));
      assert.deepEqual([answer.status, answer.body], [400, "no token, socket and room\n"]);
      assert.equal((await askFor(lab, { token, socket, room: "room-1" })).status, 200);
    });
  }

  test("401 when the token is no good, and 403 to another origin's page", async () => {
    await using lab = await startLabOf(id, patient);
    const { secret: token } = lab.tokens.issue("alice", 60_000, true);
    const wish = { token, socket, room: "room-1" };
    const foreign = await askFor(lab, wish, { Origin: "http://evil.example" });
    assert.deepEqual([foreign.status, foreign.body], [403, "origin not allowed\n"]);
    const good = await askFor(lab, wish, { Origin: lab.url.origin });
    assert.deepEqual([good.status, good.headers["cache-control"]], [200, "no-store"]);
    const again = await askFor(lab, wish);
    assert.deepEqual([again.status, again.body], [401, "token already used\n"]);
    const grant = good.body.slice(0, 12);
    const unknown = await askFor(lab, { ...wish, token: grant });
    assert.deepEqual([unknown.status, unknown.body], [401, "unknown token\n"]);
  });
});

/** Sockets of a server, with the clients at their other ends. */
async function withSockets(
  limits: Partial<RoomLimits>,
  use: (rooms: Rooms, connect: () => Promise<{ near: WebSocket; far: WebSocket }>) => Promise<void>,
): Promise<void> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  try {
    await use(new Rooms({ maxRooms: 2, maxBacklogBytes: 65_536, ...limits }), async () => {
      const far = new WebSocket(`ws://127.0.0.1:${address.port}/`);
      const [[near]] = await Promise.all([once(server, "connection"), once(far, "open")]);
      return { near, far };
    });
  } finally {
    for (const socket of server.clients) socket.terminate();
    server.close();
  }
}

suite("rooms", () => {
  test("are limited in number, and are gone when nobody is left in them", async () => {
    await withSockets({}, async (rooms, connect) => {
      const [a, b, c] = [await connect(), await connect(), await connect()];
      assert.deepEqual([rooms.join("one", a.near), rooms.join("two", b.near)], [true, true]);
      assert.equal(rooms.join("three", c.near), false);
      assert.equal(rooms.join("two", c.near), true);
      a.far.close();
      await once(a.near, "close");
      assert.equal(rooms.size, 1);
      const d = await connect();
      assert.equal(rooms.join("three", d.near), true);
      for (const { near, far } of [b, c, d]) {
        far.close();
        await once(near, "close");
      }
      assert.equal(rooms.size, 0);
      rooms.say("one", "to nobody");
    });
  });

  test("cut a member that does not read, and go on for the others", async () => {
    await withSockets({}, async (rooms, connect) => {
      const [deaf, other] = [await connect(), await connect()];
      deaf.far.pause();
      rooms.join("one", deaf.near);
      const text = "x".repeat(60_000);
      for (let said = 0; said < 10_000 && deaf.near.readyState === WebSocket.OPEN; said += 1) {
        rooms.say("one", text);
      }
      assert.notEqual(deaf.near.readyState, WebSocket.OPEN);
      rooms.join("one", other.near);
      rooms.say("one", "still here?");
      const [data] = await once(other.far, "message");
      assert.equal(String(data), "still here?");
    });
  });
});
