import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { get as httpGet } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createLaboratory } from "../../site/laboratory.ts";
import { parseResults } from "../../experiments/report/json.ts";
import { saveVisit, visitFile } from "../../experiments/visit-file.ts";
import { verdict } from "../../experiments/verdict.ts";
import type { Caller, Trial } from "../../model/trial.ts";
import { Canaries } from "../../server/canaries.ts";
import type { PackedTrial, SiteRun } from "../../site/data.ts";
import type { Lab } from "../../server/lab.ts";
import { publicIdOf, visitKey, Visits } from "../../server/visits.ts";
import type { Walk } from "../../server/walks.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { needsSecureContext } from "../../techniques/needs-secure-context.ts";
import { ask, converse, open, post } from "../client.ts";
import { startTestLab } from "../start-lab.ts";

const harness = { version: "test", revision: null, dirty: null };
const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0";

function trialOf(technique: string, from: Caller = "page"): Trial {
  const attempt = {
    present: "fresh",
    user: "alice",
    singleUse: false,
    expect: "accepted",
  } as const;
  return {
    technique,
    scenario: "valid",
    placement: "same-host",
    scheme: "ws",
    definition: "test",
    attempts: [{ ...attempt, from }],
  };
}

const inUrl = trialOf("query-parameter");
const inCookie = trialOf("session-cookie");
const tokens = new Canaries();

/** A lab whose visitors make these trials. */
function startVisited(
  trials: readonly Trial[],
  settings: Parameters<typeof startTestLab>[0] = {},
  finder: Canaries | undefined = tokens,
): Promise<Lab> {
  const own = new Set(trials.map(({ technique }) => technique));
  const laboratory = {
    ...createLaboratory(techniques, techniquesDirectory, harness, finder),
    plan: () => trials,
  };
  const some = techniques.filter(({ id }) => own.has(id));
  return startTestLab(
    { certificates: null, ...settings },
    { laboratory, techniques: some, onSecret: tokens.add },
  );
}

/** Presses the button. */
async function visit(lab: Lab, headers: Record<string, string> = {}): Promise<Walk> {
  const answer = await ask(new URL("/runs", lab.url), {
    method: "POST",
    headers: { "User-Agent": agent, ...headers },
  });
  assert.equal(answer.status, 303);
  const entrance = new URL(answer.headers.location ?? "");
  const walk = lab.visits.get(entrance.pathname.split("/")[2] ?? "");
  assert.ok(walk);
  return walk;
}

/** Does what the pages of one trial in the URL do. */
async function makeTrial(walk: Walk, index: number): Promise<string | null> {
  const page = walk.address(index);
  const api = new URL(`http://${page.hostname}:${page.port}/api${page.pathname}`);
  const { task } = JSON.parse((await post(api, { report: null })).body);
  const report = await converse(open(new URL(`${task.endpoint}&token=${task.credential.token}`)));
  return JSON.parse((await post(api, { report })).body).next;
}

/** A lab that writes no file when it is asked to. */
function startSaving(settings: Parameters<typeof startTestLab>[0] = {}): Promise<Lab> {
  const laboratory = {
    ...createLaboratory(techniques, techniquesDirectory, harness, tokens),
    saveVisit: async () => ({ path: "saved" }),
  };
  return startTestLab({ certificates: null, ...settings }, { laboratory, techniques: [] });
}

/** What a browser says that opened the lab by an address. */
function headersOf(lab: Lab): Record<string, string> {
  return { Host: `192.0.2.77:${lab.url.port}` };
}

suite("a visit", () => {
  test("leads through the first page to the trials, and at the end to its column in the matrix", async () => {
    await using lab = await startVisited([inUrl]);
    const walk = await visit(lab);
    assert.equal(walk.userAgent, agent);
    const api = new URL(`/api/runs/${walk.id}/preflight`, lab.url);
    const { next } = JSON.parse((await post(api, { domains: {}, features: {} })).body);
    assert.match(new URL(next).hostname, /^t0-[0-9a-z]{16}\.localhost$/u);
    const end = new URL(`/runs/${walk.id}`, lab.url);
    assert.equal((await ask(end)).headers.location, next, "not before the walk is over");
    assert.equal(await makeTrial(walk, 0), end.href);
    const over = await ask(end);
    assert.equal(over.status, 303);
    assert.equal(over.headers.location, `/index.html?run=${visitKey(walk)}`);
  });

  test("is no walk of an experiment", async () => {
    await using lab = await startVisited([inUrl]);
    const walk = lab.walks.start([inUrl], "nowhere");
    assert.equal(lab.visits.get(walk.id), undefined);
    for (const path of [`runs/${walk.id}`, `api/visits/${publicIdOf(walk)}/results`]) {
      assert.equal((await ask(new URL(path, lab.url))).status, 404, path);
    }
  });

  test("shows what was observed of a technique so far", async () => {
    await using lab = await startVisited([inUrl, inCookie]);
    const walk = await visit(lab);
    walk.preflight({ domains: {}, features: {} });
    assert.equal(lab.visits.evidence(walk, "query-parameter"), undefined);
    await makeTrial(walk, 0);
    const [trial] = lab.visits.evidence(walk, "query-parameter") ?? [];
    assert.equal(trial?.verdict.outcome, "pass");
    assert.equal(trial.attempts[0]?.evidence[0]?.type, "request");
    assert.equal(lab.visits.evidence(walk, "session-cookie"), undefined);
    const name = `evidence/${visitKey(walk)}/query-parameter`;
    const script = await ask(new URL(`/data/${name}.js`, lab.url));
    assert.match(script.headers["content-type"] ?? "", /^text\/javascript/u);
    const { run, technique, trials } = JSON.parse(
      script.body.replace(`siteData("${name}", `, "").replace(/\);\n$/u, ""),
    );
    assert.deepEqual([run, technique], [visitKey(walk), "query-parameter"]);
    assert.ok(!script.body.includes(walk.id), "with it, anybody could take part in a visit");
    assert.equal(trials[0].verdict.outcome, "pass");
    for (const other of ["visit-unknown/query-parameter", `${visitKey(walk)}/session-cookie`]) {
      assert.equal((await ask(new URL(`/data/evidence/${other}.js`, lab.url))).status, 404);
    }
    assert.equal(lab.visits.known("unknown"), undefined);
  });

  test("of which nothing is heard any more is over, and says why", async () => {
    await using lab = await startVisited([inUrl]);
    const laboratory = { plan: () => [inUrl, inUrl], judge: verdict };
    const visits = new Visits({ walks: lab.walks, laboratory, techniques, names: null }, 20);
    const walk = visits.startAt({ hostname: "localhost", names: "localhost" });
    await once(visits, "end");
    assert.deepEqual(
      walk.ended.map(({ failure }) => failure?.outcome),
      ["timeout", "timeout"],
    );
    assert.match(walk.ended[0]?.failure?.reason ?? "", /nothing was heard .* for 0\.02 s/u);
  });

  for (const sign of ["attempt", "preflight"] as const) {
    test(`of which something is heard goes on: ${sign}`, async (context) => {
      await using lab = await startVisited([inUrl]);
      context.mock.timers.enable({ apis: ["setTimeout"] });
      const laboratory = { plan: () => [inUrl], judge: verdict };
      const visits = new Visits({ walks: lab.walks, laboratory, techniques, names: null }, 100);
      const walk = visits.startAt({ hostname: "localhost", names: "localhost" });
      context.mock.timers.tick(99);
      walk.emit(sign);
      context.mock.timers.tick(99);
      assert.equal(walk.current, 0);
      context.mock.timers.tick(1);
      assert.equal(walk.current, null);
    });
  }

  test("beyond a hundred the oldest is forgotten", async () => {
    const walks = {
      start: () => Object.assign(new EventEmitter(), { id: String(count++) }),
      forget: () => {},
    };
    let count = 0;
    const laboratory = { plan: () => [], judge: verdict };
    // @ts-expect-error: as much of a walk as is looked at
    const visits = new Visits({ walks, laboratory, techniques, names: null });
    const first = visits.start("localhost");
    for (let index = 1; index < 101; index += 1) visits.start("localhost");
    assert.equal(visits.all().length, 100);
    assert.equal(visits.get("0"), undefined);
    assert.deepEqual(first?.eventNames(), [], "nothing holds on to it");
  });
});

suite("a visit from another device", () => {
  const trials = [
    inUrl,
    inCookie,
    trialOf("query-parameter", "cross-site-page"),
    { ...inUrl, placement: "same-origin" as const },
    { ...inUrl, placement: "cross-site" as const },
  ];
  const hosts = ["0.0.0.0"];

  test("is asked whether names with the address in them lead here", async () => {
    await using lab = await startVisited(trials, { hosts });
    const walk = await visit(lab, headersOf(lab));
    assert.equal(
      walk.entrance?.href,
      `http://192.0.2.77:${lab.url.port}/runs/${walk.id}/preflight`,
    );
    const api = new URL(`/api/runs/${walk.id}/preflight`, lab.url);
    const { probes } = JSON.parse((await ask(api)).body);
    assert.equal(new URL(probes["192-0-2-77.nip.io"]).hostname, `www.${walk.id}.192-0-2-77.nip.io`);
  });

  test("has a host of its own for each trial where they do", async () => {
    await using lab = await startVisited(trials, { hosts });
    const walk = await visit(lab, headersOf(lab));
    const unreached = { "example.com": "no", "example.net": "no" };
    const next = walk.preflight({ domains: unreached, features: {} });
    assert.equal(next?.hostname, `t0-${walk.id}.192-0-2-77.nip.io`);
    assert.equal(walk.address(1).hostname, `t1-${walk.id}.192-0-2-77.nip.io`);
    assert.ok(walk.isAt(2, `http://192.0.2.77:${lab.url.port}`), "somebody else's page");
    assert.ok(!walk.isAt(0, `http://192.0.2.77:${lab.url.port}`));
    assert.deepEqual([...walk.observed.keys()], [4]);
  });

  test("has one for all where they do not, and leaves out what would go from one to the next", async () => {
    await using lab = await startVisited(trials, { hosts });
    const walk = await visit(lab, headersOf(lab));
    const gone = "TypeError: Failed to fetch";
    const domains = { "192-0-2-77.nip.io": gone, "example.com": gone, "example.net": gone };
    const next = walk.preflight({ domains, features: {} });
    assert.equal(next?.href, `http://192.0.2.77:${lab.url.port}/runs/${walk.id}/trials/0`);
    assert.equal(walk.address(3).hostname, "192.0.2.77");
    assert.deepEqual(new Set(walk.observed.keys()), new Set([1, 2, 4]));
    const { failure } = walk.observed.get(1) ?? {};
    assert.equal(failure?.outcome, "unsupported");
    assert.match(
      failure.reason,
      /^a cookie would be sent .*; all trials of this visit are on 192\.0\.2\.77 \(names under 192-0-2-77\.nip\.io do not reach the lab from this browser: TypeError/u,
    );
    assert.match(walk.observed.get(4)?.failure?.reason ?? "", /example\./u);
    for (const index of [0, 1, 2, 3, 4]) {
      assert.equal(walk.isAt(index, `http://localhost:${lab.url.port}`), false);
    }
  });

  test("does not try what needs a secure context, which a visit by localhost does", async () => {
    const needing = techniques.filter((one) => needsSecureContext(one) !== null);
    assert.equal(needing.length, 5);
    const planned = needing.map(({ id }) => trialOf(id));
    await using lab = await startVisited([...planned, inUrl], { hosts });
    const near = await visit(lab);
    assert.equal(near.observed.size, 0);
    const far = await visit(lab, headersOf(lab));
    assert.deepEqual([...far.observed.keys()], [0, 1, 2, 3, 4]);
    for (const { failure } of far.ended) {
      assert.equal(failure?.outcome, "unsupported");
      assert.match(failure.reason, /no secure context$/u);
    }
    assert.equal(far.address(far.current ?? 0).hostname, `t5-${far.id}.192-0-2-77.nip.io`);
  });

  for (const [name, settings, host] of [
    ["without a DNS service", { hosts, names: null }, "192.0.2.77"],
    ["of a lab on loopback, through a forwarded port", {}, "192.0.2.77"],
    ["by an IPv6 address", { hosts }, "[fd00::2]"],
  ] as const) {
    test(`has one for all ${name}`, async () => {
      await using lab = await startVisited(trials, settings);
      const walk = await visit(lab, { Host: `${host}:${lab.url.port}` });
      assert.deepEqual([...walk.unexplored], ["example.com", "example.net"]);
      const next = walk.preflight({ domains: {}, features: {} });
      assert.equal(next?.hostname, host);
      assert.match(walk.observed.get(1)?.failure?.reason ?? "", /no names lead to it/u);
    });
  }

  test("goes on in the one host: a trial in the URL passes there", async () => {
    await using lab = await startVisited([inUrl], { hosts, names: null });
    const walk = lab.visits.startAt({ hostname: "127.0.0.1", names: null });
    walk.preflight({ domains: {}, features: {} });
    await makeTrial(walk, 0);
    assert.equal(lab.visits.evidence(walk, "query-parameter")?.[0]?.verdict.outcome, "pass");
  });

  test("cannot come by a name that only a browser switch leads here", async () => {
    await using lab = await startVisited([inUrl]);
    const headers = { Host: `www.t0.example.com:${lab.url.port}` };
    const answer = await ask(new URL("/runs", lab.url), { method: "POST", headers });
    assert.equal(answer.status, 409);
    assert.match(answer.body, /localhost/u);
  });
});

suite("the feed", () => {
  test("tells of visits that there are, and then of what happens", async () => {
    await using lab = await startVisited([inUrl, inCookie]);
    const over = await visit(lab);
    over.preflight({ domains: {}, features: {} });
    over.abandon({ outcome: "crash", reason: "gone" });
    await using feed = await listen(lab);
    assert.equal(feed.type, "text/event-stream; charset=utf-8");
    const first = await feed.next();
    assert.equal(first.name, "run");
    assert.equal(first.data.key, visitKey(over));
    assert.equal(first.data.source, "visit");
    assert.equal(first.data.browser?.name, "Firefox");
    assert.equal(first.data.browser?.versionSource, "ua");
    assert.equal(first.data.trials?.length, 2);
    assert.deepEqual(await feed.next(), {
      name: "end",
      data: { key: visitKey(over), endedAt: over.endedAt?.toISOString() },
    });

    const walk = await visit(lab);
    const key = visitKey(walk);
    const begun = await feed.next();
    assert.deepEqual([begun.name, begun.data.key, begun.data.trials], ["run", key, []]);
    walk.preflight({
      domains: {},
      features: { "web-crypto": { supported: true, detail: "" } },
    });
    const again = await feed.next();
    assert.deepEqual([again.name, again.data.features?.length], ["run", 1]);
    await makeTrial(walk, 0);
    const made = await feed.next();
    const technique = techniques.findIndex(({ id }) => id === "query-parameter");
    assert.deepEqual([made.name, made.data.key, made.data.trial?.[0]], ["trial", key, technique]);
    assert.equal(made.data.trial?.[4], 0, "it passed");
    walk.abandon({ outcome: "crash", reason: "gone" });
    assert.equal((await feed.next()).name, "trial");
    assert.deepEqual((await feed.next()).data.key, key);
  });

  test("holds no token", async () => {
    await using lab = await startVisited([inUrl]);
    const walk = await visit(lab);
    walk.preflight({ domains: {}, features: {} });
    await makeTrial(walk, 0);
    await using feed = await listen(lab);
    await feed.next();
    await feed.next();
    assert.equal(tokens.findIn(feed.text()), null);
  });

  test("is no obstacle to the lab's end", async () => {
    const lab = await startVisited([inUrl]);
    await using feed = await listen(lab);
    await lab[Symbol.asyncDispose]();
    await feed.closed;
  });

  test("has room for a hundred pages, and says so to the next", async () => {
    await using lab = await startVisited([inUrl]);
    const feeds = await Promise.all(Array.from({ length: 100 }, () => listen(lab)));
    const url = new URL("/api/visits/events", lab.url);
    assert.equal((await ask(url)).status, 503);
    await feeds[0]?.[Symbol.asyncDispose]();
    const walk = await visit(lab);
    const [second] = feeds.slice(1);
    assert.equal((await second?.next())?.data.key, visitKey(walk));
    await using last = await listen(lab);
    assert.equal(last.type, "text/event-stream; charset=utf-8", "who leaves makes room");
    await Promise.all(feeds.map((feed) => feed[Symbol.asyncDispose]()));
  });
});

suite("a visit as a file", () => {
  test("is a results file to download, which says who told us of the browser", async () => {
    await using lab = await startVisited([inUrl]);
    const walk = await visit(lab);
    walk.preflight({ domains: {}, features: {} });
    await makeTrial(walk, 0);
    const answer = await ask(new URL(`/api/visits/${publicIdOf(walk)}/results`, lab.url));
    assert.equal(answer.status, 200);
    assert.match(
      answer.headers["content-disposition"] ?? "",
      new RegExp(
        `^attachment; filename=\\d{4}-\\d\\d-\\d\\d-firefox-${publicIdOf(walk)}\\.json$`,
        "u",
      ),
    );
    const [run] = parseResults(answer.body).runs;
    assert.equal(run?.id, publicIdOf(walk));
    assert.ok(!answer.body.includes(walk.id), "with it, anybody could take part in a visit");
    assert.equal(run.browser.versionSource, "ua");
    assert.equal(run.trials[0]?.verdict.outcome, "pass");
  });

  test("is not made when it would hold a token, nor when nobody could tell", async () => {
    await using lab = await startVisited([inUrl]);
    const walk = await visit(lab);
    const { secret } = lab.tokens.issue("alice", 1_000, false);
    walk.userAgent = `Firefox ${secret}`;
    const answer = await ask(new URL(`/api/visits/${publicIdOf(walk)}/results`, lab.url));
    assert.equal(answer.status, 409);
    assert.match(answer.body, /holds the token #\d+ \(raw\)/u);
    assert.ok(!answer.body.includes(secret));
    walk.userAgent = agent;
    const context = { harness, leftOut: [] };
    assert.ok("problem" in visitFile(walk, context, undefined));
  });

  test("has a name of letters and digits, whatever a browser calls itself", async () => {
    await using lab = await startVisited([inUrl]);
    const walk = await visit(lab);
    for (const name of ["../../etc/passwd", "", "Ünï/€\\", "a".repeat(500)]) {
      walk.userAgent = name;
      const file = visitFile(walk, { harness, leftOut: [] }, tokens);
      assert.ok("name" in file);
      assert.match(file.name, /^\d{4}-\d\d-\d\d-[a-z0-9-]{1,40}-[0-9a-z]{16}\.json$/u, name);
    }
  });

  test("is written whole", async (context) => {
    const directory = await mkdtemp(join(tmpdir(), "visits-"));
    context.after(() => rm(directory, { recursive: true }));
    await using lab = await startVisited([inUrl]);
    const walk = await visit(lab);
    walk.abandon({ outcome: "crash", reason: "gone" });
    const file = visitFile(walk, { harness, leftOut: [] }, tokens);
    const saved = await saveVisit(file, pathToFileURL(`${directory}/`));
    assert.ok("path" in saved && "name" in file);
    assert.equal(saved.path, `results/visits/${file.name}`);
    assert.deepEqual(await readdir(directory), [file.name]);
    const [run] = parseResults(await readFile(join(directory, file.name), "utf8")).runs;
    assert.equal(run?.trials.length, 1);
  });

  const refusals: readonly [name: string, headers: (lab: Lab) => Record<string, string>][] = [
    ["a program without an origin", () => ({})],
    ["another site", () => ({ Origin: "http://evil.com" })],
    ["another port", (lab) => ({ Origin: lab.url.origin.replace(/\d+$/u, "1") })],
    ["a sandboxed page", () => ({ Origin: "null" })],
  ];
  for (const [name, headers] of refusals) {
    test(`is not saved for ${name}`, async () => {
      await using lab = await startSaving();
      const walk = await visit(lab);
      const url = new URL(`/api/visits/${publicIdOf(walk)}/save`, lab.url);
      const answer = await ask(url, { method: "POST", headers: headers(lab) });
      assert.equal(answer.status, 403);
    });
  }

  test("is saved for a page of the lab on its own machine", async () => {
    await using lab = await startSaving();
    const walk = await visit(lab);
    const url = new URL(`/api/visits/${publicIdOf(walk)}/save`, lab.url);
    const headers = { Origin: lab.url.origin };
    const answer = await ask(url, { method: "POST", headers });
    assert.deepEqual([answer.status, JSON.parse(answer.body)], [201, { path: "saved" }]);
    const unknown = new URL("/api/visits/unknown/save", lab.url);
    assert.equal((await ask(unknown, { method: "POST", headers })).status, 404);
  });

  test("is not saved for another device, whatever it says", async (context) => {
    await using lab = await startSaving({ hosts: ["0.0.0.0"] });
    const [address] = lab.addressesForOthers();
    if (address === undefined) return context.skip("this machine has no address but loopback");
    const walk = await visit(lab);
    const headers = {
      Host: lab.url.host,
      Origin: lab.url.origin,
      "X-Forwarded-For": "127.0.0.1",
      Forwarded: "for=127.0.0.1",
    };
    const url = new URL(`http://${address.host}/api/visits/${publicIdOf(walk)}/save`);
    const answer = await ask(url, { method: "POST", headers });
    assert.equal(answer.status, 403);
    assert.match(answer.body, /on the machine that the lab runs on/u);
  });

  test("is not saved behind a reverse proxy, where everybody comes from this machine", async () => {
    await using lab = await startSaving({ behindProxy: true });
    const walk = await visit(lab);
    const url = new URL(`/api/visits/${publicIdOf(walk)}/save`, lab.url);
    const headers = { Origin: lab.url.origin };
    assert.equal((await ask(url, { method: "POST", headers })).status, 403);
  });
});

suite("how other devices come", () => {
  test("a lab on loopback is not open", async () => {
    await using lab = await startTestLab({ certificates: null }, { techniques: [] });
    const answer = JSON.parse((await ask(new URL("/api/join", lab.url))).body);
    assert.deepEqual(answer, { isOpen: false, addresses: [], names: null });
  });

  test("each address of a lab that listens to all has a QR code", async (context) => {
    const settings = { certificates: null, hosts: ["0.0.0.0"] };
    await using lab = await startTestLab(settings, { techniques: [] });
    const urls = lab.addressesForOthers().map(({ href }) => href);
    if (urls.length === 0) return context.skip("this machine has no address but loopback");
    const answer = JSON.parse((await ask(new URL("/api/join", lab.url))).body);
    assert.deepEqual([answer.isOpen, answer.names], [true, "nip.io"]);
    for (const [index, { url, qr }] of answer.addresses.entries()) {
      assert.equal(url, urls[index]);
      assert.ok(qr.size >= 21 + 2 * 4);
      assert.match(qr.path, /^(?:M\d+ \d+h\d+v1h-\d+z)+$/u);
      // The top edge of the first corner, below and beside four light modules.
      assert.ok(qr.path.startsWith("M4 4h7v1h-7z"));
    }
  });
});

interface FeedEvent {
  readonly name: string;
  readonly data: Partial<SiteRun> & { readonly trial?: PackedTrial };
}

interface Feed extends AsyncDisposable {
  readonly type: string | undefined;
  readonly closed: Promise<unknown>;
  next(): Promise<FeedEvent>;
  text(): string;
}

/** Reads server-sent events. */
async function listen(lab: Lab): Promise<Feed> {
  const request = httpGet(new URL("/api/visits/events", lab.url), { agent: false });
  const [response] = await once(request, "response");
  response.setEncoding("utf8");
  let text = "";
  let read = 0;
  const heard = new EventEmitter();
  response.on("data", (chunk: string) => {
    text += chunk;
    heard.emit("more");
  });
  response.on("error", () => {});
  const closed = new Promise((resolve) => response.on("close", resolve));
  const take = (): FeedEvent | null => {
    for (;;) {
      const end = text.indexOf("\n\n", read);
      if (end === -1) return null;
      const block = text.slice(read, end);
      read = end + 2;
      const { name, data } = /^event: (?<name>\w+)\ndata: (?<data>.*)$/u.exec(block)?.groups ?? {};
      if (name !== undefined) return { name, data: JSON.parse(data ?? "") };
    }
  };
  return {
    type: response.headers["content-type"],
    closed,
    text: () => text,
    async next() {
      for (;;) {
        const event = take();
        if (event !== null) return event;
        await once(heard, "more");
      }
    },
    async [Symbol.asyncDispose]() {
      request.destroy();
      await closed;
    },
  };
}
