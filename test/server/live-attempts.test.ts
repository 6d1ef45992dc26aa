import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { JudgedAttempt, LiveTask } from "../../model/lab-api.ts";
import type { PagePlace } from "../../server/attempts.ts";
import { LiveAttempts } from "../../server/live-attempts.ts";
import type { Lab } from "../../server/lab.ts";
import { ask, converse, present } from "../client.ts";
import { startTestLab } from "../start-lab.ts";

type Answer = Awaited<ReturnType<typeof ask>>;

function post(lab: Lab, path: string, body: unknown): Promise<Answer> {
  return ask(new URL(path, lab.url), {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

async function open(lab: Lab, wish: Record<string, unknown>): Promise<LiveTask> {
  const answer = await post(lab, "/api/attempts", {
    technique: "query-parameter",
    user: "alice",
    ...wish,
  });
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body);
}

/** Connects as a page would, and reports. */
async function run(lab: Lab, task: LiveTask): Promise<JudgedAttempt> {
  const { technique, endpoint, credential, id } = task;
  const { token = "", user = "" } = credential ?? {};
  const socket = await present(technique, new URL(endpoint), { user, token });
  const answer = await post(lab, `/api/attempts/${id}`, await converse(socket));
  assert.ok(token === "" || !answer.body.includes(token));
  return JSON.parse(answer.body);
}

suite(
  "a live attempt presents what was asked for, and is judged by what one would want of it",
  () => {
    const rows = [
      ["fresh", "accepted", null],
      ["none", "refused", "no credential"],
      ["forged", "refused", "unknown token"],
      ["expired", "refused", "expired token"],
    ] as const;
    for (const [input, expect, refusal] of rows) {
      test(input, async () => {
        await using lab = await startTestLab();
        const task = await open(lab, { present: input });
        assert.equal(task.expect, expect);
        assert.equal(task.credential === null, input === "none");
        const { attempt } = await run(lab, task);
        const [request] = attempt.evidence;
        assert.ok(request?.type === "request");
        assert.equal(request.refusal, refusal);
        assert.equal(attempt.expect, expect);
      });
    }

    test("the same token again: accepted", async () => {
      await using lab = await startTestLab();
      const first = await open(lab, {});
      await run(lab, first);
      const second = await open(lab, { present: "again", first: first.id });
      assert.equal(second.given, first.given);
      assert.equal(second.expect, "accepted");
      assert.equal((await run(lab, second)).verdict.outcome, "pass");
      const third = await open(lab, { present: "again", first: second.id });
      assert.equal(third.given, first.given);
    });

    test("the same token again, which is good for one connection: refused", async () => {
      await using lab = await startTestLab();
      const first = await open(lab, { singleUse: true });
      assert.equal((await run(lab, first)).verdict.outcome, "pass");
      const second = await open(lab, { present: "again", first: first.id });
      assert.equal(second.expect, "refused");
      const { attempt, verdict } = await run(lab, second);
      assert.equal(verdict.outcome, "pass", verdict.reason);
      assert.equal(attempt.singleUse, true);
    });

    test("a forged token again: refused", async () => {
      await using lab = await startTestLab();
      const first = await open(lab, { present: "forged" });
      assert.equal((await open(lab, { present: "again", first: first.id })).expect, "refused");
    });
  },
);

suite("a live attempt that cannot be is refused with 400 and a sentence", () => {
  const rows: readonly (readonly [name: string, wish: Record<string, unknown>, error: RegExp])[] = [
    ["again, without saying which", { present: "again" }, /^first: names the attempt/u],
    ["a first one for a fresh token", { first: "x" }, /^first: names the attempt/u],
    ["a first one that is not remembered", { present: "again", first: "x" }, /^first: no such/u],
    ["a first one without an id", { present: "again", first: "" }, /^first: /u],
    ["what only trials present", { present: "replayed" }, /^present: /u],
    ["a text for singleUse", { singleUse: "yes" }, /^singleUse: /u],
  ];
  for (const [name, wish, error] of rows) {
    test(name, async () => {
      await using lab = await startTestLab();
      const body = { technique: "query-parameter", user: "alice", ...wish };
      const answer = await post(lab, "/api/attempts", body);
      assert.equal(answer.status, 400);
      assert.match(JSON.parse(answer.body).error, error);
    });
  }

  test("nothing again", async () => {
    await using lab = await startTestLab();
    const { id } = await open(lab, { present: "none" });
    const again = { technique: "query-parameter", user: "alice", present: "again", first: id };
    const answer = await post(lab, "/api/attempts", again);
    assert.match(JSON.parse(answer.body).error, /^first: that attempt had no token/u);
  });

  test("somebody else's token", async () => {
    await using lab = await startTestLab();
    const { id } = await open(lab, {});
    const again = { technique: "query-parameter", user: "bob", present: "again", first: id };
    const answer = await post(lab, "/api/attempts", again);
    assert.match(JSON.parse(answer.body).error, /^user: the token is somebody else's/u);
  });
});

suite("evidence of a live attempt holds the handshake as it came", () => {
  const rows = [
    ["query-parameter", /^GET \/\?attempt=[\w-]+&token=‹(#\d+)› HTTP\/1\.1$/mu],
    ["subprotocol", /^Sec-WebSocket-Protocol: .*bearer\.‹(#\d+)›$/mu],
    ["user-information", /^Authorization: Basic \w+‹(#\d+)›=*$/mu],
    ["capability-path", /^GET \/enter\/‹(#\d+)›\?attempt=[\w-]+ HTTP\/1\.1$/mu],
  ] as const;
  for (const [technique, where] of rows) {
    test(technique, async () => {
      await using lab = await startTestLab();
      const task = await open(lab, { technique });
      const { attempt } = await run(lab, task);
      const heads = attempt.evidence.flatMap((entry) =>
        entry.type === "request" ? [entry.head?.join("\n") ?? ""] : [],
      );
      const head = heads.at(-1) ?? "";
      assert.equal(where.exec(head)?.[1], task.given, head);
      assert.match(head, /^sec-websocket-key: /imu);
    });
  }

  test("a request that belongs to no attempt leaves no head behind", async () => {
    await using lab = await startTestLab();
    const { endpoint } = await open(lab, {});
    const other = new URL(endpoint.replace(/^ws/u, "http"));
    other.searchParams.set("attempt", "another");
    await ask(other);
    const [entry] = lab.evidence.unattributed;
    assert.ok(entry?.type === "request");
    assert.equal(entry.head, undefined);
  });
});

suite("the memory for live attempts is bounded", () => {
  const page: PagePlace = { hostname: "localhost", scheme: "ws", placement: "same-host" };
  const wish = { technique: "a", user: "alice", present: "fresh", singleUse: false } as const;
  let count = 0;
  let now = 0;
  const make = (): LiveAttempts =>
    new LiveAttempts({
      attempts: {
        async open(plan, technique) {
          count += 1;
          return {
            id: String(count),
            technique,
            endpoint: new URL("ws://localhost/"),
            home: new URL("http://localhost/"),
            credential: { user: plan.user, token: "t" },
            given: `#${count}`,
            renewal: null,
            plants: null,
            plan,
          };
        },
        complete: () => Promise.reject(new Error("nobody reports here")),
      },
      lifetimeMs: 1_000,
      capacity: 2,
      now: () => now,
    });

  test("the oldest attempt makes room for the newest", async () => {
    const live = make();
    const opened = [
      await live.open(wish, page),
      await live.open(wish, page),
      await live.open(wish, page),
    ];
    const ids = opened.map((one) => (one.ok ? one.value.id : ""));
    assert.deepEqual(
      ids.map((id) => live.techniqueOf(id)),
      [undefined, "a", "a"],
    );
    const [first = "", second = ""] = ids;
    assert.equal((await live.open({ ...wish, present: "again", first }, page)).ok, false);
    assert.equal((await live.open({ ...wish, present: "again", first: second }, page)).ok, true);
  });

  test("a token whose time is over is to be refused", async () => {
    const live = make();
    const opened = await live.open(wish, page);
    assert.ok(opened.ok);
    now += 1_000;
    const again = await live.open({ ...wish, present: "again", first: opened.value.id }, page);
    assert.ok(again.ok);
    assert.equal(again.value.plan.expect, "refused");
  });
});
