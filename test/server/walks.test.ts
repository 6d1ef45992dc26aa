import assert from "node:assert/strict";
import { once } from "node:events";
import { suite, test } from "node:test";
import { allTrials } from "../all-trials.ts";
import type { AttemptPlan, Caller, Placement, Trial } from "../../model/trial.ts";
import type { Instruction, Walk } from "../../server/walks.ts";
import { handshake, sendRaw } from "../raw-request.ts";
import { startLabOf } from "../start-lab.ts";

const completed = { report: { end: "completed", events: [] } } as const;
const begun = { report: null } as const;

suite("a trial whose attempts are made from several pages", () => {
  const neighbours: readonly {
    readonly from: Caller;
    readonly placement: Placement;
    readonly host: RegExp;
    readonly isOnAppPort: boolean;
  }[] = [
    {
      from: "cross-site-page",
      placement: "same-host",
      host: /^else-t0-\w+\.localhost$/u,
      isOnAppPort: true,
    },
    {
      from: "cross-site-sandbox",
      placement: "same-site",
      host: /^www\.t0-\w+\.example\.org$/u,
      isOnAppPort: true,
    },
    {
      from: "sibling-page",
      placement: "same-site",
      host: /^sibling\.t0-\w+\.example\.com$/u,
      isOnAppPort: true,
    },
    {
      from: "sibling-page",
      placement: "cross-site",
      host: /^sibling\.t0-\w+\.example\.net$/u,
      isOnAppPort: true,
    },
    {
      from: "other-port-page",
      placement: "same-host",
      host: /^t0-\w+\.localhost$/u,
      isOnAppPort: false,
    },
    {
      from: "other-port-page",
      placement: "cross-site",
      host: /^ws\.t0-\w+\.example\.net$/u,
      isOnAppPort: false,
    },
  ];
  for (const { from, placement, host, isOnAppPort } of neighbours) {
    test(`${from} at ${placement} is on an origin of its own`, async () => {
      await using lab = await startLabOf("first-message");
      const walk = lab.walks.start([trialOf(placement, [{}, { from }, {}])], "nowhere");
      const own = walk.address(0);
      assert.ok("attempt" in (await post(walk, own, begun)));
      const elsewhere = nextOf(await post(walk, own, completed));
      assert.match(elsewhere.hostname, host);
      assert.equal(elsewhere.port === own.port, isOnAppPort);
      assert.notEqual(elsewhere.origin, own.origin);
      assert.ok(walk.isAt(0, elsewhere.origin));
      assert.ok("attempt" in (await post(walk, elsewhere, begun)));
      assert.equal(nextOf(await post(walk, elsewhere, completed)).href, own.href);
      assert.ok("attempt" in (await post(walk, own, begun)));
      assert.deepEqual(await post(walk, own, completed), { next: null });
      assert.equal(walk.ended[0]?.attempts.length, 3);
    });
  }

  for (const [from, event] of [
    ["tab", "tab"],
    ["restarted", "restart"],
  ] as const) {
    test(`${from}: whoever drives the browser opens the page again`, async () => {
      await using lab = await startLabOf("first-message");
      const walk = lab.walks.start([trialOf("same-host", [{}, { from }])], "nowhere");
      await post(walk, walk.address(0), begun);
      const asked = once(walk, event);
      assert.deepEqual(await post(walk, walk.address(0), completed), { next: null });
      await asked;
      assert.ok("attempt" in (await post(walk, walk.address(0), begun)));
      assert.deepEqual(await post(walk, walk.address(0), completed), { next: null });
      assert.equal(walk.ended[0]?.attempts.length, 2);
    });
  }

  test("a page that begins on the wrong origin is sent to the right one", async () => {
    await using lab = await startLabOf("first-message");
    const trial = trialOf("same-host", [{}, { from: "cross-site-page" }]);
    const walk = lab.walks.start([trial], "nowhere");
    const { origin } = new URL(walk.address(0).href.replace("://t0-", "://else-t0-"));
    assert.ok(walk.isAt(0, origin));
    assert.equal(nextOf(await post(walk, new URL(origin), begun)).href, walk.address(0).href);
  });

  test("a page that starts over in the middle of the trial ends it", async () => {
    await using lab = await startLabOf("first-message");
    const walk = lab.walks.start([trialOf("same-host", [{}, {}])], "nowhere");
    await post(walk, walk.address(0), begun);
    const answer = await post(walk, walk.address(0), begun);
    assert.ok("error" in answer && /started over/u.test(answer.error));
  });

  test("a trial that cannot be made here is over, and the walk goes on", async () => {
    await using lab = await startLabOf("first-message");
    const trials = [trialOf("same-host", [{}, { from: "tab" }]), trialOf("same-host", [{}])];
    const walk = lab.walks.start(trials, "nowhere");
    await post(walk, walk.address(0), begun);
    await post(walk, walk.address(0), completed);
    walk.cannot("this browser has no tabs");
    assert.deepEqual(walk.ended[0]?.failure, {
      outcome: "unsupported",
      reason: "this browser has no tabs",
    });
    assert.equal(walk.current, 1);
  });

  test("an attempt that presents the first credential again is handed that one", async () => {
    await using lab = await startLabOf("first-message");
    const walk = lab.walks.start([trialOf("same-host", [{}, { present: "again" }])], "nowhere");
    const first = await post(walk, walk.address(0), begun);
    const second = await post(walk, walk.address(0), completed);
    assert.ok("attempt" in first && "attempt" in second);
    assert.deepEqual(second.attempt.credential, first.attempt.credential);
    assert.equal(second.attempt.given, first.attempt.given);
  });

  test("origins of other trials and of strangers are none of its own", async () => {
    await using lab = await startLabOf("first-message");
    const trials = [trialOf("same-host", [{}]), trialOf("same-host", [{}])];
    const walk = lab.walks.start(trials, "nowhere");
    const other = walk.address(1).origin;
    for (const origin of [other, "null", "https://example.com", `${walk.address(0).origin}0`]) {
      assert.ok(!walk.isAt(0, origin), origin);
    }
  });
});

suite("where a walk's time goes", () => {
  test("a page's posts tell loading, the lab's work and attempts apart", async () => {
    await using lab = await startLabOf("first-message");
    const walk = lab.walks.start([trialOf("same-host", [{}, {}])], "nowhere");
    const { stopwatch } = walk;
    stopwatch.enter("preflight");
    walk.preflight({ domains: {}, features: {} });
    assert.equal(stopwatch.phase, "navigation");
    const answer = post(walk, walk.address(0), begun);
    assert.equal(stopwatch.phase, "lab");
    await answer;
    assert.equal(stopwatch.phase, "attempts");
    await post(walk, walk.address(0), completed);
    assert.equal(stopwatch.phase, "attempts");
    await post(walk, walk.address(0), completed);
    const { tookMs, phases } = stopwatch.read();
    const counts = Object.entries(phases).flatMap(([phase, { count }]) =>
      count === 0 ? [] : [[phase, count]],
    );
    assert.deepEqual(counts, [
      ["preflight", 1],
      ["navigation", 1],
      ["lab", 3],
      ["attempts", 2],
    ]);
    assert.ok((walk.ended[0]?.tookMs ?? Number.NaN) <= tookMs);
  });

  test("a late answer to a browser that was given up starts no phase", async () => {
    await using lab = await startLabOf("first-message");
    const walk = lab.walks.start(
      [trialOf("same-host", [{}, {}]), trialOf("same-host", [{}])],
      "nowhere",
    );
    const late = post(walk, walk.address(0), begun);
    walk.fail({ outcome: "crash", reason: "it died" });
    walk.stopwatch.enter("close");
    await late;
    assert.equal(walk.stopwatch.phase, "close");
  });

  test("a trial whose turn never came took no time", async () => {
    await using lab = await startLabOf("first-message");
    const trials = [trialOf("same-host", [{}]), trialOf("same-host", [{}])];
    const walk = lab.walks.start(trials, "nowhere");
    walk.stopwatch.enter("navigation");
    walk.exclude((trial) => (trial === trials[1] ? "not here" : null));
    assert.equal(walk.ended[0]?.tookMs, 0);
  });
});

suite("what an attempt switches off", () => {
  const hosts = [
    ["its own host", (own: string) => own, "401 Unauthorized"],
    ["the live page's", () => "localhost", "403 Forbidden"],
    ["another trial's", (own: string) => own.replace("t0-", "t1-"), "403 Forbidden"],
  ] as const;
  for (const [name, hostFor, expected] of hosts) {
    test(`is switched off there alone: ${name}`, async () => {
      await using lab = await startLabOf("session-cookie");
      const trial = trialOf("same-host", [{ present: "none", without: "origin-check" }]);
      const planned = { ...trial, technique: "session-cookie", scheme: "ws" } as const;
      const walk = lab.walks.start([planned], "nowhere");
      const answer = await post(walk, walk.address(0), begun);
      assert.ok("attempt" in answer);
      const { endpoint } = answer.attempt;
      const request = handshake(`/${endpoint.search}`, {
        Host: `${hostFor(endpoint.hostname)}:${endpoint.port}`,
        Origin: "https://evil.example",
      });
      assert.match(await sendRaw(Number(endpoint.port), request), new RegExp(expected, "u"));
      await post(walk, walk.address(0), completed);
      const late = await sendRaw(Number(endpoint.port), request);
      assert.match(late, /403 Forbidden/u, "not once it is over");
    });
  }
});

function trialOf(placement: Placement, attempts: readonly Partial<AttemptPlan>[]): Trial {
  const [trial] = allTrials;
  if (trial === undefined) throw new Error("there are no trials");
  const plan = { present: "fresh", user: "alice", singleUse: false, expect: "any" } as const;
  return {
    ...trial,
    technique: "first-message",
    placement,
    scheme: "wss",
    attempts: attempts.map((attempt) => ({ ...plan, ...attempt })),
  };
}

function post(
  walk: Walk,
  { origin }: URL,
  value: typeof completed | typeof begun,
): Promise<Instruction> {
  return walk.post(0, origin, { ok: true, value });
}

function nextOf(answer: Instruction): URL {
  if (!("next" in answer) || answer.next === null || "error" in answer) {
    throw new Error(`no next page: ${JSON.stringify(answer)}`);
  }
  return answer.next;
}
