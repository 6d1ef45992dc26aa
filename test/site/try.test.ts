import assert from "node:assert/strict";
import { before, suite, test } from "node:test";
import type { Attempt } from "../../model/observation.ts";
import type { Verdict } from "../../model/results.ts";
import type { SiteData, SiteTechnique } from "../../site/data.ts";
import { linksFrom, queryText } from "../../site/links.ts";
import { matchOf, type TriedConnection } from "../../site/try-matches.ts";
import { parseTryQuery, tryInputs, tryQuery } from "../../site/try-query.ts";
import { happenedText, tryRunView } from "../../site/views/try-run.ts";
import { renderTry } from "../../site/views/try.ts";
import { publishedData } from "./compare-data.ts";
import { siteRun } from "./site-run.ts";

const ticket: SiteTechnique = {
  id: "ticket",
  title: "Ticket",
  stage: "handshake",
  via: "ticket",
  folder: "ticket",
  isProxied: false,
  leftOut: null,
};
const data: SiteData = {
  answerFacts: [],
  techniques: [{ ...ticket, id: "proxied", leftOut: "there is no proxy" }, ticket],
  scenarios: ["valid", "rotation", "forged"].map((id) => {
    return { id, question: `Is it ${id}?`, aspect: null, attempts: [] };
  }),
  placements: ["same-origin", "same-host"],
  schemes: ["ws", "wss"],
  runs: [
    siteRun("chrome", "published", [
      [1, 0, 1, 0, 0],
      [1, 0, 0, 0, 1],
      [1, 0, 1, 1, 1, 0],
    ]),
    siteRun("firefox", "published", [
      [1, 0, 1, 0, 0],
      [1, 0, 1, 0, 1, 0],
    ]),
    siteRun("mine", "local", [[1, 0, 1, 0, 0]]),
  ],
};

const passed: Verdict = { outcome: "pass", reason: "was let in" };
const tried: TriedConnection = {
  technique: "ticket",
  presented: "good",
  before: [],
  scheme: "ws",
  verdict: passed,
};
const attempt: Attempt = {
  present: "fresh",
  user: "alice",
  singleUse: false,
  expect: "accepted",
  given: "#2",
  end: "completed",
  events: [{ at: 0, type: "open", protocol: "" }],
  evidence: [
    {
      at: 0,
      type: "request",
      method: "GET",
      upgrade: true,
      origin: null,
      status: 101,
      presented: "#2",
      via: "ticket",
      user: "alice",
      refusal: null,
    },
  ],
};

suite("an address says what is tried", () => {
  for (const input of tryInputs) {
    test(`${input}, and back`, () => {
      const query = new URLSearchParams({ technique: "ticket", input, user: "Zoë & co" });
      const choice = parseTryQuery(query, data);
      assert.deepEqual(choice, { technique: ticket, input, user: "Zoë & co" });
      assert.deepEqual(
        parseTryQuery(new URLSearchParams(queryText(tryQuery(choice))), data),
        choice,
      );
    });
  }

  const strange = ["", "technique=absent&input=absent&user=", "technique=__proto__"];
  for (const query of strange) {
    test(`"${query}" is what a newcomer sees: the first technique that can be tried`, () => {
      const choice = parseTryQuery(new URLSearchParams(query), data);
      assert.deepEqual(choice, { technique: ticket, input: "good", user: "alice" });
    });
  }

  test("a technique that cannot be tried says why", () => {
    const context = { data, links: linksFrom(""), isLab: true };
    const page = String(renderTry(context, new URLSearchParams("technique=proxied")));
    assert.match(page, /there is no proxy/u);
  });

  test("a user name is text", () => {
    const context = { data, links: linksFrom(""), isLab: true };
    const page = String(renderTry(context, new URLSearchParams({ user: `"><script>` })));
    assert.ok(!page.includes("<script>"));
  });
});

suite("a connection is compared with the published trial that is like it", () => {
  test("on the same host, with the same scheme, in every published run", () => {
    const match = matchOf(tried, data);
    assert.deepEqual(
      match?.published.map(({ run: { key }, outcome, isAlike }) => [key, outcome, isAlike]),
      [
        ["chrome", "pass", true],
        ["firefox", "unstable", null],
      ],
    );
  });

  const rows: readonly (readonly [Partial<TriedConnection>, string | undefined])[] = [
    [{ before: ["good"] }, "rotation"],
    [{ before: ["forged"] }, "valid"],
    [{ before: ["good", "again"] }, undefined],
    [{ presented: "forged", before: ["good"] }, "forged"],
    [{ presented: "missing" }, "missing"],
    [{ presented: "single-use" }, "rotation-single-use"],
    [{ presented: "single-use", before: ["single-use", "again"] }, undefined],
    [{ presented: "again" }, undefined],
  ];
  for (const [other, scenario] of rows) {
    test(`${JSON.stringify(other)}: ${scenario ?? "none is"}`, () => {
      assert.equal(matchOf({ ...tried, ...other }, data)?.scenario, scenario);
    });
  }

  suite("by the attempt of the same index, of the published results", () => {
    let published: SiteData;
    before(async () => void (published = await publishedData()));

    const stale: Verdict = {
      outcome: "fail",
      kind: "wrong-credential",
      attempt: 0,
      reason: "presented another token",
    };
    const attempts: readonly {
      readonly name: string;
      readonly tried: Partial<TriedConnection>;
      /** By browser, in the order of the runs. */
      readonly alike: Readonly<Record<string, boolean | null>>;
      readonly attempt: number;
    }[] = [
      {
        name: "a first single-use connection that got in is as everywhere",
        tried: { presented: "single-use" },
        alike: { chrome: true, firefox: true, webkit: true },
        attempt: 0,
      },
      {
        name: "a first connection that got in is as everywhere",
        tried: {},
        alike: { chrome: true, firefox: true, webkit: true },
        attempt: 0,
      },
      {
        name: "a second connection with its own token is not as in a browser that presents the first",
        tried: { before: ["good"] },
        alike: { chrome: true, firefox: false, webkit: true },
        attempt: 1,
      },
      {
        name: "a second connection with the first token is as there",
        tried: { before: ["good"], verdict: stale },
        alike: { chrome: false, firefox: true, webkit: false },
        attempt: 1,
      },
      {
        name: "of a third one, a verdict of the second says nothing",
        tried: { before: ["good", "good"] },
        alike: { chrome: true, firefox: null, webkit: true },
        attempt: 2,
      },
      {
        name: "a sixth one is like the last of a trial",
        tried: { before: ["good", "good", "good", "good", "good"] },
        alike: { chrome: true, firefox: null, webkit: true },
        attempt: 3,
      },
      {
        name: "one that did not end says nothing",
        tried: { verdict: { outcome: "timeout", reason: "" } },
        alike: { chrome: null, firefox: null, webkit: null },
        attempt: 0,
      },
    ];
    for (const { name, tried: other, alike, attempt: index } of attempts) {
      test(name, () => {
        const match = matchOf({ ...tried, technique: "user-information", ...other }, published);
        assert.deepEqual(
          Object.fromEntries(
            match?.published.map((one) => [one.run.browser.id, one.isAlike]) ?? [],
          ),
          alike,
        );
        assert.equal(match?.attempt, index);
      });
    }

    test("each browser by the name that it has everywhere", () => {
      const context = { data: published, links: linksFrom(""), isLab: true };
      const connection = { ...tried, technique: "user-information", before: ["good"] as const };
      const shown = { number: 1, technique: ticket, presented: "good", user: "alice" } as const;
      const page = String(
        tryRunView(context, {
          ...shown,
          judged: { attempt, verdict: passed },
          givenIn: new Map(),
          match: matchOf(connection, published),
        }),
      );
      assert.match(page, /<th scope="row"><bdi>WebKitGTK MiniBrowser \d+\.\d+/u);
      assert.match(page, /makes 4 connections in a row; this is about connection 2\./u);
    });
  });

  test("a scenario that was left out says why", () => {
    assert.equal(matchOf({ ...tried, presented: "forged" }, data)?.leftOut, "it has no meaning");
  });
});

suite("what happened, in words", () => {
  const [request] = attempt.evidence;
  assert.ok(request?.type === "request");
  const refused = { ...request, status: 401, user: null, refusal: "unknown token" };
  const rows: readonly (readonly [string, Partial<Attempt>, string])[] = [
    ["let in", {}, "accepted, as alice, with #2"],
    [
      "let in with another token",
      { evidence: [{ ...request, presented: "#1" }] },
      "accepted, as alice, with #1 (this page was given #2)",
    ],
    [
      "let in, and the page does not know",
      { events: [{ at: 0, type: "error" }] },
      "accepted, as alice, with #2, yet this page’s socket did not open",
    ],
    ["refused", { evidence: [refused] }, "refused, “unknown token”"],
    [
      "challenged, and let in",
      { evidence: [{ ...refused, presented: null, refusal: "no credential" }, request] },
      "accepted, as alice, with #2",
    ],
    [
      "an exception",
      {
        end: "threw",
        events: [{ at: 0, type: "exception", name: "SyntaxError", message: "no" }],
        evidence: [],
      },
      "no connection, this page’s code stopped with “SyntaxError: no”",
    ],
    ["a timeout", { end: "timeout", events: [], evidence: [] }, "it did not end in time"],
    ["nothing", { events: [], evidence: [] }, "nothing reached the server"],
  ];
  for (const [name, other, expected] of rows) {
    test(name, () => assert.equal(happenedText({ ...attempt, ...other }), expected));
  }
});

test("a run says whose token the browser presented instead of its own", () => {
  const context = { data, links: linksFrom(""), isLab: true };
  const [request] = attempt.evidence;
  assert.ok(request?.type === "request");
  const judged = {
    attempt: { ...attempt, evidence: [{ ...request, presented: "#1" as const }] },
    verdict: passed,
  };
  const shown = { number: 2, technique: ticket, presented: "good", user: "alice", judged } as const;
  const textOf = (givenIn: ReadonlyMap<"#1", number>): string =>
    String(tryRunView(context, { ...shown, match: null, givenIn })).replaceAll(/<[^>]*>/gu, "");
  assert.match(textOf(new Map([["#1", 1]])), /#1 is the token of run 1/u);
  assert.match(textOf(new Map()), /#1 was handed out before this page was opened/u);
});
