import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { suite, test } from "node:test";
import type { Lab } from "../../server/lab.ts";
import { ask, converse, open, present, type Answer } from "../client.ts";
import { handshake, sendRaw } from "../raw-request.ts";
import { startLabOf } from "../start-lab.ts";
import { endpointOf } from "./dialogue.ts";

const id = "pre-signed-url";

function askFor(lab: Lab, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(new URL(`/websockets/${id}/sign`, lab.url), {
    method: "POST",
    headers: { "Content-Type": "text/plain", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

async function signed(lab: Lab, address: URL, user = "alice"): Promise<URL> {
  const { secret: token } = lab.tokens.issue(user, 60_000, true);
  const answer = await askFor(lab, { token, address: address.href });
  assert.equal(answer.status, 200, answer.body);
  assert.ok(!answer.body.includes(token.slice(12)));
  return new URL(answer.body);
}

async function greetingFor(url: URL): Promise<string | undefined> {
  const { events } = await converse(open(url));
  return events.find((event) => event.type === "message")?.data;
}

/** The status line and the body of the answer to a handshake on the technique's own port. */
async function answerTo(lab: Lab, url: URL, host: string = url.host): Promise<string> {
  const port = lab.ports.get(id)?.ws ?? 0;
  const answer = await sendRaw(port, handshake(`${url.pathname}${url.search}`, { Host: host }));
  return `${/^HTTP\/1\.1 (?<status>\d+)/u.exec(answer)?.groups?.["status"]} ${answer.split("\r\n\r\n")[1]?.trim()}`;
}

async function assertGoodIsAccepted(lab: Lab): Promise<void> {
  const { user, secret: token } = lab.tokens.issue("alice", 60_000, false);
  const { events } = await converse(await present(id, endpointOf(lab, id), { user, token }));
  assert.ok(events.some((event) => event.type === "message" && event.data === "Hello alice!"));
}

suite("a signed URL", () => {
  const places: [name: string, address: (lab: Lab) => URL][] = [
    ["the technique's own port", (lab) => endpointOf(lab, id)],
    ["its port over TLS", (lab) => endpointOf(lab, id, { secure: true })],
    ["a page's name", (lab) => endpointOf(lab, id, { hostname: "t1.localhost" })],
    ["another site's name", (lab) => endpointOf(lab, id, { hostname: "ws.t1.example.net" })],
    [
      "a path on the page's origin",
      (lab) => new URL(`ws://localhost:${lab.url.port}/websockets/${id}/`),
    ],
    [
      "a path below that",
      (lab) => new URL(`ws://localhost:${lab.url.port}/websockets/${id}/a%20b/ü`),
    ],
  ];
  for (const [name, address] of places) {
    test(`opens ${name}`, async () => {
      await using lab = await startLabOf(id);
      assert.equal(await greetingFor(await signed(lab, address(lab))), "Hello alice!");
    });
  }

  test("admits as often as it is used, although its token could be traded only once", async () => {
    await using lab = await startLabOf(id);
    const url = await signed(lab, endpointOf(lab, id));
    for (let use = 0; use < 3; use += 1) assert.equal(await greetingFor(url), "Hello alice!");
  });

  test("admits no more when its time is over", async (context) => {
    await using lab = await startLabOf(id);
    const url = await signed(lab, endpointOf(lab, id));
    const expires = Number(url.searchParams.get("expires"));
    context.mock.timers.enable({ apis: ["Date"], now: expires - 1 });
    assert.equal(await greetingFor(url), "Hello alice!");
    context.mock.timers.setTime(expires);
    assert.equal(await answerTo(lab, url), "401 wrong proof");
  });

  test("admits no more once the token is revoked, because this lab looks it up", async () => {
    await using lab = await startLabOf(id);
    const { secret: token } = lab.tokens.issue("alice", 60_000, false);
    const { body } = await askFor(lab, { token, address: endpointOf(lab, id).href });
    lab.tokens.revoke(token);
    assert.equal(await answerTo(lab, new URL(body)), "401 revoked token");
  });

  test("keeps the rest of the query, which is not signed", async () => {
    await using lab = await startLabOf(id);
    const url = await signed(lab, endpointOf(lab, id, { attempt: "a" }));
    assert.equal(url.searchParams.get("attempt"), "a");
    url.searchParams.set("attempt", "b");
    assert.equal(await greetingFor(url), "Hello alice!");
  });

  test("names the token by an id that opens nothing", async () => {
    await using lab = await startLabOf(id);
    const url = await signed(lab, endpointOf(lab, id));
    const tokenId = url.searchParams.get("id") ?? "";
    assert.match(tokenId, /^[\w-]{12}$/u);
    assert.equal(lab.tokens.redeem(tokenId).accepted, false);
  });
});

function set(name: string, value: string): (url: URL) => void {
  return (url) => url.searchParams.set(name, value);
}

suite("a signed URL of which one thing was changed is refused", () => {
  const rows: [name: string, answer: string, change: (url: URL, other: URL) => void][] = [
    ["an unknown id", "401 unknown token", set("id", "AAAAAAAAAAAA")],
    [
      "the id of another URL",
      "401 wrong proof",
      (url, other) => url.searchParams.set("id", other.searchParams.get("id") ?? ""),
    ],
    [
      "the signature of another URL",
      "401 wrong proof",
      (url, other) => url.searchParams.set("signature", other.searchParams.get("signature") ?? ""),
    ],
    ["an empty id", "401 unknown token", set("id", "")],
    [
      "a later end",
      "401 wrong proof",
      (url) => url.searchParams.set("expires", `${url.searchParams.get("expires")}0`),
    ],
    ["no end", "401 wrong proof", set("expires", "")],
    ["an endless end", "401 wrong proof", set("expires", "Infinity")],
    [
      "an end in another notation",
      "401 wrong proof",
      (url) => url.searchParams.set("expires", `${url.searchParams.get("expires")}.0`),
    ],
    [
      "a signature with another key",
      "401 wrong proof",
      (url) => {
        const [tokenId, expires] = ["id", "expires"].map((name) => url.searchParams.get(name));
        const canonical = JSON.stringify(["GET", url.host, url.pathname, tokenId, expires]);
        url.searchParams.set("signature", createHmac("sha256", "").update(canonical).digest("hex"));
      },
    ],
    [
      "another digit in the signature",
      "401 wrong proof",
      (url) => {
        const signature = url.searchParams.get("signature") ?? "";
        const digit = signature.endsWith("0") ? "1" : "0";
        url.searchParams.set("signature", `${signature.slice(0, -1)}${digit}`);
      },
    ],
    [
      "a signature in upper case",
      "401 wrong proof",
      (url) =>
        url.searchParams.set(
          "signature",
          `A${url.searchParams.get("signature")?.slice(1).toUpperCase()}`,
        ),
    ],
    [
      "a short signature",
      "401 wrong proof",
      (url) => url.searchParams.set("signature", url.searchParams.get("signature")?.slice(1) ?? ""),
    ],
    ["an empty signature", "401 wrong proof", set("signature", "")],
    ["a long signature", "401 wrong proof", set("signature", "0".repeat(8_000))],
    [
      "a signature that is not UTF-8",
      "401 wrong proof",
      (url) => void (url.search = url.search.replace(/signature=\w+/u, "signature=%ff%fe")),
    ],
    ["another path", "401 wrong proof", (url) => void (url.pathname = "/other")],
    ["a path with one more slash", "401 wrong proof", (url) => void (url.pathname = "//")],
    ["another host", "401 wrong proof", (url) => void (url.hostname = "t1.localhost")],
    ["no port in the host", "401 wrong proof", (url) => void (url.port = "")],
    ["no id", "401 no credential", (url) => url.searchParams.delete("id")],
    ["no end at all", "401 no credential", (url) => url.searchParams.delete("expires")],
    ["no signature", "401 no credential", (url) => url.searchParams.delete("signature")],
    [
      "two ids",
      "401 no credential",
      (url, other) => url.searchParams.append("id", other.searchParams.get("id") ?? ""),
    ],
    ["two ends", "401 no credential", (url) => url.searchParams.append("expires", "9")],
    [
      "two signatures",
      "401 no credential",
      (url) => url.searchParams.append("signature", url.searchParams.get("signature") ?? ""),
    ],
  ];
  for (const [name, answer, change] of rows) {
    test(name, async () => {
      await using lab = await startLabOf(id);
      const url = await signed(lab, endpointOf(lab, id));
      const other = await signed(lab, endpointOf(lab, id), "bob");
      change(url, other);
      assert.equal(await answerTo(lab, url), answer);
      await assertGoodIsAccepted(lab);
    });
  }

  test("another server, which listens elsewhere", async () => {
    await using lab = await startLabOf(id);
    const url = await signed(lab, endpointOf(lab, id));
    const elsewhere = new URL(`ws://localhost:${lab.url.port}/websockets/${id}/${url.search}`);
    assert.equal(await greetingFor(elsewhere), undefined);
  });
});

suite("a wish for a signature is answered with", () => {
  const address = "ws://localhost/";
  const bad: [name: string, make: (token: string) => unknown][] = [
    ["nothing", () => ""],
    ["the token alone", (token) => token],
    ["no JSON", (token) => `{"token":"${token}"`],
    ["no token", () => ({ address })],
    ["a token that is a number", () => ({ token: 1, address })],
    ["no address", (token) => ({ token })],
    ["an empty address", (token) => ({ token, address: "" })],
    ["a relative address", (token) => ({ token, address: "/" })],
    ["an http address", (token) => ({ token, address: "http://localhost/" })],
    ["a javascript address", (token) => ({ token, address: "javascript:alert(1)" })],
    ["an address without a host", (token) => ({ token, address: "ws://" })],
    ["an address that is null", (token) => ({ token, address: null })],
    ["a lifetime", (token) => ({ token, address, lifetimeMs: 1e9 })],
  ];
  for (const [name, make] of bad) {
    test(`400 when it holds ${name}, and the token is not spent`, async () => {
      await using lab = await startLabOf(id);
      const { secret: token } = lab.tokens.issue("alice", 60_000, true);
      const answer = await askFor(lab, make(token));
      assert.deepEqual([answer.status, answer.body], [400, "no token and address\n"]);
      assert.equal((await askFor(lab, { token, address })).status, 200);
    });
  }

  test("401 when the token is no good, and 403 to another origin's page", async () => {
    await using lab = await startLabOf(id);
    const { secret: token } = lab.tokens.issue("alice", 60_000, true);
    const wish = { token, address };
    const foreign = await askFor(lab, wish, { Origin: "http://evil.example" });
    assert.deepEqual([foreign.status, foreign.body], [403, "origin not allowed\n"]);
    const good = await askFor(lab, wish, { Origin: lab.url.origin });
    assert.deepEqual([good.status, good.headers["cache-control"]], [200, "no-store"]);
    const again = await askFor(lab, wish);
    assert.deepEqual([again.status, again.body], [401, "token already used\n"]);
  });

  test("one set of parameters, whatever was there before", async () => {
    await using lab = await startLabOf(id);
    const endpoint = endpointOf(lab, id);
    endpoint.search = "?id=1&id=2&expires=9&signature=a&signature=b";
    assert.equal(await greetingFor(await signed(lab, endpoint)), "Hello alice!");
  });
});
