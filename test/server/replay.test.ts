import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import { WebSocketServer, type WebSocket } from "ws";
import type { IncomingMessage } from "node:http";
import { Recorder, replay } from "../../server/replay.ts";
import { open } from "../client.ts";

interface TestServer extends AsyncDisposable {
  readonly server: WebSocketServer;
  endpoint(attempt: string): URL;
}

/** A server that records every attempt of these names, and talks as it is told. */
async function serve(
  recorder: Recorder,
  talk: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<TestServer> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  server.on("connection", (socket, request) => {
    const url = new URL(request.url ?? "", "http://lab");
    recorder.opened(url.searchParams.get("attempt"), request, socket);
    talk(socket, request);
  });
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    server,
    endpoint: (attempt) => new URL(`ws://t1.localhost:${address.port}/?attempt=${attempt}`),
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

suite("what a client put on the wire is repeated", () => {
  test("its target, its own headers and its messages, under another attempt's id", async () => {
    const recorder = new Recorder();
    const requests: IncomingMessage[] = [];
    await using lab = await serve(recorder, (socket, request) => {
      requests.push(request);
      socket.on("message", (data: Buffer) => socket.close(1000, String(data)));
    });
    recorder.expect("first");
    const endpoint = lab.endpoint("first");
    endpoint.pathname = "/path%2Fto";
    endpoint.search += "&token=%41+b";
    const headers = {
      Cookie: "session=1",
      Authorization: "Bearer 2",
      Origin: "https://page.example",
      "X-Forwarded-For": "192.0.2.1",
    };
    const client = open(endpoint, { headers });
    client.on("open", () => client.send("hello"));
    await once(client, "close");

    const { end, events } = await replay(recorder.get("first"), {
      endpoint: lab.endpoint("second"),
      deadlineMs: 10_000,
    });
    assert.equal(end, "completed");
    assert.deepEqual(
      events.map((event) => (event.type === "close" ? `close ${event.reason}` : event.type)),
      ["open", "close hello"],
    );
    const [before, after] = requests;
    assert.ok(before && after);
    assert.equal(after.url, "/path%2Fto?attempt=second&token=%41+b");
    assert.equal(after.headers.host, before.headers.host);
    assert.equal(after.headers.cookie, "session=1");
    assert.equal(after.headers.authorization, "Bearer 2");
    assert.equal(after.headers.origin, "https://page.example");
    assert.equal(after.headers["x-forwarded-for"], undefined);
    assert.notEqual(after.headers["sec-websocket-key"], before.headers["sec-websocket-key"]);
  });

  test("each message at its turn, and no sooner", async () => {
    const recorder = new Recorder();
    const heard: string[][] = [];
    await using lab = await serve(recorder, (socket) => {
      const mine: string[] = [];
      heard.push(mine);
      const questions = ["who is there?", "one more", "that is all"];
      // Whoever does not wait to be asked has spoken before its pong.
      socket.on("pong", () => socket.send(questions.shift() ?? ""));
      socket.on("message", (data: Buffer, isBinary: boolean) => {
        const text = isBinary ? `(${data.toString("hex")})` : data.toString();
        mine.push(`${text} after ${3 - questions.length}`);
        socket.ping();
      });
      socket.ping();
    });
    recorder.expect("first");
    const client = open(lab.endpoint("first"));
    const answers = ["alice", Buffer.from([1, 2])];
    client.on("message", () => {
      const answer = answers.shift();
      if (answer === undefined) client.close(1000);
      else client.send(answer);
    });
    await once(client, "close");

    const { events } = await replay(recorder.get("first"), {
      endpoint: lab.endpoint("second"),
      deadlineMs: 10_000,
    });
    assert.deepEqual(heard, [
      ["alice after 1", "(0102) after 2"],
      ["alice after 1", "(0102) after 2"],
    ]);
    assert.deepEqual(
      events.map((event) => (event.type === "message" ? event.data : event.type)),
      ["open", "who is there?", "one more", "that is all", "close"],
    );
  });

  test("from memory, which forgets", async () => {
    const recorder = new Recorder();
    await using lab = await serve(recorder, (socket) => socket.close(1000));
    recorder.expect("first");
    await once(open(lab.endpoint("first")), "close");
    assert.ok(recorder.get("first"));
    recorder.forget("first");
    assert.equal(recorder.get("first"), undefined);
  });
});

suite("nothing is recorded", () => {
  test("of an attempt that nobody wants to repeat", async () => {
    const recorder = new Recorder();
    await using lab = await serve(recorder, (socket) => socket.close(1000));
    await once(open(lab.endpoint("first")), "close");
    assert.equal(recorder.get("first"), undefined);
  });

  test("beyond what there is room for: the oldest goes first", async () => {
    const recorder = new Recorder();
    await using lab = await serve(recorder, (socket) => socket.close(1000));
    recorder.expect("first");
    await once(open(lab.endpoint("first")), "close");
    for (let count = 0; count < 100; count += 1) recorder.expect(`other ${count}`);
    assert.equal(recorder.get("first"), undefined);
  });
});

suite("a replay reports what a page would have seen", () => {
  test("when there is nothing to repeat", async () => {
    const stage = { endpoint: new URL("ws://localhost:1/"), deadlineMs: 10_000 };
    const { end, events } = await replay(undefined, stage);
    assert.equal(end, "threw");
    assert.deepEqual(
      events.map(({ type }) => type),
      ["exception"],
    );
  });

  test("when the server does not answer any more", async () => {
    const recorder = new Recorder();
    const lab = await serve(recorder, (socket) => socket.close(1000));
    recorder.expect("first");
    await once(open(lab.endpoint("first")), "close");
    const endpoint = lab.endpoint("second");
    await lab[Symbol.asyncDispose]();
    const { end, events } = await replay(recorder.get("first"), { endpoint, deadlineMs: 10_000 });
    assert.equal(end, "completed");
    assert.deepEqual(
      events.map((event) => (event.type === "close" ? event.code : event.type)),
      ["error", 1006],
    );
  });

  test("when the server says nothing more and closes nothing", async () => {
    const recorder = new Recorder();
    let isFirst = true;
    await using lab = await serve(recorder, (socket) => {
      if (isFirst) socket.send("hello");
      isFirst = false;
    });
    recorder.expect("first");
    const client = open(lab.endpoint("first"));
    await once(client, "message");
    client.close();
    await once(client, "close");
    const { end } = await replay(recorder.get("first"), {
      endpoint: lab.endpoint("second"),
      deadlineMs: 50,
    });
    assert.equal(end, "timeout");
  });
});
