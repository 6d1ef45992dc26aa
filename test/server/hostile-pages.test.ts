import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, suite, test } from "node:test";
import { connect as connectTls } from "node:tls";
import type { Lab } from "../../server/lab.ts";
import { publicIdOf } from "../../server/visits.ts";
import type { Walk } from "../../server/walks.ts";
import { createLabSite } from "../../site/lab-site.ts";
import { createLaboratory } from "../../site/laboratory.ts";
import type { Trial } from "../../model/trial.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { testAuthority } from "../authority.ts";
import { ask, post, type Answer } from "../client.ts";
import { handshake } from "../raw-request.ts";
import { startTestLab } from "../start-lab.ts";

const harness = { version: "test", revision: null, dirty: null };

const trial: Trial = {
  technique: "query-parameter",
  scenario: "valid",
  placement: "same-host",
  scheme: "ws",
  definition: "test",
  attempts: [{ present: "fresh", user: "alice", singleUse: false, expect: "accepted" }],
};

/** A lab whose visitors make two trials, and that saves nothing. */
function startVisited(): Promise<Lab> {
  const laboratory = {
    ...createLaboratory(techniques, techniquesDirectory, harness),
    plan: () => [trial, trial],
    saveVisit: async () => ({ path: "saved" }),
  };
  const some = techniques.filter(({ id }) => id === trial.technique);
  return startTestLab({ certificates: null }, { laboratory, techniques: some });
}

function startWalk(lab: Lab): Walk {
  const walk = lab.visits.start("localhost");
  assert.ok(walk);
  walk.preflight({ domains: {}, features: {} });
  return walk;
}

/** Sends a request as it is, and resolves with all that came back until the other side closed. */
async function send(port: number, isTls: boolean, bytes: string): Promise<string> {
  const socket: Socket = isTls
    ? connectTls({
        port,
        host: "127.0.0.1",
        servername: "localhost",
        ca: testAuthority.authority ?? "",
      })
    : connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => (answer += chunk));
  socket.on("error", () => {});
  socket.write(bytes);
  await once(socket, "close");
  return answer;
}

function requestFor(method: string, target: string, host: string): string {
  const fields = [`Host: ${host}`, "Connection: close", "Content-Length: 0"];
  return `${method} ${target} HTTP/1.1\r\n${fields.join("\r\n")}\r\n\r\n`;
}

function requestOf(method: string, target: string): (host: string) => string {
  return (host) => requestFor(method, target, host);
}

function statusOf(answer: string): number {
  return Number(answer.slice("HTTP/1.1 ".length, "HTTP/1.1 ".length + 3));
}

suite("a host name that somebody's DNS could lead here is refused", () => {
  const hosts = [
    "evil.test",
    "localhost.evil.test",
    "evil.test.localhost.",
    "127.0.0.1.nip.io",
    "localhost@evil.test",
    "evil.test#.localhost",
    "[::1].evil.test",
    "",
  ];
  let lab: Lab;
  before(async () => {
    lab = await startTestLab();
  });
  after(async () => await lab[Symbol.asyncDispose]());
  const apps = ["app", "other-port"];
  const listeners = [...apps, ...techniques.map(({ id }) => id)].flatMap((name) => [
    { name, isTls: false },
    { name, isTls: true },
  ]);
  const portOf = (name: string, isTls: boolean): number =>
    lab.ports.get(name)?.[isTls ? "wss" : "ws"] ?? assert.fail(`${name} does not listen`);

  /** Everything that answers on a port, as requests for a host. */
  function requestsOf(name: string): readonly ((host: string) => string)[] {
    if (!apps.includes(name)) {
      const paths = ["/", "/frame.html", "/frame.ts", "/page.json", "/prime"];
      const posts = ["/ticket", "/login", "/logout", "/cookie", "/sign", "/grant"];
      return [
        ...paths.map((path) => requestOf("GET", path)),
        ...posts.map((path) => requestOf("POST", path)),
        (host) => handshake("/?token=x", { Host: host }),
      ];
    }
    return [
      requestOf("GET", "/"),
      requestOf("GET", "/assets/style.css"),
      requestOf("GET", "/data/site.js"),
      requestOf("GET", "/libraries/mqtt/package.json"),
      requestOf("GET", "/techniques/ticket/browser.ts"),
      requestOf("GET", "/api/techniques"),
      requestOf("GET", "/endpoints"),
      requestOf("GET", "/api/join"),
      requestOf("GET", "/api/visits/events"),
      requestOf("GET", "/runs/unknown"),
      requestOf("GET", "/nowhere"),
      requestOf("POST", "/runs"),
      requestOf("POST", "/api/attempts"),
      ...techniques.flatMap(({ id }) => [
        requestOf("GET", `/websockets/${id}/`),
        requestOf("POST", `/websockets/${id}/login`),
        (host: string) => handshake(`/websockets/${id}/?token=x`, { Host: host }),
      ]),
    ];
  }

  for (const { name, isTls } of listeners) {
    test(`on the ${isTls ? "TLS" : "plain"} port of ${name}`, async () => {
      const port = portOf(name, isTls);
      for (const request of requestsOf(name)) {
        // What answers is the same over TLS: one name shows whether it asks.
        const tried = isTls ? hosts.slice(0, 1) : hosts;
        const answers = await Promise.all(
          tried.map(async (host) => [host, await send(port, isTls, request(host))] as const),
        );
        for (const [host, answer] of answers) {
          // Node asks for some host before anybody else sees the request.
          const expected = host === "" ? [400, 403] : [403];
          const [line] = request(host).split("\r\n", 1);
          assert.ok(expected.includes(statusOf(answer)), `${line} of "${host}": ${answer}`);
        }
      }
    });
  }

  test("on every port there is, none of which refuses its own name", async () => {
    assert.equal(listeners.length, 2 * lab.ports.size);
    for (const { name, isTls } of listeners) {
      const port = portOf(name, isTls);
      const target = apps.includes(name) ? "/api/techniques" : "/";
      const answer = await send(port, isTls, requestFor("GET", target, `localhost:${port}`));
      assert.ok([200, 426].includes(statusOf(answer)), `${name}: ${answer.slice(0, 200)}`);
    }
  });
});

suite("a page of somebody else's cannot post", () => {
  const json = { "Content-Type": "application/json" };
  const plain = { "Content-Type": "text/plain;charset=UTF-8" };
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const evil = { Origin: "http://evil.test", "Sec-Fetch-Site": "cross-site" };
  // What browsers send without asking first (https://fetch.spec.whatwg.org/#simple-header), and what they would ask for.
  const senders: readonly [name: string, headers: (lab: Lab) => Record<string, string>][] = [
    ["a form", () => ({ ...form, ...evil })],
    ["a form of files", () => ({ "Content-Type": "multipart/form-data; boundary=x", ...evil })],
    ["JSON as text", () => ({ ...plain, ...evil })],
    ["JSON as such", () => ({ ...json, ...evil })],
    ["a sandboxed page", () => ({ ...json, Origin: "null", "Sec-Fetch-Site": "cross-site" })],
    [
      "a page of another port",
      (lab) => ({
        ...json,
        Origin: lab.url.origin.replace(/\d+$/u, "1"),
        "Sec-Fetch-Site": "same-site",
      }),
    ],
    [
      "a page over the other scheme",
      (lab) => ({ ...json, Origin: lab.url.origin.replace("http:", "https:") }),
    ],
    [
      "a page of another trial",
      (lab) => ({ ...json, Origin: `http://t0-0000000000000000.localhost:${lab.url.port}` }),
    ],
    ["a browser that names no origin", () => ({ ...json, "Sec-Fetch-Site": "cross-site" })],
    [
      "a browser that names no origin of a neighbour",
      () => ({ ...json, "Sec-Fetch-Site": "same-site" }),
    ],
  ];
  const preflight = JSON.stringify({ domains: {}, features: {} });
  const report = JSON.stringify({ end: "completed", events: [] });

  for (const [name, headersFor] of senders) {
    test(name, async () => {
      await using lab = await startVisited();
      const walk = startWalk(lab);
      const live = { technique: trial.technique, user: "alice" };
      const { id } = JSON.parse((await post(new URL("/api/attempts", lab.url), live)).body);
      const page = walk.address(0);
      const { task } = JSON.parse(
        (await post(new URL(`/api${page.pathname}`, page), { report: null })).body,
      );
      assert.equal(task.technique, trial.technique);
      const began = lab.visits.start("localhost");
      assert.ok(began);
      const visits = lab.visits.all().length;
      const targets: readonly [url: URL, body: string][] = [
        [new URL("/runs", lab.url), ""],
        [new URL("/api/attempts", lab.url), JSON.stringify(live)],
        [new URL(`/api/attempts/${id}`, lab.url), report],
        [new URL(`/api/runs/${began.id}/preflight`, lab.url), preflight],
        [new URL(`/api${page.pathname}`, page), JSON.stringify({ report: JSON.parse(report) })],
        [new URL(`/api${page.pathname}/click`, page), JSON.stringify({ x: 1, y: 1 })],
        [new URL(`/api/visits/${publicIdOf(walk)}/save`, lab.url), ""],
      ];
      const headers = headersFor(lab);
      for (const [url, body] of targets) {
        const answer = await ask(url, { method: "POST", headers, body });
        assert.equal(answer.status, 403, url.pathname);
        assert.equal(answer.headers["access-control-allow-origin"], undefined);
      }
      assert.equal(lab.visits.all().length, visits, "no visit has begun");
      assert.equal(began.current, 0);
      assert.match(began.entrance?.pathname ?? "", /\/preflight$/u, "its first page is to come");
      assert.equal(walk.observed.size, 0, "its trial goes on");
      // The same, of the lab's own page.
      for (const [url, body] of targets) {
        const own = { ...json, Origin: url.origin, "Sec-Fetch-Site": "same-origin" };
        const answer = await ask(url, { method: "POST", headers: own, body });
        assert.ok(answer.status < 400, `${url.pathname}: ${answer.body}`);
      }
    });
  }
});

function trialAt(host: URL, walk: string, index: number): URL {
  return new URL(`/api/runs/${walk}/trials/${index}`, host);
}

suite("nobody reports on somebody else's behalf", () => {
  test("a trial is reported from its own host, under its own walk's id", async () => {
    await using lab = await startVisited();
    const [mine, theirs] = [startWalk(lab), startWalk(lab)];
    const [here, there] = [mine.address(0), theirs.address(0)];
    const rows: readonly URL[] = [
      trialAt(here, theirs.id, 0),
      trialAt(there, mine.id, 0),
      trialAt(lab.url, theirs.id, 0),
      trialAt(here, mine.id, 1),
      trialAt(there, publicIdOf(theirs), 0),
      trialAt(there, theirs.id.toUpperCase(), 0),
      trialAt(there, `${theirs.id}%00`, 0),
    ];
    for (const url of rows) {
      const answer = await post(url, { report: null });
      assert.equal(answer.status, 404, url.href);
    }
    assert.deepEqual([mine.current, theirs.current], [0, 0]);
    assert.equal((await post(trialAt(there, theirs.id, 0), { report: null })).status, 200);
  });

  test("what everybody may know of a visit is no key to it", async () => {
    await using lab = await startVisited();
    const walk = startWalk(lab);
    const open = publicIdOf(walk);
    for (const path of [
      `/runs/${open}`,
      `/runs/${open}/preflight`,
      `/api/runs/${open}/preflight`,
    ]) {
      assert.equal((await ask(new URL(path, lab.url))).status, 404, path);
    }
    const told = await ask(new URL(`/api/visits/${open}/results`, lab.url));
    assert.ok(!told.body.includes(walk.id));
  });

  test("ids cannot be guessed", async () => {
    await using lab = await startVisited();
    const walks = Array.from({ length: 50 }, () => startWalk(lab).id);
    const live = { technique: trial.technique, user: "alice" };
    const attempts = await Promise.all(
      walks.map(async () => {
        const { id } = JSON.parse((await post(new URL("/api/attempts", lab.url), live)).body);
        return String(id);
      }),
    );
    for (const [ids, alphabet] of [
      [walks, /^[0-9a-z]+$/u],
      [attempts, /^[\w-]+$/u],
    ] as const) {
      assert.equal(new Set(ids).size, ids.length);
      for (const id of ids) {
        assert.match(id, alphabet);
        assert.ok(id.length * Math.log2(36) > 80, "more than 80 bits");
      }
      // Of counters, clocks and poor generators some characters stay the same.
      const [first = ""] = ids;
      for (let index = 0; index < first.length; index += 1) {
        assert.ok(new Set(ids.map((id) => id[index])).size > 5, `character ${index}`);
      }
    }
  });

  test("a live attempt is reported once, by who was given its id", async () => {
    await using lab = await startVisited();
    const live = { technique: trial.technique, user: "alice" };
    const { id } = JSON.parse((await post(new URL("/api/attempts", lab.url), live)).body);
    const report = { end: "completed", events: [] };
    const to = (one: string): Promise<Answer> =>
      post(new URL(`/api/attempts/${one}`, lab.url), report);
    for (const other of [`${id}x`, id.slice(1), "__proto__", "constructor"]) {
      assert.equal((await to(other)).status, 404, other);
    }
    assert.deepEqual([(await to(id)).status, (await to(id)).status], [200, 404]);
  });
});

suite("no path leads out of what is served", () => {
  let lab: Lab;
  before(async () => {
    lab = await startTestLab({ certificates: null }, { site: createLabSite() });
  });
  after(async () => await lab[Symbol.asyncDispose]());
  const up = [
    "..",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "%252e%252e",
    "..%00",
    "..;",
    "%c0%ae%c0%ae",
    "%uff0e%uff0e",
  ];
  const slashes = ["/", "%2f", "%5c", "\\", "%252f", "%c0%af"];
  const steps = up.flatMap((dots) => slashes.map((slash) => `${dots}${slash}`));
  const files = ["package.json", "server/main.ts", "techniques/ticket/server.ts"];
  const outOf = (base: string): string[] =>
    [1, 2, 3, 4].flatMap((depth) =>
      steps.map((step, index) => `${base}${step.repeat(depth)}${files[index % files.length]}`),
    );
  const absolute = [
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/file:///etc/passwd",
    "/etc/passwd",
    "/C:%5cpackage.json",
    "/%00",
    "/package.json",
    "/package.json%00.html",
    "/.git/config",
    "/.local/authority.pem",
    "/server/main.ts",
  ];
  // What those files hold.
  const inside = /"private": true|root:[^:]*:0:|readCredential\(|startLab\(|\[core\]|PRIVATE KEY/u;

  const rows: readonly [name: string, port: string, targets: readonly string[]][] = [
    ["the site", "app", [...absolute, ...outOf("/"), ...outOf("/data/evidence/")]],
    ["the app's assets", "app", outOf("/assets/")],
    ["techniques' sources", "app", [...outOf("/techniques/"), ...outOf("/techniques/ticket/")]],
    ["libraries", "app", [...outOf("/libraries/"), ...outOf("/libraries/mqtt/")]],
    ["visits", "app", [...outOf("/runs/"), ...outOf("/data/evidence/visit-")]],
    ["a server on the app's port", "app", outOf("/websockets/cookie-iframe/")],
    ...["cookie-iframe", "storage-access", "cached-basic", "query-parameter"].map(
      (id): [string, string, string[]] => [
        `the server of ${id}`,
        id,
        [...absolute, ...outOf("/"), ...outOf("/frame.ts/"), "/server.ts", "/program.ts"],
      ],
    ),
  ];
  for (const [name, server, targets] of rows) {
    test(name, async () => {
      const port = lab.ports.get(server)?.ws ?? assert.fail();
      const sendOne = async (target: string): Promise<readonly [string, string]> => [
        target,
        await send(port, false, requestFor("GET", target, "localhost")),
      ];
      const answers: (readonly [string, string])[] = [];
      // Of one device, only so many are answered at once.
      for (let from = 0; from < targets.length; from += 50) {
        answers.push(...(await Promise.all(targets.slice(from, from + 50).map(sendOne))));
      }
      for (const [target, answer] of answers) {
        assert.doesNotMatch(answer, inside, target);
        assert.ok([301, 400, 403, 404, 426].includes(statusOf(answer)), `${target}: ${answer}`);
      }
    });
  }

  test("and what is served is", async () => {
    const served: readonly [string, string][] = [
      ["app", "/techniques/ticket/browser.ts"],
      ["app", "/assets/style.css"],
      ["app", "/libraries/@stomp/stompjs/package.json"],
      ["app", "/websockets/cookie-iframe/frame.ts"],
      ["cookie-iframe", "/frame.ts"],
    ];
    for (const [server, target] of served) {
      const port = lab.ports.get(server)?.ws ?? assert.fail();
      assert.equal(statusOf(await send(port, false, requestFor("GET", target, "localhost"))), 200);
    }
  });
});

test("whatever the app answers, nobody may frame it, load it from elsewhere or take it for something else", async () => {
  await using lab = await startVisited();
  const walk = startWalk(lab);
  const json = { "Content-Type": "application/json" };
  const rows: readonly [
    method: string,
    path: string,
    headers: Record<string, string>,
    status: number,
  ][] = [
    ["GET", "/api/techniques", {}, 200],
    ["GET", "/assets/style.css", {}, 200],
    ["GET", "/techniques/query-parameter/browser.ts", {}, 200],
    ["GET", `/runs/${walk.id}/preflight`, {}, 200],
    ["GET", `/runs/${walk.id}/preflight/probe`, {}, 200],
    ["GET", "/choose", {}, 301],
    ["GET", `/runs/${walk.id}`, {}, 303],
    ["POST", "/runs", {}, 303],
    ["POST", "/api/attempts", json, 400],
    ["POST", "/api/attempts", { Origin: "null" }, 403],
    ["GET", "/api/techniques", { Host: "evil.test" }, 403],
    ["GET", "/nowhere", {}, 404],
    ["PUT", "/api/attempts", {}, 404],
    ["DELETE", `/runs/${walk.id}`, {}, 404],
    ["POST", "/api/attempts", { ...json, "Content-Encoding": "x" }, 415],
    ["GET", "/techniques/%E0%A4%A", {}, 400],
  ];
  for (const [method, path, headers, status] of rows) {
    const answer = await ask(new URL(path, lab.url), { method, headers });
    assert.equal(answer.status, status, `${method} ${path}`);
    const said = answer.headers;
    assert.match(String(said["content-security-policy"]), /frame-ancestors 'none'/u, path);
    assert.equal(said["cross-origin-resource-policy"], "same-origin", path);
    assert.equal(said["x-content-type-options"], "nosniff", path);
  }
});
