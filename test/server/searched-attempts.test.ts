import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { leaks } from "../../experiments/scenarios/leaks.ts";
import type { LeakPlace, Search } from "../../model/observation.ts";
import type { AttemptPlan } from "../../model/trial.ts";
import type { Lab } from "../../server/lab.ts";
import { converse, present } from "../client.ts";
import { Canaries } from "../../server/canaries.ts";
import { startLabOf } from "../start-lab.ts";

type State = Search["state"];

/** What programs leave behind, which have neither a page nor a console. */
const rows: readonly (readonly [
  technique: string,
  fresh: Partial<Record<LeakPlace, State>>,
  forged: Partial<Record<LeakPlace, State>>,
])[] = [
  ["query-parameter", { "access log": "found" }, { "access log": "found" }],
  ["capability-path", { "access log": "found" }, { "access log": "found" }],
  // Its ticket is what is found; without one there is no handshake.
  ["ticket", { "access log": "found" }, { "answer to the handshake": "unsearched" }],
  ["subprotocol", {}, {}],
  ["user-information", {}, {}],
  ["session-cookie", {}, { "answer to the handshake": "unsearched" }],
  ["first-message", {}, {}],
];

const usual: Readonly<Record<LeakPlace, State>> = {
  "access log": "clean",
  "proxy's access log": "unsearched",
  Referer: "unsearched",
  "answer to the handshake": "clean",
  "socket's url": "unsearched",
  "document.cookie": "unsearched",
  "performance entries": "unsearched",
  history: "unsearched",
  console: "unsearched",
};

/** Makes the attempts of a trial as a page would whose script is the technique's program. */
async function searchesOf(
  lab: Lab,
  technique: string,
  attempts: readonly AttemptPlan[] = leaks.attempts,
  /** Prints to the console of the browser, whose driver is there to hear it; null: it is deaf. */
  print: ((token: string) => readonly string[]) | null = null,
): Promise<readonly (readonly Search[] | undefined)[]> {
  const walk = lab.walks.start(
    [
      {
        technique,
        scenario: "leaks",
        placement: "same-host",
        scheme: "ws",
        definition: "test",
        attempts,
      },
    ],
    "nowhere",
  );
  if (print !== null) walk.consoleDeaf = null;
  const { origin } = walk.address(0);
  let instruction = await walk.post(0, origin, { ok: true, value: { report: null } });
  while ("attempt" in instruction) {
    const { endpoint, credential, home } = instruction.attempt;
    assert.ok(credential !== null);
    const report = await present(technique, endpoint, credential, home).then(converse, () => {
      return { end: "threw", events: [] } as const;
    });
    const posted = walk.post(0, origin, { ok: true, value: { report } });
    const { id } = instruction.attempt;
    // It may come later than the page's report, which takes another way.
    if (print !== null) {
      for (const text of print(credential.token)) walk.heard(text);
      walk.heard(`The attempt ${id} is over. (https://localhost/)`);
    }
    instruction = await posted;
  }
  return walk.observed.get(0)?.attempts.map(({ searches }) => searches) ?? [];
}

const states = (searches: readonly Search[] = []): Record<string, State> =>
  Object.fromEntries(searches.map(({ place, state }) => [place, state]));

suite("searched attempts", () => {
  for (const [technique, fresh, forged] of rows) {
    test(`of ${technique} are searched where the server wrote something`, async () => {
      const canaries = new Canaries();
      await using lab = await startLabOf(technique, {}, { onSecret: canaries.add });
      const [first, second] = await searchesOf(lab, technique);
      assert.deepEqual(states(first), { ...usual, ...fresh });
      assert.deepEqual(states(second), { ...usual, ...forged });
      const text = JSON.stringify([first, second]);
      assert.equal(canaries.findIn(text), null);
    });
  }

  test("show the line that was found, with the token hidden", async () => {
    await using lab = await startLabOf("query-parameter");
    const [first] = await searchesOf(lab, "query-parameter");
    const found = first?.find(({ place }) => place === "access log");
    assert.ok(found?.state === "found");
    assert.equal(found.encoding, "raw");
    assert.match(
      found.excerpt,
      /^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/\?attempt=[\w-]+&token=\(token #1\) HTTP\/1\.1" 101 - "-" "-"$/u,
    );
  });

  for (const shape of ["jwt", "awkward", "4k"] as const) {
    test(`find a token of the shape ${shape}`, async () => {
      await using lab = await startLabOf("query-parameter");
      const plan = { ...leaks.attempts[0], present: "fresh", user: "ü", singleUse: true } as const;
      const [first] = await searchesOf(lab, "query-parameter", [
        { ...plan, shape, expect: "accepted" },
      ]);
      const found = first?.find(({ place }) => place === "access log");
      assert.ok(found?.state === "found");
      assert.equal(found.encoding, shape === "awkward" ? "percent" : "raw");
      assert.match(found.excerpt, /&token=\(token #1\) HTTP/u);
    });
  }

  test("are searched in what the console showed during each of them", async () => {
    await using lab = await startLabOf("first-message");
    const [good] = leaks.attempts;
    assert.ok(good);
    let printed = 0;
    const searches = await searchesOf(
      lab,
      "first-message",
      // The same token: what the first attempt printed is not the second one's.
      [good, { ...good, present: "again" }],
      (token) => {
        printed += 1;
        return printed === 1 ? [`cannot connect to ws://localhost/?token=${token}`] : ["nothing"];
      },
    );
    assert.deepEqual(
      searches.map((some) => some?.at(-1)),
      [
        {
          place: "console",
          state: "found",
          encoding: "raw",
          excerpt: "cannot connect to ws://localhost/?token=(token #1)",
        },
        { place: "console", state: "clean" },
      ],
    );
  });

  test("are not looked for in the log of a proxy that passed nothing on", async () => {
    await using lab = await startLabOf("query-parameter");
    const ports = lab.ports.get("query-parameter") ?? assert.fail();
    const asked: string[] = [];
    // The ports are the server's own, so that it hears of no proxy.
    lab.lendProxy({
      ports: new Map([["query-parameter", ports]]),
      linesWith: async (text) => {
        asked.push(text);
        return [];
      },
    });
    const [first] = await searchesOf(lab, "query-parameter");
    const search = first?.find(({ place }) => place === "proxy's access log");
    assert.deepEqual(search, {
      place: "proxy's access log",
      state: "unsearched",
      reason: "no request came through the reverse proxy",
    });
    assert.deepEqual(asked, []);
  });

  test("say why there is no proxy", async () => {
    await using lab = await startLabOf("query-parameter");
    lab.lendProxy({ absent: "no nginx was found" });
    const [first] = await searchesOf(lab, "query-parameter");
    const search = first?.find(({ place }) => place === "proxy's access log");
    assert.ok(search?.state === "unsearched");
    assert.equal(search.reason, "no nginx was found");
  });

  test("are those only whose plan says so", async () => {
    await using lab = await startLabOf("query-parameter");
    const plan = { present: "fresh", user: "alice", singleUse: false, expect: "accepted" } as const;
    assert.deepEqual(await searchesOf(lab, "query-parameter", [plan]), [undefined]);
  });
});
