import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Lab } from "../../server/lab.ts";
import { ask, converse, open, post, type Answer } from "../client.ts";
import { startLabOf } from "../start-lab.ts";
import type { Trial } from "../../model/trial.ts";

const id = "storage-access";
const server = "ws.t1.example.net";
const page = "www.t1.example.com";

function endpointOf(lab: Lab, secure = true): URL {
  const { ws, wss } = lab.ports.get(id) ?? assert.fail();
  return new URL(secure ? `wss://${server}:${wss}/` : `ws://${server}:${ws}/`);
}

function frameOrigin(lab: Lab): string {
  return endpointOf(lab).origin.replace(/^ws/u, "http");
}

function pageOrigin(lab: Lab): string {
  return `https://${page}:${lab.secureUrl?.port}`;
}

function route(lab: Lab, name: string): URL {
  return new URL(name, `${frameOrigin(lab)}/`);
}

function trade(lab: Lab, token: string, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(route(lab, "cookie"), {
    method: "POST",
    headers: { "Content-Type": "text/plain", ...headers },
    body: token,
  });
}

async function cookieFor(lab: Lab): Promise<string> {
  const { secret: token } = lab.tokens.issue("alice", 60_000, false);
  const answer = await trade(lab, token, { Origin: frameOrigin(lab) });
  assert.equal(answer.status, 204, answer.body);
  return answer.headers["set-cookie"]?.[0] ?? assert.fail("no cookie");
}

const foreign: [name: string, origin: (lab: Lab) => string][] = [
  ["the page", pageOrigin],
  ["nobody", () => "null"],
  ["another site", () => "https://evil.example"],
  ["another user's host on the server's site", (lab) => frameOrigin(lab).replace("t1", "t2")],
  ["another port of the server's host", () => `https://${server}`],
  ["the server over the other scheme", (lab) => frameOrigin(lab).replace("https", "http")],
];

suite("storage-access lets its own frame's origin in, and no other's", () => {
  for (const [name, origin] of [["the frame", frameOrigin] as const, ...foreign]) {
    test(`a handshake of ${name}`, async () => {
      await using lab = await startLabOf(id);
      const cookie = (await cookieFor(lab)).split(";")[0] ?? "";
      const headers = { Origin: origin(lab), Cookie: cookie };
      const { events } = await converse(open(endpointOf(lab), { headers }));
      const greeting = events.find((event) => event.type === "message")?.data;
      assert.equal(greeting, name === "the frame" ? "Hello alice!" : undefined);
    });
  }

  for (const [name, origin] of foreign) {
    test(`an exchange of ${name} is refused before the token is judged`, async () => {
      await using lab = await startLabOf(id);
      const { secret: token } = lab.tokens.issue("alice", 60_000, true);
      const answer = await trade(lab, token, { Origin: origin(lab) });
      assert.deepEqual([answer.status, answer.body], [403, "origin not allowed\n"]);
      assert.equal(answer.headers["set-cookie"], undefined);
      assert.equal((await trade(lab, token, { Origin: frameOrigin(lab) })).status, 204);
    });
  }

  test("a frame without a cookie, and one that sends its token as the cookie, are refused", async () => {
    await using lab = await startLabOf(id);
    const { secret: token } = lab.tokens.issue("alice", 60_000, false);
    const presented = [{}, { Cookie: `${id}=` }, { Cookie: `${id}=${token}` }];
    for (const headers of presented) {
      lab.evidence.open("a");
      const endpoint = endpointOf(lab);
      endpoint.searchParams.set("attempt", "a");
      await converse(open(endpoint, { headers: { Origin: frameOrigin(lab), ...headers } }));
      const [entry] = await lab.evidence.take("a", 1_000);
      assert.equal(entry?.type === "request" && entry.status, 401);
    }
  });
});

test("the cookie is for this host, and hidden from scripts", async () => {
  await using lab = await startLabOf(id);
  const [pair, ...attributes] = (await cookieFor(lab)).split("; ");
  assert.match(pair ?? "", /^storage-access=[\w-]{20,}$/u);
  assert.deepEqual(attributes.toSorted(), ["HttpOnly", "Path=/", "SameSite=None", "Secure"]);
});

test("no origin may read the exchange's answer", async () => {
  await using lab = await startLabOf(id);
  const { secret: token } = lab.tokens.issue("alice", 60_000, false);
  const { headers } = await trade(lab, token, { Origin: pageOrigin(lab) });
  assert.equal(headers["access-control-allow-origin"], undefined);
});

test("only the page that belongs to the server's host may frame it, and is named to the frame", async () => {
  await using lab = await startLabOf(id);
  for (const name of ["frame.html", "frame.ts", "page.json"]) {
    const { status, headers } = await ask(route(lab, name));
    assert.equal(status, 200);
    const policy = `script-src 'self'; frame-ancestors ${pageOrigin(lab)}`;
    assert.equal(headers["content-security-policy"], policy);
  }
  const { body } = await ask(route(lab, "page.json"));
  assert.deepEqual(JSON.parse(body), { origin: pageOrigin(lab) });
});

suite("a trial's page may want a click", () => {
  const trial: Trial = {
    technique: id,
    scenario: "valid",
    placement: "cross-site",
    scheme: "wss",
    definition: "test",
    attempts: [{ present: "fresh", user: "alice", singleUse: false, expect: "accepted" }],
  };

  test("which reaches whoever drives the browser, while an attempt is open", async () => {
    await using lab = await startLabOf(id);
    const walk = lab.walks.start([trial], "nowhere");
    const clicks: unknown[] = [];
    walk.on("click", (point) => clicks.push(point));
    const address = walk.address(0);
    const api = new URL(`/api${address.pathname}`, address);
    const click = `${api.href}/click`;
    assert.equal((await post(click, { x: 1, y: 2 })).status, 204);
    assert.deepEqual(clicks, [], "no attempt is open");
    await post(api, { report: null });
    assert.equal((await post(click, { x: 10, y: 20 })).status, 204);
    assert.deepEqual(clicks, [{ x: 10, y: 20 }]);
  });

  const nonsense: [name: string, value: unknown][] = [
    ["nothing", null],
    ["half a point", { x: 1 }],
    ["a negative one", { x: -1, y: 1 }],
    ["text", { x: "1); alert(1", y: 1 }],
    ["a fraction", { x: 0.5, y: 1 }],
    ["more than a point", { x: 1, y: 1, z: 1 }],
  ];
  for (const [name, value] of nonsense) {
    test(`but not on ${name}`, async () => {
      await using lab = await startLabOf(id);
      const walk = lab.walks.start([trial], "nowhere");
      walk.on("click", () => assert.fail("was passed on"));
      const address = walk.address(0);
      await post(new URL(`/api${address.pathname}`, address), { report: null });
      const answer = await post(new URL(`/api${address.pathname}/click`, address), value);
      assert.equal(answer.status, 400);
    });
  }
});
