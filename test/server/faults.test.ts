import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import type { Evidence } from "../../model/observation.ts";
import type { AttemptPlan, Fault, Trial } from "../../model/trial.ts";
import type { OpenAttempt } from "../../server/attempts.ts";
import type { Lab } from "../../server/lab.ts";
import type { Walk } from "../../server/walks.ts";
import { ask, converse, open } from "../client.ts";
import { startLabOf } from "../start-lab.ts";

/** Hands out an attempt at a server with this fault. */
async function handOut(
  lab: Lab,
  technique: string,
  fault: Fault,
): Promise<{ walk: Walk; attempt: OpenAttempt }> {
  const plan: AttemptPlan = {
    present: "fresh",
    user: "alice",
    singleUse: false,
    fault,
    expect: "any",
  };
  const trial: Trial = {
    technique,
    scenario: "fault",
    placement: "same-host",
    scheme: "ws",
    definition: "test",
    attempts: [plan],
  };
  const walk = lab.walks.start([trial], "nowhere");
  const answer = await walk.post(0, walk.address(0).origin, { ok: true, value: { report: null } });
  assert.ok("attempt" in answer);
  return { walk, attempt: answer.attempt };
}

/** Ends the attempt, and resolves with what the servers saw of it. */
async function evidenceOf(walk: Walk): Promise<readonly Evidence[]> {
  const report = { end: "completed", events: [] } as const;
  await walk.post(0, walk.address(0).origin, { ok: true, value: { report } });
  return walk.ended[0]?.attempts[0]?.evidence ?? [];
}

function withToken({ endpoint, credential }: OpenAttempt): URL {
  const url = new URL(endpoint);
  url.searchParams.set("token", credential?.token ?? "");
  return url;
}

suite("a handshake that is to fail is answered by its fault, although its token is good", () => {
  const rows: [fault: Fault, status: number, headers: Record<string, string | undefined>][] = [
    [
      "401-with-challenge",
      401,
      { "www-authenticate": 'Basic realm="websocket-auth-lab", charset="UTF-8"' },
    ],
    ["401", 401, { "www-authenticate": undefined }],
    ["403", 403, { "www-authenticate": undefined }],
  ];
  for (const [fault, status, expected] of rows) {
    test(fault, async () => {
      await using lab = await startLabOf("query-parameter");
      const { walk, attempt } = await handOut(lab, "query-parameter", fault);
      const socket = open(withToken(attempt));
      const [, response] = await once(socket, "unexpected-response");
      assert.equal(response.statusCode, status);
      for (const [name, value] of Object.entries(expected)) {
        assert.equal(response.headers[name], value);
      }
      assert.deepEqual(
        (await evidenceOf(walk)).map((entry) => ({ ...entry, at: 0, head: null })),
        [
          {
            at: 0,
            head: null,
            type: "request",
            method: "GET",
            upgrade: true,
            origin: null,
            status,
            presented: null,
            via: null,
            user: null,
            refusal: null,
          },
        ],
      );
    });
  }
});

suite("a redirected handshake is sent to a page beside it, and whoever follows is seen", () => {
  for (const [how, headers] of [
    ["as a plain request", {}],
    ["as a handshake", { Connection: "Upgrade", Upgrade: "websocket" }],
  ] as const) {
    test(how, async () => {
      await using lab = await startLabOf("query-parameter");
      const { walk, attempt } = await handOut(lab, "query-parameter", "redirect");
      const [, response] = await once(open(withToken(attempt)), "unexpected-response");
      assert.equal(response.statusCode, 302);
      const { location } = response.headers;
      assert.equal(location, `login?attempt=${attempt.id}`);
      const login = new URL(location, attempt.endpoint.href.replace(/^ws/u, "http"));
      const key = {
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
      };
      const answer = await ask(login, { headers: { ...headers, ...key } });
      assert.equal(answer.status, 200);
      assert.match(answer.body, /log in here/u);
      assert.match(answer.headers["content-type"] ?? "", /^text\/plain/u);
      const statuses = (await evidenceOf(walk)).map((entry) =>
        entry.type === "request" ? entry.status : entry.type,
      );
      assert.deepEqual(statuses, [302, 200]);
    });
  }
});

test("an attempt without that fault finds no login page", async () => {
  await using lab = await startLabOf("query-parameter");
  const { attempt } = await handOut(lab, "query-parameter", "403");
  const login = new URL(`login${attempt.endpoint.search}`, attempt.endpoint);
  const { status } = await ask(login.href.replace(/^ws/u, "http"));
  assert.equal(status, 426);
});

suite("a connection that is to fail opens, whatever comes", () => {
  const rows: [technique: string, fault: Fault, code: number, reason: string][] = [
    ["query-parameter", "close-4401", 4401, "token expired"],
    ["query-parameter", "silence", 1000, "was silent"],
    ["first-message", "close-4401", 4401, "token expired"],
    ["first-message", "silence", 1000, "was silent"],
    ["subprotocol", "no-subprotocol", 1000, "no subprotocol"],
  ];
  for (const [technique, fault, code, reason] of rows) {
    test(`${technique}, ${fault}`, async () => {
      await using lab = await startLabOf(technique);
      const { walk, attempt } = await handOut(lab, technique, fault);
      const socket = open(withToken(attempt));
      const { events } = await converse(socket);
      assert.deepEqual(
        events.map((event) => ({ ...event, at: 0 })),
        [
          { at: 0, type: "open", protocol: "" },
          { at: 0, type: "close", code, reason, wasClean: true },
        ],
      );
      const evidence = await evidenceOf(walk);
      assert.deepEqual(
        evidence.map((entry) =>
          entry.type === "close" ? entry.code : [entry.refusal, entry.presented],
        ),
        [[null, null], code],
      );
    });
  }

  test("none of the offered subprotocols is selected", async () => {
    await using lab = await startLabOf("subprotocol");
    const { attempt } = await handOut(lab, "subprotocol", "no-subprotocol");
    const socket = open(attempt.endpoint, { protocols: ["websocket-auth-lab"] });
    const { events } = await converse(socket);
    // The client had to have one: https://www.rfc-editor.org/rfc/rfc6455#section-4.1
    assert.deepEqual(
      events.map(({ type }) => type),
      ["error", "close"],
    );
  });
});

suite("a server that is down refuses connections, on each loopback address", () => {
  for (const host of ["127.0.0.1", "[::1]"]) {
    test(host, async () => {
      await using lab = await startLabOf("query-parameter");
      const { walk, attempt } = await handOut(lab, "query-parameter", "down");
      const { port } = attempt.endpoint;
      await assert.rejects(ask(`http://${host}:${port}/`), { code: "ECONNREFUSED" });
      assert.deepEqual(await evidenceOf(walk), []);
    });
  }
});
