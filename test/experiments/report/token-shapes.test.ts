import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt } from "../../../model/observation.ts";
import type { JudgedTrial, Results, Run } from "../../../model/results.ts";
import type { TokenShape } from "../../../model/trial.ts";
import { markdown } from "../../../experiments/report/markdown.ts";
import { renderTechniques } from "../../../experiments/report/markdown/technique.ts";
import { matrixOf } from "../../../experiments/report/matrix.ts";
import { renderTerminal } from "../../../experiments/report/terminal.ts";
import { fitText, tokenFit, tokenShapeTable } from "../../../experiments/report/token-shapes.ts";
import { summarise } from "../../../experiments/verdict.ts";
import { renderSections } from "./render-sections.ts";
import {
  accepted,
  acceptedByMessage,
  firstMessage,
  refused,
  refusedByMessage,
  refusedWith,
  request,
} from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleResults, sampleTrial } from "./sample-results.ts";
import { unsupported } from "./varied-results.ts";

const wanted = { present: "fresh", expect: "accepted" } as const;
/** A good token of which the page saw nothing but a failure. */
const failed: Attempt = { ...refused("fresh", "#1", ""), ...wanted, evidence: [] };

function trialOf(
  shape: TokenShape,
  attempt: Attempt = accepted("#1"),
  technique = "query-parameter",
): JudgedTrial {
  const trial = sampleTrial(technique, `token-${shape}`, [{ ...attempt, ...wanted, shape }]);
  return { ...trial, aspect: "token-shape" };
}

const nothingCame = request({ status: 401, refusal: "no credential" });

const fits: readonly {
  readonly name: string;
  readonly trial: JudgedTrial;
  readonly isProxied?: boolean;
  readonly text: string;
}[] = [
  { name: "a token that gets its page in", trial: trialOf("jwt"), text: "fits" },
  {
    name: "an exception in the page",
    trial: trialOf("awkward", {
      ...failed,
      end: "threw",
      events: [{ at: 1, type: "exception", name: "SyntaxError", message: "no subprotocol" }],
    }),
    text: "page: SyntaxError",
  },
  {
    name: "an exception in the page after the server turned its request away",
    trial: trialOf("16k", {
      ...failed,
      end: "threw",
      events: [{ at: 1, type: "exception", name: "Error", message: "no ticket: 413" }],
      evidence: [request({ status: 413, upgrade: false, method: "POST" })],
    }),
    text: "server: status 413",
  },
  {
    name: "a failure that no server saw",
    trial: trialOf("16k", failed),
    text: "browser: did not reach the server",
  },
  {
    name: "a handshake without the token",
    trial: trialOf("8k", { ...failed, evidence: [nothingCame] }),
    text: "browser: left the token out",
  },
  {
    name: "a first message that never comes",
    trial: trialOf("8k", {
      ...refusedByMessage("fresh", null, "no credential came"),
      given: "#1",
    }),
    text: "browser: left the token out",
  },
  {
    name: "a status of the server",
    trial: trialOf("16k", { ...failed, evidence: [request({ status: 431 })] }),
    text: "server: status 431",
  },
  {
    name: "a close code of the server",
    trial: trialOf("16k", {
      ...failed,
      events: [
        { at: 1, type: "open", protocol: "" },
        { at: 2, type: "close", code: 1009, reason: "", wasClean: true },
      ],
      evidence: [request({ status: 101 })],
    }),
    text: "server: close 1009",
  },
  {
    name: "a close code that browsers make themselves",
    trial: trialOf("16k", {
      ...failed,
      events: [{ at: 2, type: "close", code: 1015, reason: "", wasClean: false }],
    }),
    text: "browser: did not reach the server",
  },
  {
    name: "a refusal in the words of a protocol",
    trial: trialOf("16k", {
      ...failed,
      events: [
        { at: 1, type: "open", protocol: "" },
        { at: 2, type: "refusal", code: "ERROR", reason: "too large" },
        { at: 3, type: "close", code: 1000, reason: "", wasClean: true },
      ],
      evidence: [request({ status: 101 })],
    }),
    text: "server: ERROR: too large",
  },
  {
    name: "a token that the server refuses as it was given",
    trial: trialOf("jwt", refusedWith("#1", "#1", "token was not exchanged")),
    text: "server: token was not exchanged",
  },
  {
    name: "a token that changed on its way",
    trial: trialOf("awkward", {
      ...failed,
      evidence: [
        request({
          status: 401,
          presented: "unrecognised",
          via: "cookie",
          refusal: "unknown token",
        }),
      ],
    }),
    text: "server: unknown token (arrived changed)",
  },
  {
    name: "a first message that changed on its way",
    trial: trialOf("awkward", {
      ...failed,
      evidence: [
        request({ status: 101 }),
        firstMessage({ presented: "unrecognised", via: "message", refusal: "unknown token" }),
      ],
    }),
    text: "server: unknown token (arrived changed)",
  },
  {
    name: "a failure that no server behind a proxy saw",
    trial: trialOf("8k", failed),
    isProxied: true,
    text: "browser or proxy: did not reach the server",
  },
  {
    name: "a challenge, before the answer to it was turned away",
    trial: trialOf("16k", {
      ...failed,
      evidence: [request({ status: 401, upgrade: false }), request({ status: 431 })],
    }),
    text: "server: status 431",
  },
  {
    name: "a page that gave up waiting",
    trial: trialOf("16k", { ...failed, end: "timeout", events: [] }),
    text: "timeout: did not end in time; the page saw nothing",
  },
  {
    name: "a trial that was not made",
    trial: unsupported(trialOf("4k"), "no such browser"),
    text: "unsupported: no such browser",
  },
  {
    name: "a page that was let in and never knew",
    trial: trialOf("4k", { ...accepted("#1"), events: failed.events }),
    text: "fail: was let in by the server, but the page saw error, close 1006",
  },
];

describe("what became of a token, from what both ends saw:", () => {
  for (const { name, trial, isProxied = false, text } of fits) {
    test(name, () => assert.equal(fitText(tokenFit(trial, { isProxied })), text));
  }
});

const sampleRuns = sampleResults().runs;

/** The sample with these trials in its three browsers. */
function resultsWith(...trials: readonly (readonly JudgedTrial[])[]): Results {
  const runs = sampleRuns.map((run, index): Run => {
    return { ...run, trials: [...run.trials, ...(trials[index] ?? [])] };
  });
  return { ...sampleResults(), runs };
}

/** Shapes, every technique's cells in words, and what the table does not speak of. */
function tableOf(results: Results): unknown {
  const table = tokenShapeTable(results, sampleCatalogue);
  return (
    table && [
      table.shapes,
      ...table.rows.map(({ technique, cells }) => [
        technique.title,
        ...cells.map((answers) =>
          answers.map((one) => `${one.browsers ?? "all"}: ${fitText(one.fit)}`).join("; "),
        ),
      ]),
      ...table.pointless.map(({ techniques, browsers }) => `${techniques}: ${browsers ?? "all"}`),
    ]
  );
}

/** The same with a scenario that has no meaning for a technique. */
function leavingOut(results: Results): Results {
  const leftOut = [{ technique: "first-message", scenario: "token-jwt", reason: "no" }];
  return { ...results, runs: results.runs.map((run) => ({ ...run, leftOut })) };
}

const tooLarge = { ...failed, evidence: [request({ status: 431 })] };

describe("the table of token shapes", () => {
  const rows = [
    {
      name: "says once what all browsers agree on, with shapes and techniques in display order",
      results: resultsWith(
        ...[1, 2, 3].map(() => [
          trialOf("16k", tooLarge),
          trialOf("jwt"),
          trialOf("jwt", acceptedByMessage("#1"), "first-message"),
        ]),
      ),
      table: [
        ["jwt", "16k"],
        ["First message", "all: fits", "all: not tried"],
        ["Query parameter", "all: fits", "all: server: status 431"],
      ],
    },
    {
      name: "names browsers that differ",
      results: resultsWith([trialOf("8k")], [trialOf("8k", failed)], [trialOf("8k")]),
      table: [
        ["8k"],
        [
          "Query parameter",
          "Chromium and WebKitGTK MiniBrowser: fits; Firefox: browser: did not reach the server",
        ],
      ],
    },
    {
      name: "speaks of those that tried it",
      results: resultsWith([], [trialOf("8k")]),
      table: [["8k"], ["Query parameter", "all: fits"]],
    },
    {
      name: "says what was left out",
      results: leavingOut(
        resultsWith([trialOf("jwt"), trialOf("8k", accepted("#1"), "first-message")]),
      ),
      table: [
        ["jwt", "8k"],
        ["First message", "all: left out", "all: fits"],
        ["Query parameter", "all: fits", "all: not tried"],
      ],
    },
    {
      name: "does not speak of techniques and browsers that accept no token at all",
      results: resultsWith(
        [trialOf("8k", failed, "user-information"), trialOf("8k")],
        [trialOf("8k", accepted("#1"), "user-information"), trialOf("8k")],
        [trialOf("8k", failed, "user-information"), trialOf("8k")],
      ),
      table: [
        ["8k"],
        ["Query parameter", "all: fits"],
        ["User information", "Chromium: browser: did not reach the server; Firefox: fits"],
        "User information: WebKitGTK MiniBrowser",
      ],
    },
    {
      name: "has no row for a technique that accepts no token in any browser",
      results: resultsWith([], [], [trialOf("8k", failed, "user-information")]),
      table: [["8k"], "User information: all"],
    },
    { name: "is not there when no shape was tried", results: sampleResults(), table: null },
  ];
  for (const { name, results, table } of rows) {
    test(name, () => assert.deepEqual(tableOf(results), table));
  }
});

function cellsOf(all: Results): unknown {
  return matrixOf(all, sampleCatalogue).rows.map(({ cells, scenarios }) => [
    scenarios,
    cells.map(({ summary, repetitions }) => [summary, repetitions]),
  ]);
}

describe("trials of token shapes", () => {
  const shaped = [trialOf("jwt"), trialOf("16k", tooLarge), unsupported(trialOf("4k"), "no")];
  const results = resultsWith(shaped, shaped, shaped);

  test("are no part of a technique's word", () => {
    const { trials } = sampleFirefoxRun(
      sampleResults().runs[1]?.trials.filter(({ technique }) => technique === "query-parameter") ??
        [],
    );
    assert.equal(summarise(trials).word, "works");
    assert.deepEqual(summarise([...trials, ...shaped]), summarise(trials));
  });

  test("are no part of the matrix", () => {
    assert.deepEqual(cellsOf(results), cellsOf(sampleResults()));
  });

  const plain = { columns: 120, colour: false, axes: false };
  const reports = [
    ["the terminal", renderTerminal(results, sampleCatalogue, plain)],
    ["the markdown report", markdown.render(results, sampleCatalogue)],
    ["a technique's README", renderTechniques(results, sampleCatalogue, ["query-parameter"])],
    ["the html report", renderSections(results)],
  ] as const;
  for (const [name, text] of reports) {
    test(`are in a section of their own in ${name}`, () => {
      const [before = "", section = ""] = text.split(/Which token fits/u);
      assert.doesNotMatch(before, /token-16k|status 431/);
      assert.match(section, /server[^]{0,8}: status 431/);
    });
  }

  test("lead to their evidence in the html report, unless they fit", () => {
    const text = renderSections(results);
    const links = [...text.matchAll(/href="#(?<id>token\.[\d.]+)"/gu)].map(
      ({ groups }) => groups?.["id"] ?? "",
    );
    assert.equal(links.length, 2);
    for (const id of links) assert.equal(text.split(`id="${id}"`).length, 2, id);
  });
});
