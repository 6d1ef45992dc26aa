import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Placement, Trial } from "../../model/trial.ts";
import type { Walk } from "../../server/walks.ts";
import { techniques } from "../../techniques/index.ts";
import { ask, converse, open, post, present } from "../client.ts";
import { handshake, sendRaw } from "../raw-request.ts";
import type { Site } from "../../server/site.ts";
import { startTestLab } from "../start-lab.ts";

const trial: Trial = {
  technique: "query-parameter",
  scenario: "valid",
  placement: "same-host",
  scheme: "ws",
  definition: "test",
  attempts: [{ present: "fresh", user: "alice", singleUse: false, expect: "accepted" }],
};

function apiOf(run: Walk, index: number): URL {
  const address = run.address(index);
  return new URL(`/api${address.pathname}`, address);
}

/** A site whose every page is its own name. */
const site: Site = {
  file: async (path) => {
    if (path === "broken.html") throw new Error("cannot be drawn from /home/somebody/results");
    return /^(?:techniques\/)?[a-z-]+\.html$/u.test(path) && !path.includes("absent")
      ? { type: "text/html; charset=utf-8", body: path }
      : null;
  },
  [Symbol.asyncDispose]: async () => {},
};

suite("pages", () => {
  const rows: [path: string, status: number, type: RegExp, says?: RegExp][] = [
    ["/", 200, /^text\/html/u, /^index\.html$/u],
    ["/?scheme=wss", 200, /^text\/html/u, /^index\.html$/u],
    ["/index.html?user=alice", 200, /^text\/html/u, /^index\.html$/u],
    ["/?user=alice", 200, /^text\/html/u, /^live\.html$/u],
    ["/?user=%3Cimg%20src=x%20onerror=alert(1)%3E", 200, /^text\/html/u, /^live\.html$/u],
    ["/techniques/ticket.html", 200, /^text\/html/u, /^techniques\/ticket\.html$/u],
    ["/absent.html", 404, /./u],
    ["/techniques/absent.html", 404, /./u],
    ["/broken.html", 500, /./u, /^(?!.*(?:somebody|node_modules))/su],
    ["/assets/style.css", 200, /^text\/css/u],
    ["/assets/favicon.svg", 200, /^image\/svg/u],
    ["/assets/attempt.ts", 200, /^text\/javascript/u],
    ["/assets/tsconfig.json", 404, /./u],
    ["/assets/..%2fpackage.json", 404, /./u],
    ["/assets/%2e%2e%2fserver%2fmain.ts", 404, /./u],
    ["/assets/absent.ts", 404, /./u],
    ["/techniques/absent", 404, /./u],
    ["/techniques/cookie-cors/browser.ts", 404, /./u],
    ["/techniques/ticket/server.ts", 404, /./u],
    ["/techniques/ticket/program.ts", 404, /./u],
    ["/techniques/..%2f..%2fserver/browser.ts", 404, /./u],
    ["/techniques/%E0%A4%A", 400, /./u],
    ["/runs/unknown", 404, /./u],
    ["/nowhere", 404, /./u],
  ];
  for (const [path, status, type, says = /(?:)/u] of rows) {
    test(`GET ${path} -> ${status}`, async (context) => {
      const error = context.mock.method(console, "error", () => {});
      await using lab = await startTestLab({}, { site });
      const answer = await ask(new URL(path, lab.url));
      assert.equal(answer.status, status);
      assert.match(answer.headers["content-type"] ?? "", type);
      assert.match(answer.body, says);
      const policy = String(answer.headers["content-security-policy"]);
      assert.match(policy, /default-src 'self'/u);
      assert.doesNotMatch(policy, /unsafe/u);
      assert.equal(error.mock.callCount(), status === 500 ? 1 : 0);
    });
  }

  for (const [path, location] of [
    ["/techniques/session-cookie-unchecked", "/techniques/session-cookie-unchecked.html"],
    ["/techniques/cookie-cors", "/techniques/cookie-cors-strict.html"],
  ] as const) {
    test(`GET ${path}, an address of before, leads to ${location}`, async () => {
      await using lab = await startTestLab({}, { site });
      const answer = await ask(new URL(path, lab.url));
      assert.deepEqual([answer.status, answer.headers.location], [301, location]);
    });
  }

  test("a lab without a site has no pages to browse to, and answers all the same", async () => {
    await using lab = await startTestLab();
    for (const path of ["/", "/index.html", "/?user=alice"]) {
      assert.equal((await ask(new URL(path, lab.url))).status, 404, path);
    }
  });

  for (const { id } of techniques) {
    test(`the browser half of ${id} is served with its types blanked out, line for line`, async () => {
      await using lab = await startTestLab();
      const answer = await ask(new URL(`/techniques/${id}/browser.ts`, lab.url));
      assert.equal(answer.status, 200);
      assert.doesNotMatch(answer.body, /import type|: Connect/u);
      assert.match(answer.body, /export const connect/u);
    });
  }

  for (const headers of [{ Range: "bytes=99999-" }, { "If-Match": '"x"' }]) {
    test(`${JSON.stringify(headers)} gets no stack trace`, async () => {
      await using lab = await startTestLab();
      const frame = new URL(
        "/frame.html",
        `http://localhost:${lab.ports.get("cookie-iframe")?.ws}`,
      );
      for (const url of [lab.url, frame]) {
        const answer = await ask(url, { headers });
        assert.ok(answer.status < 500);
        assert.doesNotMatch(answer.body, /node_modules|\.ts\b.*\d+:\d+/u);
      }
    });
  }

  test("who follows a link that leads nowhere reads a sentence, and a program JSON", async () => {
    await using lab = await startTestLab({}, { site });
    const absent = new URL("/absent.html", lab.url);
    const page = await fetch(absent, { headers: { Accept: "text/html,*/*;q=0.8" } });
    assert.equal(await page.text(), "WebSocket Auth Lab: there is no such page.\n");
    assert.deepEqual(JSON.parse((await ask(absent)).body), { error: "there is no such page" });
  });

  test("no page of another origin can load what is served, as a script or otherwise", async () => {
    await using lab = await startTestLab({}, { site });
    for (const path of ["/", "/data/site.js", "/api/visits/unknown/results", "/assets/style.css"]) {
      const { headers } = await ask(new URL(path, lab.url));
      assert.equal(headers["cross-origin-resource-policy"], "same-origin", path);
    }
  });

  test("a visitor of the IPv6 address is led to localhost, where frames can be allowed by name", async () => {
    await using lab = await startTestLab();
    const answer = await ask(new URL("/?user=alice", `http://[::1]:${lab.url.port}`));
    assert.equal(answer.headers.location, new URL("/?user=alice", lab.url).href);
  });

  test("a host name that somebody else's DNS could point here is refused", async () => {
    await using lab = await startTestLab();
    const answer = await ask(lab.url, { headers: { Host: "rebound.example.com" } });
    assert.equal(answer.status, 403);
  });
});

suite("WebSockets on the app's own port", () => {
  // It asks no visitor for a certificate.
  for (const { id } of techniques.filter((each) => each.asksForCertificate !== true)) {
    test(`${id} answers at its path, as on its own port`, async () => {
      await using lab = await startTestLab();
      const { user, secret: token } = lab.tokens.issue("alice", 60_000, false);
      const endpoint = new URL(`ws://localhost:${lab.url.port}/websockets/${id}/`);
      const { events } = await converse(await present(id, endpoint, { user, token }));
      assert.ok(events.some((event) => event.type === "message" && event.data === "Hello alice!"));
    });
  }

  for (const path of ["/", "/websockets/", "/websockets/absent/", "/websockets/query-parameter"]) {
    test(`nothing answers at ${path}`, async () => {
      await using lab = await startTestLab();
      const answer = await sendRaw(Number(lab.url.port), handshake(path));
      assert.match(answer, /^HTTP\/1\.1 404 /u);
    });
  }

  test("what is posted there is answered and recorded as on the technique's own port", async () => {
    await using lab = await startTestLab();
    const own = new URL(`http://localhost:${lab.ports.get("query-parameter")?.ws}/`);
    for (const url of [own, new URL("/websockets/query-parameter/", lab.url)]) {
      const foreign = await post(url, {}, { Origin: "http://evil.example" });
      const large = await post(url, "x".repeat(140_000));
      assert.deepEqual([foreign.status, large.status], [426, 426]);
      assert.equal(foreign.headers["content-security-policy"], undefined);
    }
    assert.equal(lab.evidence.unattributed.length, 4);
  });

  test("the iframe's page is there too, with links that stay below its path", async () => {
    await using lab = await startTestLab();
    const base = new URL("/websockets/cookie-iframe/", lab.url);
    const page = await ask(new URL("frame.html", base));
    const source = /src="(?<source>[^"]+)"/u.exec(page.body)?.groups?.["source"] ?? "";
    assert.equal(
      (await ask(new URL(source, page.status === 200 ? base : "about:blank"))).status,
      200,
    );
    const told = JSON.parse((await ask(new URL("page.json", base))).body);
    const attributes = "SameSite=Strict";
    assert.deepEqual(told, { origin: lab.url.origin, cookie: "cookie-iframe", attributes });
  });
});

suite("live attempts", () => {
  const bad: [name: string, body: string, type?: string][] = [
    ["no JSON", "{"],
    ["an empty body", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["no user", '{"technique":"query-parameter"}'],
    ["an empty user", '{"technique":"query-parameter","user":""}'],
    ["a long user", JSON.stringify({ technique: "query-parameter", user: "x".repeat(65) })],
    ["half a character as user", '{"technique":"query-parameter","user":"\\ud800"}'],
    ["a number as user", '{"technique":"query-parameter","user":1}'],
    ["an unknown technique", '{"technique":"__proto__","user":"alice"}'],
    ["more than was asked", '{"technique":"query-parameter","user":"alice","token":"x"}'],
    ["another content type", '{"technique":"query-parameter","user":"alice"}', "text/plain"],
  ];
  for (const [name, body, type = "application/json"] of bad) {
    test(`a request with ${name} gets 400 and a sentence`, async () => {
      await using lab = await startTestLab();
      const url = new URL("/api/attempts", lab.url);
      const answer = await ask(url, { method: "POST", headers: { "Content-Type": type }, body });
      assert.equal(answer.status, 400);
      assert.equal(typeof JSON.parse(answer.body).error, "string");
    });
  }

  test("an oversized body gets 413", async () => {
    await using lab = await startTestLab();
    const answer = await post(new URL("/api/attempts", lab.url), "x".repeat(140_000));
    assert.equal(answer.status, 413);
  });

  test("a page of another origin cannot post", async () => {
    await using lab = await startTestLab();
    const body = { technique: "query-parameter", user: "alice" };
    for (const origin of ["http://evil.example", "null", `http://t1.localhost:${lab.url.port}`]) {
      const answer = await post(new URL("/api/attempts", lab.url), body, { Origin: origin });
      assert.equal(answer.status, 403);
    }
    const own = await post(new URL("/api/attempts", lab.url), body, { Origin: lab.url.origin });
    assert.equal(own.status, 201);
  });

  for (const user of [
    "alice",
    "<img src=x onerror=alert(1)>",
    "Zoë 💥 Ω",
    "a:b/c?d#e%41 ",
    "\u202e\0",
  ]) {
    test(`${JSON.stringify(user)} is issued a token, connects, and is judged from both ends`, async () => {
      await using lab = await startTestLab();
      const issued = await post(new URL("/api/attempts", lab.url), {
        technique: "query-parameter",
        user,
      });
      assert.equal(issued.status, 201);
      const { id, endpoint, credential, given } = JSON.parse(issued.body);
      const socket = await present("query-parameter", new URL(endpoint), credential);
      const report = await converse(socket);
      const judged = await post(new URL(`/api/attempts/${id}`, lab.url), report);
      const { attempt, verdict } = JSON.parse(judged.body);
      assert.equal(verdict.outcome, "pass", verdict.reason);
      assert.equal(attempt.evidence[0].presented, given);
      assert.ok(!judged.body.includes(credential.token));
      const again = await post(new URL(`/api/attempts/${id}`, lab.url), report);
      assert.equal(again.status, 404, "an attempt is reported on once");
    });
  }

  test("a secret that the page's events repeat is replaced by its serial", async () => {
    await using lab = await startTestLab();
    const issued = await post(new URL("/api/attempts", lab.url), {
      technique: "query-parameter",
      user: "alice",
    });
    const { id, credential } = JSON.parse(issued.body);
    const { token } = credential;
    const events = [
      { at: 0, type: "open", protocol: `p ${token}` },
      { at: 0, type: "message", data: token },
      { at: 0, type: "exception", name: `${token}Error`, message: `ws://x:${token}@y is bad` },
      { at: 0, type: "close", code: 1000, reason: token, wasClean: true },
    ];
    const judged = await post(new URL(`/api/attempts/${id}`, lab.url), {
      end: "completed",
      events,
    });
    assert.equal(judged.status, 200);
    assert.ok(!judged.body.includes(token));
    assert.equal(judged.body.match(/\(token #1\)/gu)?.length, 5);
  });

  test("what the token was traded for is replaced by the token's serial too", async () => {
    await using lab = await startTestLab();
    const request = { technique: "ticket", user: "alice" };
    const issued = await post(new URL("/api/attempts", lab.url), request);
    const { id, home, credential } = JSON.parse(issued.body);
    const route = new URL(`ticket${new URL(home).search}`, home);
    const headers = { "Content-Type": "text/plain" };
    const traded = await ask(route, { method: "POST", headers, body: credential.token });
    assert.equal(traded.status, 200);
    const message = `cannot connect to ws://x/?ticket=${traded.body}`;
    const judged = await post(new URL(`/api/attempts/${id}`, lab.url), {
      end: "threw",
      events: [{ at: 0, type: "exception", name: "Error", message }],
    });
    const { attempt } = JSON.parse(judged.body);
    assert.equal(attempt.events[0].message, "cannot connect to ws://x/?ticket=(token #1)");
    assert.equal(attempt.evidence[0].presented, "#1");
    for (const secret of [credential.token, traded.body]) assert.ok(!judged.body.includes(secret));
  });
});

suite("placements", () => {
  const rows: [placement: Placement, page: RegExp, socket: RegExp, sameSite: boolean][] = [
    ["same-origin", /^t0-\w+\.localhost$/u, /^t0-\w+\.localhost$/u, true],
    ["same-host", /^t0-\w+\.localhost$/u, /^t0-\w+\.localhost$/u, true],
    ["same-site", /^www\.t0-\w+\.example\.com$/u, /^ws\.t0-\w+\.example\.com$/u, true],
    ["cross-site", /^www\.t0-\w+\.example\.com$/u, /^ws\.t0-\w+\.example\.net$/u, false],
  ];
  for (const [placement, pageName, socketName, sameSite] of rows) {
    test(`${placement}: page and server have their places, and the server knows its page`, async () => {
      await using lab = await startTestLab();
      const technique = "cookie-iframe";
      const run = lab.walks.start([{ ...trial, technique, placement, scheme: "wss" }], "nowhere");
      run.preflight({ domains: {}, features: {} });
      const { task } = JSON.parse((await post(apiOf(run, 0), { report: null })).body);
      const [page, socket] = [run.address(0), new URL(task.endpoint)];
      assert.match(page.hostname, pageName);
      assert.match(socket.hostname, socketName);
      const home = new URL(`/websockets/${technique}/${socket.search}`, page);
      assert.equal(task.home, home.href, "the technique's routes are on the page's origin too");
      assert.equal((await ask(new URL("page.json", home))).status, 200);
      assert.equal(placement === "same-origin", page.host === socket.host);
      const answer = await ask(new URL("page.json", socket.href.replace(/^ws/u, "http")));
      const attributes = sameSite ? "SameSite=Strict" : "Secure; SameSite=None";
      const told = { origin: page.origin, cookie: "cookie-iframe", attributes };
      assert.deepEqual(JSON.parse(answer.body), told);
    });
  }

  const mixed = [
    ["http+wss", "http:", "wss:"],
    ["https+ws", "https:", "ws:"],
  ] as const;
  for (const [scheme, page, socket] of mixed) {
    test(`${scheme}: the page is ${page} and its socket ${socket}`, async () => {
      await using lab = await startTestLab();
      const run = lab.walks.start([{ ...trial, scheme }], "nowhere");
      const { task } = JSON.parse((await post(apiOf(run, 0), { report: null })).body);
      assert.equal(run.address(0).protocol, page);
      assert.equal(new URL(task.endpoint).protocol, socket);
    });
  }

  test("addresses lead to a proxy's ports once they are announced", async () => {
    await using lab = await startTestLab({ behindProxy: true });
    const front = new Map(
      [...lab.ports].map(([name], index) => [name, { ws: 1 + index, wss: 100 + index }]),
    );
    lab.announce(front);
    const run = lab.walks.start([{ ...trial, scheme: "wss" }], "nowhere");
    assert.equal(run.address(0).port, String(front.get("app")?.wss));
    const own = new URL(`http://${run.address(0).hostname}:${lab.ports.get("app")?.ws}`);
    const answer = await ask(new URL(apiOf(run, 0).pathname, own), {
      method: "POST",
      headers: {
        Host: run.address(0).host,
        "X-Forwarded-Proto": "https",
        "Content-Type": "application/json",
      },
      body: JSON.stringify({ report: null }),
    });
    const { task } = JSON.parse(answer.body);
    assert.equal(new URL(task.endpoint).port, String(front.get(trial.technique)?.wss));
  });

  test("a proxy's word on the scheme counts behind a proxy, and nowhere else", async () => {
    for (const behindProxy of [true, false]) {
      await using lab = await startTestLab({ behindProxy });
      const frame = new URL(`http://localhost:${lab.ports.get("cookie-iframe")?.ws}/page.json`);
      const answer = await ask(frame, { headers: { "X-Forwarded-Proto": "https" } });
      const expected = behindProxy ? lab.secureUrl : lab.url;
      assert.equal(JSON.parse(answer.body).origin, expected?.origin);
    }
  });
});

function many(value: unknown): object {
  return Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`x${index}`, value]));
}

suite("the preflight", () => {
  const places = ["same-host", "cross-site", "same-site", "same-host"] as const;
  const trials = places.map((placement) => ({ ...trial, placement }));

  test("comes first in every walk, and once", async () => {
    await using lab = await startTestLab();
    for (const planned of [[trial], trials]) {
      const run = lab.walks.start(planned, "nowhere");
      assert.equal(run.entrance?.href, `${lab.url.href}runs/${run.id}/preflight`);
      assert.equal((await ask(run.entrance)).status, 200);
      const next = run.preflight({ domains: {}, features: {} });
      assert.equal(next?.href, run.address(0).href);
      assert.equal(run.entrance.href, run.address(0).href);
    }
  });

  test("says what the browser's features are, as text", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start([trial], "nowhere");
    const finding = { supported: true, detail: "<img src=x onerror=alert(1)>" };
    const features = { "<b>": finding, "web-crypto": { supported: false, detail: "" } };
    const api = new URL(`/api/runs/${run.id}/preflight`, lab.url);
    assert.equal((await post(api, { domains: {}, features })).status, 200);
    assert.deepEqual(run.features, [
      { id: "<b>", ...finding },
      { id: "web-crypto", supported: false, detail: "" },
    ]);
  });

  test("asks for one name under each domain, at which the lab answers to every origin", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start(trials, "nowhere");
    const task = JSON.parse((await ask(new URL(`/api/runs/${run.id}/preflight`, lab.url))).body);
    assert.equal(task.walk, run.id);
    assert.deepEqual(Object.keys(task.probes).toSorted(), ["example.com", "example.net"]);
    for (const [domain, url] of Object.entries<string>(task.probes)) {
      assert.ok(new URL(url).hostname.endsWith(`.${run.id}.${domain}`));
      const answer = await ask(url);
      assert.equal(JSON.parse(answer.body), run.id);
      assert.equal(answer.headers["access-control-allow-origin"], "*");
    }
  });

  test("trials on hosts that the browser cannot reach are unsupported, and the others are made", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start(trials, "nowhere");
    const api = new URL(`/api/runs/${run.id}/preflight`, lab.url);
    const domains = { "example.com": null, "example.net": "TypeError: no such host" };
    const { next } = JSON.parse((await post(api, { domains, features: {} })).body);
    assert.equal(next, run.address(0).href);
    assert.equal(run.current, 0);
    assert.deepEqual(
      [...run.observed].map(([index, { failure }]) => [index, failure]),
      [
        [
          1,
          {
            outcome: "unsupported",
            reason:
              "names under example.net do not reach the lab from this browser: TypeError: no such host",
          },
        ],
      ],
    );
    run.fail({ outcome: "crash", reason: "test" });
    assert.equal(run.current, 2, "the trial that is over is passed by");
    run.abandon({ outcome: "crash", reason: "test" });
    assert.equal(run.current, null);
    assert.deepEqual(
      run.ended.map(({ placement }) => placement),
      places,
      "in the order of the plan",
    );
  });

  test("is over once: what is posted later changes nothing", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start(trials, "nowhere");
    const late = { "web-crypto": { supported: true, detail: "late" } };
    run.preflight({ domains: {}, features: {} });
    run.preflight({ domains: { "example.com": "late" }, features: late });
    assert.equal(run.observed.size, 0);
    assert.deepEqual(run.features, []);
  });

  const yes = { supported: true, detail: "" };
  for (const [name, body] of [
    ["nothing", {}],
    ["no domains", { features: {} }],
    ["no features", { domains: {} }],
    ["a number for a reason", { domains: { "example.com": 1 }, features: {} }],
    ["a long reason", { domains: { "example.com": "x".repeat(201) }, features: {} }],
    ["too many domains", { domains: many(null), features: {} }],
    ["a list of features", { domains: {}, features: [yes] }],
    ["a word for a finding", { domains: {}, features: { x: "yes" } }],
    ["a word for a yes", { domains: {}, features: { x: { ...yes, supported: "yes" } } }],
    ["no detail", { domains: {}, features: { x: { supported: true } } }],
    ["more than a finding", { domains: {}, features: { x: { ...yes, title: "x" } } }],
    ["a long detail", { domains: {}, features: { x: { ...yes, detail: "x".repeat(201) } } }],
    ["a feature without a name", { domains: {}, features: { "": yes } }],
    ["a feature with a long name", { domains: {}, features: { ["x".repeat(65)]: yes } }],
    ["too many features", { domains: {}, features: many(yes) }],
  ] as const) {
    test(`a post with ${name} gets 400, and changes nothing`, async () => {
      await using lab = await startTestLab();
      const run = lab.walks.start(trials, "nowhere");
      const answer = await post(new URL(`/api/runs/${run.id}/preflight`, lab.url), body);
      assert.equal(answer.status, 400);
      assert.equal(run.unexplored.size, 2);
      assert.match(run.entrance?.pathname ?? "", /\/preflight$/u);
    });
  }

  test("of an unknown run gets 404", async () => {
    await using lab = await startTestLab();
    for (const path of ["runs/x/preflight", "runs/x/preflight/probe", "api/runs/x/preflight"]) {
      assert.equal((await ask(new URL(path, lab.url))).status, 404, path);
    }
  });
});

suite("the walk of trials", () => {
  test("each trial has a host of its own, and its page is served on no other", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start([trial, trial], "nowhere");
    const [first, second] = [run.address(0), run.address(1)];
    assert.notEqual(first.hostname, second.hostname);
    assert.equal((await ask(first)).status, 200);
    assert.equal((await ask(new URL(first.pathname, second))).status, 404);
    assert.equal((await ask(new URL(first.pathname, lab.url))).status, 404);
    assert.equal(
      (await post(new URL(apiOf(run, 0).pathname, second), { report: null })).status,
      404,
    );
  });

  test("posts for unknown runs and trials get 404", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start([trial], "nowhere");
    for (const path of [
      "/api/runs/unknown/trials/0",
      `/api/runs/${run.id}/trials/1`,
      `/api/runs/${run.id}/trials/-1`,
      `/api/runs/${run.id}/trials/x`,
      `/api/runs/${run.id}/trials/0x0`,
    ]) {
      assert.equal((await post(new URL(path, run.address(0)), { report: null })).status, 404, path);
    }
    assert.equal(run.current, 0, "nothing has happened to the run");
  });

  const nonsense: [name: string, value: unknown][] = [
    ["a list", []],
    ["no report", {}],
    ["a word", { report: "pass" }],
    ["a verdict", { report: { end: "completed", events: [], verdict: { outcome: "pass" } } }],
    ["evidence", { report: { end: "completed", events: [], evidence: [] } }],
    ["an unknown end", { report: { end: "pass", events: [] } }],
    ["an unknown event", { report: { end: "completed", events: [{ at: 0, type: "win" }] } }],
    ["an impossible time", { report: { end: "completed", events: [{ at: -1, type: "error" }] } }],
    [
      "too many events",
      {
        report: {
          end: "completed",
          events: Array.from({ length: 51 }, () => ({ at: 0, type: "error" })),
        },
      },
    ],
    [
      "a long text",
      {
        report: { end: "completed", events: [{ at: 0, type: "message", data: "x".repeat(1_001) }] },
      },
    ],
    ["a report on nothing", { report: { end: "completed", events: [] } }],
  ];
  for (const [name, value] of nonsense) {
    test(`a page that posts ${name} ends its trial as our failure, and the next trial goes on`, async () => {
      await using lab = await startTestLab();
      const run = lab.walks.start([trial, trial], "nowhere");
      const answer = await post(apiOf(run, 0), value);
      assert.equal(answer.status, 400);
      const { error, next } = JSON.parse(answer.body);
      assert.equal(typeof error, "string");
      assert.equal(next, run.address(1).href);
      assert.equal(run.observed.get(0)?.failure?.outcome, "harness-error");
      assert.equal((await post(apiOf(run, 1), { report: null })).status, 200);
    });
  }

  test("a page that starts over in the middle of a trial ends it as our failure", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start([trial], "nowhere");
    await post(apiOf(run, 0), { report: null });
    assert.equal((await post(apiOf(run, 0), { report: null })).status, 400);
    assert.equal(run.observed.get(0)?.failure?.outcome, "harness-error");
  });

  test("a page whose trial is over is sent to where the walk is", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start([trial, trial], "results");
    run.fail({ outcome: "crash", reason: "the browser died" });
    run.resume();
    const reloaded = await post(apiOf(run, 0), { report: null });
    assert.equal(JSON.parse(reloaded.body).next, run.address(1).href);
    run.abandon({ outcome: "crash", reason: "and again" });
    run.resume();
    const late = await post(apiOf(run, 1), { report: null });
    assert.equal(JSON.parse(late.body).next, new URL(`/runs/${run.id}`, lab.url).href);
  });

  test("a page of a browser that was given up is not heard, and spoils no later trial", async () => {
    await using lab = await startTestLab();
    const run = lab.walks.start([trial, trial], "nowhere");
    await post(apiOf(run, 0), { report: null });
    run.fail({ outcome: "timeout", reason: "no sign of life" });
    const late = await post(apiOf(run, 0), { report: { end: "completed", events: [] } });
    assert.equal(JSON.parse(late.body).next, null);
    assert.equal((await post(apiOf(run, 1), { report: null })).status, 400);
    assert.equal(run.current, 1);
    run.resume();
    assert.equal((await post(apiOf(run, 1), { report: null })).status, 200);
  });

  test("attempts that were completed before a failure are kept", async () => {
    await using lab = await startTestLab();
    const twice: Trial = { ...trial, attempts: [...trial.attempts, ...trial.attempts] };
    const run = lab.walks.start([twice], "nowhere");
    const { task } = JSON.parse((await post(apiOf(run, 0), { report: null })).body);
    const report = await converse(open(new URL(`${task.endpoint}&token=${task.credential.token}`)));
    await post(apiOf(run, 0), { report });
    run.fail({ outcome: "crash", reason: "the browser died" });
    const observed = run.observed.get(0);
    assert.equal(observed?.attempts.length, 1);
    assert.equal(observed?.failure?.outcome, "crash");
  });
});
