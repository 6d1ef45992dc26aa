import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { suite, test } from "node:test";
import type { WebSocket } from "ws";
import { findNginx } from "../../experiments/nginx.ts";
import { putProxyBefore } from "../../experiments/proxy.ts";
import { runBrowser } from "../../experiments/run-browser.ts";
import type { Evidence } from "../../model/observation.ts";
import type { Lab } from "../../server/lab.ts";
import { needsProxy } from "../../techniques/needs-proxy.ts";
import { techniques } from "../../techniques/index.ts";
import { allTrials } from "../all-trials.ts";
import { testAuthority } from "../authority.ts";
import { ask, converse, open } from "../client.ts";
import { runOptions } from "../experiments/run-options.ts";
import { startLabOf, startTestLab } from "../start-lab.ts";

const found = await findNginx();
const isCi = (process.env["CI"] ?? "") !== "";
const skip = found.state === "absent" && !isCi && found.reason;

interface Front extends AsyncDisposable {
  readonly lab: Lab;
  /** Where clients are sent, and where nobody but the proxy should be. */
  readonly endpoint: (scheme?: "ws" | "wss") => URL;
  readonly behind: URL;
}

/** A lab of one technique with a real nginx before its server. */
async function startBehindNginx(technique: string): Promise<Front> {
  await using started = new AsyncDisposableStack();
  const lab = started.use(await startLabOf(technique));
  const proxy = started.use(
    await putProxyBefore(lab, {
      servers: [technique],
      techniques,
      certificates: testAuthority,
    }),
  );
  assert.ok(proxy.state === "here", "nginx is not installed, and CI needs it");
  const { ws, wss } = proxy.ports.get(technique) ?? assert.fail();
  const running = started.move();
  return {
    lab,
    endpoint: (scheme = "ws") =>
      new URL(`${scheme}://localhost:${scheme === "ws" ? ws : wss}/?attempt=a`),
    behind: new URL(`ws://localhost:${lab.ports.get(technique)?.ws}/?attempt=a`),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** What came of a handshake that was refused. */
async function refusalOf(socket: WebSocket): Promise<IncomingMessage> {
  socket.on("error", () => {});
  const answer = await new Promise<IncomingMessage>((resolve) =>
    socket.once("unexpected-response", (_request, response) => resolve(response)),
  );
  answer.resume();
  socket.terminate();
  return answer;
}

async function requests(lab: Lab): Promise<unknown[]> {
  const evidence: readonly Evidence[] = await lab.evidence.take("a", 1_000);
  return evidence.flatMap((entry) =>
    entry.type === "request"
      ? [[entry.upgrade, entry.status, entry.presented, entry.user, entry.refusal]]
      : [],
  );
}

const presentations: {
  readonly name: string;
  readonly refusal: string;
  readonly make: (lab: Lab) => Promise<string | null>;
}[] = [
  { name: "no cookie", refusal: "no credential", make: async () => null },
  { name: "an empty cookie", refusal: "no credential", make: async () => "" },
  {
    name: "a forged token",
    refusal: "unknown token",
    make: async (lab) => lab.tokens.forge("alice").secret,
  },
  {
    name: "an expired token",
    refusal: "expired token",
    async make(lab) {
      const token = lab.tokens.issue("alice", 1, false);
      await lab.tokens.whenExpired(token);
      return token.secret;
    },
  },
  {
    name: "a revoked token",
    refusal: "revoked token",
    async make(lab) {
      const { secret } = lab.tokens.issue("alice", 60_000, false);
      lab.tokens.revoke(secret);
      return secret;
    },
  },
];

suite("behind nginx that asks about every request", { skip }, () => {
  for (const { id, proxied } of techniques) {
    if (proxied === undefined) continue;
    const { header, auth, refusal: status } = proxied;
    const cookie = (secret: string): Record<string, string> => ({ Cookie: `${id}=${secret}` });
    const goodCookie = (lab: Lab, singleUse = false): Record<string, string> =>
      cookie(lab.tokens.issue("alice", 60_000, singleUse).secret);

    for (const scheme of ["ws", "wss"] as const) {
      test(`${id}: a good cookie is let in under its token's serial, over ${scheme}`, async () => {
        await using front = await startBehindNginx(id);
        const { lab } = front;
        const { secret, serial } = lab.tokens.issue("alice", 60_000, true);
        lab.evidence.open("a");
        const page = (scheme === "ws" ? lab.url : lab.secureUrl)?.origin ?? assert.fail();
        const headers = { ...cookie(secret), Origin: page };
        const { events } = await converse(open(front.endpoint(scheme), { headers }));
        assert.deepEqual(
          events.map((event) => (event.type === "message" ? event.data : event.type)),
          ["open", "Hello alice!", "close"],
        );
        assert.deepEqual(await requests(lab), [
          [false, 204, serial, null, null],
          [true, 101, serial, "alice", null],
        ]);
      });
    }

    for (const { name, refusal, make } of presentations) {
      test(`${id}: ${name} is answered with ${status}, and never gets behind the proxy`, async () => {
        await using front = await startBehindNginx(id);
        const { lab } = front;
        const secret = await make(lab);
        lab.evidence.open("a");
        const headers = secret === null ? {} : cookie(secret);
        const answer = await refusalOf(open(front.endpoint(), { headers }));
        assert.equal(answer.statusCode, status);
        const serial = secret === null || secret === "" ? null : lab.tokens.nameOf(secret);
        assert.deepEqual(await requests(lab), [[false, 401, serial, null, refusal]]);
      });
    }

    test(`${id}: another site's page is refused with 403, and no token is spent`, async () => {
      await using front = await startBehindNginx(id);
      const { lab } = front;
      const good = goodCookie(lab, true);
      lab.evidence.open("a");
      const headers = { ...good, Origin: "http://evil.example" };
      const answer = await refusalOf(open(front.endpoint(), { headers }));
      assert.equal(answer.statusCode, 403);
      assert.deepEqual(await requests(lab), [[false, 403, null, null, "origin not allowed"]]);
      const { events } = await converse(open(front.endpoint(), { headers: good }));
      assert.ok(events.some(({ type }) => type === "open"));
    });

    test(`${id}: the header of the proxy, sent by a client, neither helps nor harms`, async () => {
      await using front = await startBehindNginx(id);
      const { lab } = front;
      const { secret, user } = lab.tokens.issue("mallory", 60_000, false);
      for (const value of [secret, user, "mallory, mallory"]) {
        const alone = await refusalOf(open(front.endpoint(), { headers: { [header]: value } }));
        assert.equal(alone.statusCode, status);
        const headers = { ...goodCookie(lab), [header]: value };
        const { events } = await converse(open(front.endpoint(), { headers }));
        assert.ok(events.some((event) => event.type === "message" && /alice/u.test(event.data)));
      }
    });

    test(`${id}: around the proxy, neither cookie nor token nor a made-up header is let in`, async () => {
      await using front = await startBehindNginx(id);
      const { lab } = front;
      const { secret } = lab.tokens.issue("alice", 60_000, false);
      const rows: [headers: Record<string, string>, reason: string][] = [
        [cookie(secret), "no credential"],
        [{ [header]: secret }, "token was not exchanged"],
        [{ [header]: "alice" }, "unknown token"],
        [{ ...cookie(secret), [header]: "" }, "no credential"],
      ];
      for (const [headers, reason] of rows) {
        lab.evidence.open("a");
        const answer = await refusalOf(open(front.behind, { headers }));
        assert.equal(answer.statusCode, 401);
        const [seen, ...others] = await requests(lab);
        assert.deepEqual(others, []);
        assert.ok(Array.isArray(seen));
        assert.equal(seen.at(-1), reason);
      }
    });

    test(`${id}: no client gets to see what the proxy is told`, async () => {
      await using front = await startBehindNginx(id);
      const { lab } = front;
      const base = front.endpoint().href.replace(/^ws/u, "http");
      const paths = [auth, `${auth}/`, auth.toUpperCase(), `./${auth}`, "%61uth", "login"];
      for (const path of paths) {
        const answer = await ask(new URL(path, base), { headers: goodCookie(lab) });
        assert.equal(answer.headers[header.toLowerCase()], undefined, path);
      }
      assert.equal((await ask(new URL(auth, base), { headers: goodCookie(lab) })).status, 404);
    });

    test(`${id}: what the proxy was told is good for one handshake`, async () => {
      await using front = await startBehindNginx(id);
      const { lab, behind } = front;
      const question = new URL(auth, behind.href.replace(/^ws/u, "http"));
      const answer = await ask(question, { headers: goodCookie(lab) });
      const approval = answer.headers[header.toLowerCase()];
      assert.ok(typeof approval === "string");
      const headers = { [header]: approval };
      const { events } = await converse(open(behind, { headers }));
      assert.ok(events.some(({ type }) => type === "open"));
      assert.equal((await refusalOf(open(behind, { headers }))).statusCode, 401);
    });

    test(`${id}: one cookie opens many connections, each asked about`, async () => {
      await using front = await startBehindNginx(id);
      const { lab } = front;
      const headers = goodCookie(lab);
      const sockets = Array.from({ length: 10 }, () => open(front.endpoint(), { headers }));
      for (const { events } of await Promise.all(sockets.map((socket) => converse(socket)))) {
        assert.ok(events.some(({ type }) => type === "open"));
      }
    });
  }

  test("a redirect leads to the login page of the same port, which anybody may see", async () => {
    await using front = await startBehindNginx("forward-auth-redirect");
    const answer = await refusalOf(open(front.endpoint()));
    const page = new URL("/login?attempt=a", front.endpoint().href.replace(/^ws/u, "http"));
    assert.equal(answer.headers.location, page.href);
    assert.equal((await ask(page)).status, 200);
  });
});

suite("the login sets the cookie that was posted, and judges nothing", () => {
  for (const secure of [false, true]) {
    test(secure ? "over TLS" : "without TLS", async () => {
      await using lab = await startLabOf("forward-auth");
      const { origin } = (secure ? lab.secureUrl : lab.url) ?? assert.fail();
      const url = new URL("/websockets/forward-auth/login", origin);
      const post = (page: string): ReturnType<typeof ask> =>
        ask(url, {
          method: "POST",
          headers: { "Content-Type": "text/plain", Origin: page },
          body: "a=b;c ü",
        });
      const { status, headers } = await post(origin);
      assert.equal(status, 204);
      const attributes = `; Path=/; HttpOnly${secure ? "; Secure" : ""}; SameSite=Lax`;
      assert.deepEqual(headers["set-cookie"], [`forward-auth=a%3Db%3Bc%20%C3%BC${attributes}`]);
      const others = [secure ? lab.url : lab.secureUrl, new URL("http://evil.example")];
      for (const other of others) {
        const refused = await post(other?.origin ?? assert.fail());
        assert.deepEqual([refused.status, refused.headers["set-cookie"]], [403, undefined]);
      }
    });
  }
});

test("where nothing is in front, these techniques are left out of the live page, with the reason", async () => {
  await using lab = await startTestLab();
  const list: { id: string; leftOut: string | null }[] = JSON.parse(
    (await ask(new URL("/api/techniques", lab.url))).body,
  );
  for (const technique of techniques.filter(({ proxied }) => proxied !== undefined)) {
    const shown = list.find(({ id }) => id === technique.id);
    assert.equal(shown?.leftOut, needsProxy(technique));
    assert.match(shown?.leftOut ?? "", /reverse proxy/u);
  }
});

test("without a proxy their trials are unsupported before a browser is asked, and others are made", async () => {
  await using lab = await startTestLab();
  const trials = allTrials.filter(({ technique }) => technique === "forward-auth");
  const run = await runBrowser(
    { id: "none", location: "none", launch: () => assert.fail("no browser is needed") },
    { id: "none", name: "None", engine: "none", os: "none" },
    {
      ...runOptions(lab, trials),
      startWalk(planned) {
        const walk = lab.walks.start(planned, "nowhere");
        walk.exclude(() => "there is no nginx");
        return walk;
      },
    },
  );
  assert.equal(run.trials.length, trials.length);
  for (const { verdict } of run.trials) {
    assert.deepEqual(verdict, { outcome: "unsupported", reason: "there is no nginx" });
  }
  const mixed = allTrials.filter(({ scenario }) => scenario === "valid");
  const walk = lab.walks.start(mixed, "nowhere");
  walk.exclude(({ technique }) => (technique === mixed[0]?.technique ? "left out" : null));
  assert.notEqual(mixed[walk.current ?? 0]?.technique, mixed[0]?.technique);
});
