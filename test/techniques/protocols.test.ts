import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import { generate, type Packet } from "mqtt-packet";
import type { WebSocket } from "ws";
import type { Evidence, PageEvent } from "../../model/observation.ts";
import type { Lab } from "../../server/lab.ts";
import { converse, open, present } from "../client.ts";
import { startLabOf } from "../start-lab.ts";

/** One protocol's words, as they travel. */
interface Protocol {
  readonly id: string;
  readonly subprotocol: string | undefined;
  readonly query?: Record<string, string>;
  /** The close that follows a refusal in the protocol's words, as the client sees it. */
  readonly refusalCode: string;
  readonly refusalReason: (reason: string) => string;
  readonly closeCode: number;
  /** What presents no credential. */
  readonly bare: string | Buffer;
  /** What is no message of the protocol, or not the first one. */
  readonly garbage: readonly (readonly [name: string, message: string | Buffer])[];
}

const mqtt = (packet: Packet): Buffer => generate(packet, { protocolVersion: 5 });

const protocols: readonly Protocol[] = [
  {
    id: "stomp-connect",
    subprotocol: "v12.stomp",
    refusalCode: "ERROR",
    refusalReason: (reason) => reason,
    closeCode: 1008,
    bare: "CONNECT\naccept-version:1.2\n\n\0",
    garbage: [
      ["text that is no frame", "hello"],
      ["bytes that are no frame", Buffer.from([0xff, 0, 0x0a])],
      ["a frame without its end", "CONNECT\npasscode:a\n\n"],
      ["a frame whose length is another", "CONNECT\ncontent-length:9\n\nbody\0"],
      ["a frame with a length that is no number", "CONNECT\ncontent-length:-1\n\n\0"],
      ["an escape that STOMP does not know", "STOMP\npasscode:a\\tb\n\n\0"],
      ["SUBSCRIBE first", "SUBSCRIBE\nid:0\ndestination:/conversation\n\n\0"],
    ],
  },
  {
    id: "graphql-ws",
    subprotocol: "graphql-transport-ws",
    refusalCode: "4403",
    refusalReason: () => "Forbidden",
    closeCode: 4403,
    bare: '{"type":"connection_init"}',
    garbage: [
      ["text that is no JSON", "hello"],
      ["JSON that is no message", "[]"],
      ["a message of the server's", '{"type":"connection_ack"}'],
      ["a message of no known type", '{"type":"hello"}'],
      ["subscribe first", '{"id":"1","type":"subscribe","payload":{"query":"{ user }"}}'],
    ],
  },
  {
    id: "socket-io",
    subprotocol: undefined,
    query: { EIO: "4", transport: "websocket" },
    refusalCode: "connect_error",
    refusalReason: (reason) => reason,
    closeCode: 1005,
    bare: "40",
    garbage: [
      ["text that is no packet", "hello"],
      ["a CONNECT that is no JSON", "40{"],
      ["a CONNECT whose payload is null", "40null"],
      ["a CONNECT whose payload is a list", "40[]"],
      ["an event first", '42["message","hello"]'],
      ["bytes", Buffer.from([1, 2, 3])],
    ],
  },
  {
    id: "mqtt-connect",
    subprotocol: "mqtt",
    refusalCode: "0x86",
    refusalReason: (reason) => reason,
    closeCode: 1008,
    bare: mqtt({ cmd: "connect", clientId: "a", protocolVersion: 5, clean: true }),
    garbage: [
      ["text that is no packet", "hello"],
      ["bytes that are no packet", Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff])],
      ["a CONNECT that ends too early", Buffer.from([0x10, 0x02, 0x00, 0x04])],
      ["MQTT 3.1.1", mqtt({ cmd: "connect", clientId: "a", protocolVersion: 4, clean: true })],
      ["PINGREQ first", mqtt({ cmd: "pingreq" })],
    ],
  },
];

function endpointOf(lab: Lab, { id }: Protocol, query: Record<string, string> = {}): URL {
  const { ws } = lab.ports.get(id) ?? assert.fail();
  const url = new URL(`ws://localhost:${ws}/?attempt=a`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** Opens the connection as the protocol wants it, and says nothing. */
async function openRaw(lab: Lab, protocol: Protocol): Promise<WebSocket> {
  const { subprotocol, query } = protocol;
  const offered = subprotocol === undefined ? [] : [subprotocol];
  const socket = open(endpointOf(lab, protocol, query), { protocols: offered });
  socket.on("error", () => {});
  await once(socket, "open");
  return socket;
}

function told(events: readonly PageEvent[]): unknown[] {
  return events.map((event) => {
    switch (event.type) {
      case "open":
        return ["open", event.protocol];
      case "message":
        return ["message", event.data];
      case "refusal":
        return ["refusal", event.code, event.reason];
      case "close":
        return ["close", event.code];
      case "error":
      case "exception":
        return [event.type];
    }
  });
}

function judged(evidence: readonly Evidence[]): unknown[] {
  return evidence.flatMap((entry) =>
    entry.type === "message" ? [[entry.presented, entry.via, entry.user, entry.refusal]] : [],
  );
}

/** That it lives, and lets the good in. */
async function assertGreets(lab: Lab, protocol: Protocol): Promise<void> {
  const { secret, user } = lab.tokens.issue("Zoë: a, b", 60_000, false);
  const channel = await present(protocol.id, endpointOf(lab, protocol), { user, token: secret });
  assert.deepEqual(told((await converse(channel)).events), [
    ["open", protocol.subprotocol ?? ""],
    ["message", `Hello ${user}!`],
    ["close", 1000],
  ]);
}

for (const protocol of protocols) {
  suite(`the protocol of ${protocol.id}`, () => {
    test("greets and says goodbye in its own messages", async () => {
      await using lab = await startLabOf(protocol.id);
      await assertGreets(lab, protocol);
    });

    const refused: [name: string, refusal: string, make: (lab: Lab) => Promise<string>][] = [
      ["a forged token", "unknown token", async (lab) => lab.tokens.forge("alice").secret],
      [
        "an expired token",
        "expired token",
        async (lab) => {
          const token = lab.tokens.issue("alice", 1, false);
          await lab.tokens.whenExpired(token);
          return token.secret;
        },
      ],
      [
        "the token of somebody else",
        "token of another user",
        async (lab) => lab.tokens.issue("bob", 60_000, false).secret,
      ],
    ];
    for (const [name, refusal, make] of refused) {
      test(`refuses ${name} in its own words`, async () => {
        await using lab = await startLabOf(protocol.id);
        lab.evidence.open("a");
        const token = await make(lab);
        const channel = await present(protocol.id, endpointOf(lab, protocol), {
          user: "alice",
          token,
        });
        assert.deepEqual(told((await converse(channel)).events), [
          ["open", protocol.subprotocol ?? ""],
          ["refusal", protocol.refusalCode, protocol.refusalReason(refusal)],
          ["close", protocol.closeCode],
        ]);
        const evidence = await lab.evidence.take("a", 1_000);
        assert.equal(judged(evidence).length, 1);
        assert.ok(JSON.stringify(judged(evidence)).includes(refusal));
        assert.ok(!JSON.stringify(evidence).includes(token));
      });
    }

    test("refuses a client that presents no credential", async () => {
      await using lab = await startLabOf(protocol.id);
      lab.evidence.open("a");
      const socket = await openRaw(lab, protocol);
      // A client of Socket.IO leaves when it is refused; until the library's own limit it could stay.
      socket.on("message", (data: Buffer) => {
        if (data.toString().startsWith("44")) socket.close();
      });
      socket.send(protocol.bare);
      await once(socket, "close");
      assert.deepEqual(judged(await lab.evidence.take("a", 1_000)), [
        [null, null, null, "no credential"],
      ]);
      await assertGreets(lab, protocol);
    });

    test("closes with 1008 when no credential comes in time", async () => {
      await using lab = await startLabOf(protocol.id);
      lab.evidence.open("a");
      const socket = await openRaw(lab, protocol);
      const [code, reason] = await once(socket, "close");
      assert.deepEqual([code, String(reason)], [1008, "no credential in time"]);
      assert.deepEqual(judged(await lab.evidence.take("a", 1_000)), [
        [null, null, null, "no credential in time"],
      ]);
    });

    for (const [name, message] of protocol.garbage) {
      test(`refuses ${name}, once, and goes on`, async () => {
        await using lab = await startLabOf(protocol.id, {
          origin: { firstMessageDeadlineMs: 60_000 },
        });
        lab.evidence.open("a");
        const socket = await openRaw(lab, protocol);
        socket.send(message);
        socket.send(message);
        const [code] = await once(socket, "close");
        assert.notEqual(code, 1006);
        const refusals = judged(await lab.evidence.take("a", 1_000));
        assert.equal(refusals.length, 1, JSON.stringify(refusals));
        await assertGreets(lab, protocol);
      });
    }

    test("ends a connection with a message that is too large, and goes on", async () => {
      await using lab = await startLabOf(protocol.id);
      const socket = await openRaw(lab, protocol);
      socket.send("x".repeat(40_000));
      const [code] = await once(socket, "close");
      assert.equal(code, 1009);
      await assertGreets(lab, protocol);
    });
  });
}

test("an MQTT packet in many messages has a limit too", async () => {
  const [protocol] = protocols.filter(({ id }) => id === "mqtt-connect");
  assert.ok(protocol);
  await using lab = await startLabOf(protocol.id, { origin: { firstMessageDeadlineMs: 60_000 } });
  lab.evidence.open("a");
  const socket = await openRaw(lab, protocol);
  // A CONNECT packet of 2 MB, says its length.
  socket.send(Buffer.from([0x10, 0xff, 0xff, 0x7f]));
  for (let index = 0; index < 4; index++) socket.send(Buffer.alloc(16_000));
  const [code, reason] = await once(socket, "close");
  assert.deepEqual([code, String(reason)], [1008, "packet too large"]);
  assert.equal(judged(await lab.evidence.take("a", 1_000)).length, 1);
  await assertGreets(lab, protocol);
});

const handshakes: [name: string, query: string][] = [
  ["no query", ""],
  ["an older version", "EIO=3&transport=websocket"],
  ["another transport", "EIO=4&transport=polling"],
  ["two transports", "EIO=4&transport=websocket&transport=polling"],
  ["two versions", "EIO=4&EIO=3&transport=websocket"],
  ["a session", "EIO=4&transport=websocket&sid=a"],
];
for (const [name, query] of handshakes) {
  test(`a handshake of Engine.IO with ${name} is refused on the open connection`, async () => {
    const [protocol] = protocols.filter(({ id }) => id === "socket-io");
    assert.ok(protocol);
    await using lab = await startLabOf(protocol.id);
    lab.evidence.open("a");
    const socket = open(new URL(`${endpointOf(lab, protocol).href}&${query}`));
    const [code, reason] = await once(socket, "close");
    assert.deepEqual([code, String(reason)], [1008, "an Engine.IO handshake was expected"]);
    assert.equal(judged(await lab.evidence.take("a", 1_000)).length, 1);
    await assertGreets(lab, protocol);
  });
}
