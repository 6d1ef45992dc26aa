import assert from "node:assert/strict";
import { suite, test } from "node:test";
import express, { type Response } from "express";
import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { connect, type Socket } from "node:net";
import { assault } from "../../bench/hostile-clients/assault.ts";
import { attacks } from "../../bench/hostile-clients/attacks.ts";
import { goodCycle, goodTechnique } from "../../bench/hostile-clients/good-client.ts";
import { ServerSockets } from "../../bench/hostile-clients/server-sockets.ts";
import type { Target } from "../../bench/hostile-clients/target.ts";
import { hostsForOthers } from "../../server/addresses.ts";
import { defaultConfig } from "../../server/config.ts";
import { Guests } from "../../server/guests.ts";
import type { Lab } from "../../server/lab.ts";
import type { Site } from "../../server/site.ts";
import { createVisitFeed } from "../../server/visit-feed.ts";
import { UnreadAnswers } from "../../server/unread-answers.ts";
import type { Walk } from "../../server/walks.ts";
import { techniques } from "../../techniques/index.ts";
import { sendRaw } from "../raw-request.ts";
import { startTestLab } from "../start-lab.ts";

const timeout = 30_000;
const attacked = ["query-parameter", "first-message", goodTechnique];
const places = 20;
const spare = 10;

/** Limits as short as a machine with other work can keep, and a page that is too large for a socket's buffers. */
async function startAttacked(): Promise<Lab> {
  const page = { type: "text/html", body: "x".repeat(20_000_000) };
  const site: Site = {
    file: async () => page,
    [Symbol.asyncDispose]: async () => {},
  };
  return await startTestLab(
    {
      origin: {
        maxConnections: places,
        firstMessageDeadlineMs: 300,
        pingIntervalMs: 500,
        idleLimitMs: 1_500,
      },
      sockets: {
        ...defaultConfig.sockets,
        tlsHandshakeMs: 700,
        requestHeadMs: 700,
        requestMs: 1_000,
        checkIntervalMs: 100,
        standstillMs: 1_500,
        spare,
      },
    },
    { techniques: techniques.filter(({ id }) => attacked.includes(id)), site },
  );
}

function targetOf(lab: Lab, token: string): Target {
  const portOf = (name: string): { ws: number; wss: number | null } => {
    const ports = lab.ports.get(name);
    assert.ok(ports, name);
    return ports;
  };
  return {
    app: portOf("app").ws,
    handshake: portOf("query-parameter").ws,
    handshakeTls: portOf("query-parameter").wss ?? assert.fail("there is no TLS"),
    message: portOf("first-message").ws,
    token,
    dribbleMs: 20,
  };
}

/** As many as make each limit felt. */
function connectionsOf(id: string): number {
  if (id === "too-many") return places + 5;
  if (id === "too-many-silent") return places + spare + 5;
  return 5;
}

suite("others are served meanwhile, and nothing is left afterwards, of a client that", () => {
  for (const attack of attacks) {
    test(
      `${attack.does} (${attack.id}): ended by ${attack.endedBy}`,
      { timeout },
      async ({ signal }) => {
        await using lab = await startAttacked();
        using sockets = new ServerSockets();
        const { secret } = lab.tokens.issue("alice", 3_600_000, false);
        const goodPort = lab.ports.get(goodTechnique)?.ws ?? assert.fail();
        using hostile = assault(attack, targetOf(lab, secret), connectionsOf(attack.id));
        await goodCycle(goodPort, secret, timeout);
        hostile.goOnNoMore();
        await sockets.whenAtMost(0, signal);
        // Who reads nothing does not see how it ends either.
        if (attack.neverReads === true) hostile.giveUp();
        const ends = await hostile.over;
        const said = new Set(ends.map((end) => end.said));
        for (const one of said) assert.ok(attack.ends.includes(one), `it was told "${one}"`);
        if (attack.id === "too-many") {
          assert.deepEqual([...said].toSorted(), ["", "503"]);
          assert.equal(ends.filter((end) => end.said === "503").length, 5);
        }
        if (attack.id === "too-many-silent") {
          assert.equal(ends.filter((end) => end.said === "408").length, places + spare);
        }
        await goodCycle(goodPort, secret, timeout);
      },
    );
  }
});

test("a connection that sends its next request when the last was answered is served for ever", async () => {
  await using lab = await startTestLab({ certificates: null }, { techniques: [] });
  const socket = connect(lab.ports.get("app")?.ws ?? assert.fail(), "127.0.0.1");
  for (let count = 0; count < 50; count += 1) {
    socket.write("GET /api/techniques HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const [answer]: Buffer[] = await once(socket, "data");
    assert.match(String(answer), /^HTTP\/1\.1 200 /u, `request ${count}`);
  }
  socket.destroy();
});

function guest(remoteAddress: string): Socket {
  // @ts-expect-error: as much of a socket as is looked at
  return Object.assign(new EventEmitter(), { remoteAddress });
}

function answerTo(remoteAddress: string): Response {
  const req = { socket: { remoteAddress, destroyed: false } };
  // @ts-expect-error: as much of an answer as is looked at
  return Object.assign(new EventEmitter(), { req, headersSent: true });
}

test("a connection that sends requests and waits for no answer is cut", { timeout }, async () => {
  await using lab = await startTestLab({ certificates: null }, { techniques: [] });
  const request = "GET /api/techniques HTTP/1.1\r\nHost: localhost\r\n\r\n";
  const answers = await sendRaw(lab.ports.get("app")?.ws ?? assert.fail(), request.repeat(1_000));
  assert.ok(answers.split("HTTP/1.1 200 ").length <= 3, "no more than two answers");
});

test(
  "a connection that goes on sending after its answer is cut before its deadline",
  { timeout },
  async () => {
    await using lab = await startTestLab(
      { sockets: { ...defaultConfig.sockets, requestMs: 10 * timeout } },
      { techniques: techniques.filter(({ id }) => attacked.includes(id)) },
    );
    const endless = attacks.find(({ id }) => id === "endless-body") ?? assert.fail();
    const { goesOn: _once, ...attack } = endless;
    using hostile = assault(attack, targetOf(lab, ""), 1);
    const ends = await hostile.over;
    assert.deepEqual(
      ends.map(({ said }) => said),
      ["426"],
    );
  },
);

suite("another device", () => {
  test("has as many connections as it may, and a new one for each that has closed", () => {
    const guests = new Guests(2);
    const [first] = [guest("192.0.2.1"), guest("192.0.2.1")].filter((one) => guests.admit(one));
    assert.equal(guests.admit(guest("192.0.2.1")), false);
    assert.equal(guests.admit(guest("192.0.2.2")), true, "another one has its own");
    first?.emit("close");
    assert.equal(guests.admit(guest("192.0.2.1")), true);
    assert.equal(guests.admit(guest("192.0.2.1")), false);
  });

  test("is none that comes from this machine, where there is no telling who it is", () => {
    const guests = new Guests(1);
    for (const own of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
      assert.deepEqual([guests.admit(guest(own)), guests.admit(guest(own))], [true, true], own);
    }
  });

  test("is counted over all ports", async (context) => {
    const [own] = hostsForOthers(["0.0.0.0"]);
    if (own === undefined) return context.skip("this machine has no address but loopback");
    await using lab = await startTestLab(
      { hosts: ["0.0.0.0"], sockets: { ...defaultConfig.sockets, maxPerDevice: 2 } },
      { techniques: techniques.filter(({ id }) => id === goodTechnique) },
    );
    using sockets = new ServerSockets();
    const open = [...lab.ports.values()].flatMap(({ ws, wss }) =>
      [ws, wss ?? assert.fail()].map((port) => connect(port, own)),
    );
    await sockets.whenAtMost(open.length, undefined);
    await Promise.all(open.slice(2).map((socket) => once(socket.resume(), "close")));
    assert.equal(sockets.count, 2);
    const { secret } = lab.tokens.issue("alice", 60_000, false);
    await goodCycle(lab.ports.get(goodTechnique)?.ws ?? assert.fail(), secret, timeout);
    for (const socket of open) socket.destroy();
  });

  test("that begins many visits replaces its own, and nobody else's", async () => {
    await using lab = await startTestLab({ certificates: null }, { techniques: [] });
    const others = ["192.0.2.2", null].map((device) => lab.visits.start("localhost", null, device));
    const own = Array.from({ length: 11 }, () => lab.visits.start("localhost", null, "192.0.2.1"));
    const isThere = (walk: Walk | null): boolean =>
      walk !== null && lab.visits.get(walk.id) === walk && lab.walks.get(walk.id) === walk;
    assert.deepEqual(others.map(isThere), [true, true]);
    assert.deepEqual(own.map(isThere), [false, ...Array.from({ length: 10 }, () => true)]);
  });

  test("does not take the places of others in the feed of visits", async (context) => {
    const [own] = hostsForOthers(["0.0.0.0"]);
    if (own === undefined) return context.skip("this machine has no address but loopback");
    await using lab = await startTestLab(
      { hosts: ["0.0.0.0"], certificates: null },
      { techniques: [] },
    );
    const port = lab.ports.get("app")?.ws ?? assert.fail();
    const listen = async (host: string): Promise<[Socket, string]> => {
      const socket = connect(port, host);
      socket.write("GET /api/visits/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const [answer]: Buffer[] = await once(socket, "data");
      return [socket, String(answer).slice(9, 12)];
    };
    const streams = await Promise.all(Array.from({ length: 21 }, () => listen(own)));
    const statuses = streams.map(([, status]) => status).toSorted();
    assert.deepEqual(statuses, [...Array.from({ length: 20 }, () => "200"), "503"]);
    const [mine, status] = await listen("127.0.0.1");
    assert.equal(status, "200");
    for (const socket of [mine, ...streams.map(([one]) => one)]) socket.destroy();
  });

  test("that does not read what it asked for gets no more of it", () => {
    const unread = new UnreadAnswers(2);
    const answers = Array.from({ length: 2 }, () => answerTo("192.0.2.1"));
    for (const answer of answers) assert.equal(unread.admit(answer), true);
    assert.equal(unread.admit(answerTo("192.0.2.1")), false);
    assert.equal(unread.admit(answerTo("192.0.2.2")), true);
    answers[0]?.emit("close");
    assert.equal(unread.admit(answerTo("192.0.2.1")), true, "one was read");
    Object.assign(answers[1]?.req.socket ?? {}, { destroyed: true });
    const last = answerTo("192.0.2.1");
    assert.equal(unread.admit(last), true, "a connection has ended");
    Object.assign(last, { headersSent: false }).emit("close");
    Object.assign(last.req.socket, { destroyed: true });
    assert.equal(unread.admit(answerTo("192.0.2.1")), false, "it is still being made");
    unread.forget(last);
    assert.equal(unread.admit(answerTo("192.0.2.1")), true);
  });
});

test(
  "pages that could not be made for browsers that have left are not counted",
  { timeout },
  async ({ signal }) => {
    let isAsked = Promise.withResolvers<void>();
    const asked: PromiseWithResolvers<never>[] = [];
    const site: Site = {
      file: async (path) => {
        if (path === "after.html") return null;
        const one = Promise.withResolvers<never>();
        asked.push(one);
        isAsked.resolve();
        return await one.promise;
      },
      [Symbol.asyncDispose]: async () => {},
    };
    await using lab = await startTestLab({ certificates: null }, { techniques: [], site });
    using sockets = new ServerSockets();
    const port = lab.ports.get("app")?.ws ?? assert.fail();
    for (let count = 0; count < 200; count += 1) {
      isAsked = Promise.withResolvers<void>();
      const socket = connect(port, "127.0.0.1");
      socket.write("GET /index.html HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await isAsked.promise;
      socket.destroy();
    }
    await sockets.whenAtMost(0, signal);
    const statusOf = async (): Promise<number> =>
      (await fetch(`http://127.0.0.1:${port}/after.html`)).status;
    assert.equal(await statusOf(), 503, "they are still being made");
    for (const one of asked) one.reject(new Error("half a file"));
    assert.equal(await statusOf(), 404);
  },
);

/** Asks for a feed, and resolves when it has begun. */
async function listenToFeed(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(socket, "data");
  return socket;
}

suite("the feed of visits", () => {
  const textBytes = 12_000_000;

  /** A feed that says much, and a page that listens. */
  async function startFeed(
    heartbeatMs: number,
  ): Promise<AsyncDisposable & { say(): void; port: number }> {
    const visits = Object.assign(new EventEmitter(), { all: () => [] });
    const text = "x".repeat(textBytes);
    const told = { visitRun: () => ({ text }), visitTrial: () => undefined };
    const app = express();
    // @ts-expect-error: as much of visits as is looked at
    app.get("/", createVisitFeed(visits, told, heartbeatMs));
    const server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(typeof address === "object" && address !== null);
    return {
      port: address.port,
      say: () => void visits.emit("visit", { id: "x" }),
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        server.close();
        await once(server, "close");
      },
    };
  }
  for (const { name, reads, isCut } of [
    { name: "reads less than is written", reads: 1, isCut: false },
    { name: "reads nothing while much is written", reads: 0, isCut: true },
  ]) {
    test(`${isCut ? "ends" : "goes on"} for a browser that ${name}`, (context) => {
      context.mock.timers.enable({ apis: ["setInterval"] });
      const visits = Object.assign(new EventEmitter(), { all: () => [] });
      const told = { visitRun: () => ({}), visitTrial: () => undefined };
      const response = Object.assign(new EventEmitter(), {
        writableLength: 0,
        isCut: false,
        set() {},
        flushHeaders() {},
        write(text: string) {
          response.writableLength += text.length;
        },
        destroy() {
          response.isCut = true;
          response.emit("close");
        },
      });
      // @ts-expect-error: as much of visits as is looked at
      const feed = createVisitFeed(visits, told, 1_000);
      // @ts-expect-error: as much of a request and an answer as is looked at
      void feed({ socket: guest("127.0.0.1") }, response, assert.fail);
      for (let beats = 0; beats < 10 && !response.isCut; beats += 1) {
        visits.emit("visit", { id: "x" });
        response.writableLength -= reads;
        context.mock.timers.tick(1_000);
      }
      assert.equal(response.isCut, isCut);
      response.emit("close");
    });
  }
  for (const { name, texts, heartbeatMs } of [
    { name: "has not caught up from one heartbeat to the next", texts: 1, heartbeatMs: 1_000 },
    { name: "is more than 16 MiB behind", texts: 3, heartbeatMs: timeout },
  ]) {
    test(`ends for a browser that ${name}, and for no other`, { timeout }, async ({ signal }) => {
      using sockets = new ServerSockets();
      await using feed = await startFeed(heartbeatMs);
      const [reads, doesNot] = [await listenToFeed(feed.port), await listenToFeed(feed.port)];
      doesNot.pause();
      for (let count = 0; count < texts; count += 1) {
        feed.say();
        for (let bytes = 0; bytes < textBytes;) {
          const [data]: Buffer[] = await once(reads, "data");
          bytes += data?.length ?? assert.fail("it ended for a browser that reads");
        }
      }
      await sockets.whenAtMost(1, signal);
      assert.equal(sockets.count, 1);
      feed.say();
      await once(reads, "data");
      reads.destroy();
      doesNot.destroy();
    });
  }
});
