import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt } from "../../../model/observation.ts";
import type { JudgedTrial, ProfileName, Results, Run } from "../../../model/results.ts";
import type { Caller } from "../../../model/trial.ts";
import { faultTable } from "../../../experiments/report/fault-table.ts";
import { leakCard } from "../../../experiments/report/leak-card.ts";
import { markdown } from "../../../experiments/report/markdown.ts";
import { renderTechniques } from "../../../experiments/report/markdown/technique.ts";
import { matrixOf } from "../../../experiments/report/matrix.ts";
import { refusalRanking } from "../../../experiments/report/refusal-ranking.ts";
import { riskLines } from "../../../experiments/report/risk-cells.ts";
import {
  findingHead,
  riskFindings,
  severityCounts,
  worstSummary,
} from "../../../experiments/report/risk-findings.ts";
import { riskSurprises } from "../../../experiments/report/risk-surprises.ts";
import { renderTerminal } from "../../../experiments/report/terminal.ts";
import { riskTables } from "../../../experiments/risks/table.ts";
import { verdict } from "../../../experiments/verdict.ts";
import { keptOut, letIn, lost, own, threw, trialOf, unmade } from "../risks/made-up.ts";
import { renderSections } from "./render-sections.ts";
import { refused, refusedByMessage, request } from "./sample-attempts.ts";
import { sampleCatalogue, sampleResults } from "./sample-results.ts";
import { withProfile } from "./varied-results.ts";

const technique = "user-information";
const here = { technique, scheme: "ws" } as const;

function hijack(attack: Attempt, unchecked: Attempt, more: Partial<JudgedTrial> = {}): JudgedTrial {
  const from = "cross-site-page";
  return trialOf(
    "hijacking",
    "hijack-cross-site",
    [
      own,
      letIn(),
      { ...attack, from, expect: "refused" },
      { ...unchecked, from, without: "origin-check" },
    ],
    { ...here, ...more },
  );
}

const open = hijack(letIn(), letIn());
const checked = hijack(keptOut({}, "origin not allowed"), letIn());
const crashed = { ...unmade("hijacking", "hijack-cross-site"), ...here };

/** The sample with these trials in its three browsers. */
function resultsWith(...trials: readonly (readonly JudgedTrial[])[]): Results {
  const sample = sampleResults();
  const runs = sample.runs.map((run, index): Run => {
    return { ...run, trials: [...run.trials, ...(trials[index] ?? [])] };
  });
  return { ...sample, runs };
}

/** Every risk with its rows, cells in words. */
function tablesOf(results: Results): unknown {
  return riskTables(results, sampleCatalogue).map(({ risk, rows }) => [
    risk.title,
    ...rows.map((row) => [row.technique.title, ...row.summaries.map(({ word }) => word)]),
  ]);
}

describe("the tables of what goes wrong", () => {
  test("have the worst word of every technique in every browser", () => {
    assert.deepEqual(
      tablesOf(
        resultsWith(
          [checked, hijack(letIn(), letIn(), { placement: "same-site" })],
          [checked],
          [crashed],
        ),
      ),
      [["Hijacking", ["User information", "open", "only the Origin check", "nothing shown"]]],
    );
  });

  test("say what was not tried, and what was left out and why", () => {
    const other = { ...open, technique: "query-parameter" };
    const results = resultsWith([open], [other], [other]);
    const leftOut = [{ technique, scenario: "hijack-cross-site", reason: "there is nobody" }];
    const runs = results.runs.map((run, index) => (index === 1 ? { ...run, leftOut } : run));
    const [table] = riskTables({ ...results, runs }, sampleCatalogue);
    assert.deepEqual(
      table?.rows.at(-1)?.summaries.map(({ word, severity, reason }) => [word, severity, reason]),
      [
        ["open", "danger", null],
        ["left out", null, "there is nobody"],
        ["not tried", null, null],
      ],
    );
  });

  test("have no column for a browser that nobody asked", () => {
    const [table] = riskTables(resultsWith([], [open]), sampleCatalogue);
    assert.deepEqual(
      table?.columns.map(({ name }) => name),
      ["Firefox"],
    );
    assert.equal(table.rows[0]?.summaries.length, 1);
  });

  test("count what was not there to go wrong only where nothing else was found", () => {
    const refusal = { ...keptOut(), present: "fresh", given: "#1" } as const;
    const broken = trialOf("hijacking", "hijack-cross-site", [refusal], { ...here });
    const elsewhere = hijack(keptOut(), keptOut(), { placement: "cross-site" });
    const designed = { ...elsewhere, attempts: elsewhere.attempts.with(1, keptOut()) };
    const [table] = riskTables(resultsWith([broken, designed], [broken]), sampleCatalogue);
    assert.deepEqual(
      table?.rows[0]?.summaries.map(({ word }) => word),
      ["by design", "nothing to hijack"],
    );
    assert.equal(table.rows[0] && worstSummary(table.rows[0])?.word, "by design");
  });

  test("are none when nobody looked for anything", () => {
    assert.deepEqual(tablesOf(sampleResults()), []);
  });
});

const stranger = keptOut({}, "origin not allowed");
const byOther = (from: Caller, more: Partial<JudgedTrial> = {}, attack = stranger): JudgedTrial => {
  const trial = hijack(attack, letIn(), more);
  const attempts = trial.attempts.map((one) => {
    return one.from === undefined ? one : { ...one, from };
  });
  return { ...trial, scenario: `hijack-${from}`, attempts };
};

function called(
  from: Caller,
  attempt: Attempt = own,
  more: Partial<JudgedTrial> = {},
): JudgedTrial {
  return trialOf("callers", `caller-${from}`, [{ ...attempt, from }], { ...here, ...more });
}

const workers = ["dedicated-worker", "shared-worker", "service-worker"] as const;
const refusedOrigin = keptOut({ present: "fresh", given: "#1" }, "origin not allowed");

function ended(scenario: string, code: number): JudgedTrial {
  const close = { at: 9, type: "close", code, reason: "over", wasClean: true } as const;
  const events = [...own.events.filter(({ type }) => type !== "close"), close];
  const again = {
    ...refused("again", "#1", "revoked token", "cookie"),
    expect: "refused",
  } as const;
  return trialOf("session-end", scenario, [{ ...own, events }, again], { ...here });
}

/** The first cell of the only table, word by word, and the same of other profiles of that browser. */
function linesOf(
  trials: readonly JudgedTrial[],
  folded: Readonly<Partial<Record<ProfileName, readonly JudgedTrial[]>>> = {},
): string[] {
  const [first] = resultsWith(trials).runs;
  assert.ok(first);
  const others = profiles.flatMap((name) =>
    folded[name] === undefined ? [] : [{ ...withProfile(first, name), trials: folded[name] }],
  );
  const [table, ...more] = riskTables(
    { ...sampleResults(), runs: [first, ...others] },
    sampleCatalogue,
  );
  assert.deepEqual(more, []);
  const [row] = table?.rows ?? [];
  const [summary] = row?.summaries ?? [];
  assert.ok(row && summary);
  return riskLines(summary, row).map(({ word, severity, detail }) =>
    detail === null ? `${severity}: ${word}` : `${severity}: ${word} (${detail})`,
  );
}

const profiles: readonly ProfileName[] = ["third-party-allowed", "private", "reconnect-backoff"];
const crossSite = { placement: "cross-site" } as const;
const sameSite = { placement: "same-site" } as const;

describe("a cell of the tables", () => {
  const rows: readonly {
    readonly name: string;
    readonly trials: readonly JudgedTrial[];
    readonly folded?: Parameters<typeof linesOf>[1];
    readonly lines: readonly string[];
  }[] = [
    {
      name: "names nobody where all are told the same",
      trials: [called("frame"), ...workers.map((worker) => called(worker))],
      lines: ["fine: let in"],
    },
    {
      name: "names those who are told something else, workers together",
      trials: [
        called("frame"),
        called("sandboxed-frame", refusedOrigin),
        ...workers.map((worker) => called(worker)),
      ],
      lines: ["mind: refused for its origin (sandboxed frame)", "fine: let in (frame, workers)"],
    },
    {
      name: "names single workers",
      trials: [called("dedicated-worker"), called("shared-worker", refusedOrigin)],
      lines: ["mind: refused for its origin (shared worker)", "fine: let in (dedicated worker)"],
    },
    {
      name: "names who got in where",
      trials: [
        checked,
        hijack(stranger, letIn(), crossSite),
        byOther("other-port-page", {}, letIn()),
        byOther("other-port-page", crossSite),
      ],
      lines: [
        "danger: open (another port: same-host)",
        "mind: only the Origin check (another site; another port: cross-site)",
      ],
    },
    {
      name: "says where something was not found when that is shorter",
      trials: [open, hijack(letIn(), letIn(), sameSite), hijack(stranger, letIn(), crossSite)],
      lines: ["danger: open (not cross-site)", "mind: only the Origin check (cross-site)"],
    },
    {
      name: "leaves out where there was nothing to look at, which has a line of its own",
      trials: [
        checked,
        byOther("sibling-page", sameSite),
        hijack(stranger, letIn(), sameSite),
        { ...hijack(stranger, letIn(), crossSite), attempts: [{ ...keptOut(), present: "fresh" }] },
      ],
      lines: [
        "mind: only the Origin check",
        "unknown: nothing to hijack (another site: cross-site)",
      ],
    },
    {
      name: "separates what is about different things, whatever their names hold",
      trials: [ended("revoked-open", 4401), ended("revoked-jwt", 4401), ended("logged-out", 1006)],
      lines: [
        "mind: closed without saying why (logged out)",
        "fine: ends with it (revoked; revoked, a JSON Web Token)",
      ],
    },
    {
      name: "shows what only another profile shows, with its name",
      trials: [checked],
      folded: { "third-party-allowed": [open], private: [checked] },
      lines: ["danger: open (third-party-allowed)", "mind: only the Origin check"],
    },
    {
      name: "says once what several other profiles show, and by whom",
      trials: [checked, byOther("other-port-page")],
      folded: {
        "third-party-allowed": [checked, byOther("other-port-page", {}, letIn())],
        private: [checked, byOther("other-port-page", {}, letIn())],
      },
      lines: [
        "danger: open (third-party-allowed, private; another port)",
        "mind: only the Origin check",
      ],
    },
    {
      name: "has no news of another profile that shows nothing, or less",
      trials: [checked, byOther("other-port-page")],
      folded: { "third-party-allowed": [crashed], private: [checked] },
      lines: ["mind: only the Origin check"],
    },
    {
      name: "has no line for what is fine in another profile too",
      trials: [called("frame")],
      folded: { private: [called("frame"), called("shared-worker")] },
      lines: ["fine: let in"],
    },
    {
      name: "says what is fine in another profile only",
      trials: [called("frame", refusedOrigin)],
      folded: { private: [called("frame")] },
      lines: ["mind: refused for its origin", "fine: let in (private)"],
    },
    {
      name: "shows another profile where the browser as it comes was not asked",
      trials: [],
      folded: { "reconnect-backoff": [checked] },
      lines: ["mind: only the Origin check (reconnect-backoff)"],
    },
  ];
  for (const { name, trials, folded, lines } of rows) {
    test(name, () => assert.deepEqual(linesOf(trials, folded), lines));
  }
});

describe("other profiles", () => {
  const [first] = resultsWith([checked]).runs;
  assert.ok(first);
  const other = { ...withProfile(first, "private"), trials: [open] };
  const [table] = riskTables({ ...sampleResults(), runs: [first, other] }, sampleCatalogue);
  assert.ok(table);
  const [row] = table.rows;
  assert.ok(row);

  test("count in the severity of a technique", () => {
    assert.equal(severityCounts(table), "1 danger");
    const worst = worstSummary(row);
    assert.equal(worst?.word, "open");
    assert.match(worst.profile ?? "", /private/);
  });

  test("are named in the terminal", () => {
    const text = renderTerminal({ ...sampleResults(), runs: [first, other] }, sampleCatalogue, {
      columns: 160,
      colour: false,
      axes: false,
    });
    assert.match(text, /‼ open/);
    assert.match(text, /\(private\)/);
  });

  test("are in the cell of their browser in the markdown report", () => {
    const text = markdown.render({ ...sampleResults(), runs: [first, other] }, sampleCatalogue);
    assert.match(text, /\*\*danger\*\*: open \(private\)<br>mind: only the Origin check/);
  });
});

test("the markdown report says once what all browsers show", () => {
  const text = markdown.render(resultsWith([open], [open], [checked]), sampleCatalogue);
  assert.match(text, /\| \*\*danger\*\*: open \| same \| mind: only the Origin check \|/);
});

function headsOf(results: Results): string[] {
  return riskTables(results, sampleCatalogue).flatMap(({ rows }) =>
    rows.flatMap((row) => riskFindings(row).map(findingHead)),
  );
}

describe("findings of what goes wrong", () => {
  const rows = [
    {
      name: "are said once of browsers that agree, worst first",
      results: resultsWith([checked], [open], [checked]),
      heads: [
        "danger: open (Firefox)",
        "mind: only the Origin check (Chromium and WebKitGTK MiniBrowser)",
      ],
    },
    {
      name: "name no browser when all that tried it agree",
      results: resultsWith([open], [open]),
      heads: ["danger: open"],
    },
    {
      name: "name the places, where there are several",
      results: resultsWith([open, hijack(keptOut(), letIn(), { placement: "cross-site" })]),
      heads: ["danger: open (same-host)", "mind: only the Origin check (cross-site)"],
    },
    {
      name: "say everywhere of those only who were tried everywhere",
      results: resultsWith([
        open,
        hijack(letIn(), letIn(), sameSite),
        hijack(letIn(), letIn(), crossSite),
        byOther("sibling-page", sameSite, letIn()),
        byOther("sibling-page", crossSite, letIn()),
      ]),
      heads: ["danger: open (everywhere)", "danger: open (same-site and cross-site)"],
    },
  ];
  for (const { name, results, heads } of rows) {
    test(name, () => assert.deepEqual(headsOf(results), heads));
  }

  test("are of another profile only where that differs from the default one", () => {
    const [first] = resultsWith([checked]).runs;
    assert.ok(first);
    const other = (trial: JudgedTrial): Run => ({
      ...withProfile(first, "private"),
      trials: [trial],
    });
    const heads = (trial: JudgedTrial): string[] =>
      headsOf({ ...sampleResults(), runs: [first, other(trial)] });
    assert.deepEqual(heads(checked), ["mind: only the Origin check"]);
    assert.deepEqual(heads(crashed), ["mind: only the Origin check"]);
    const [head] = heads(open);
    assert.match(head ?? "", /^danger: open \(Chromium .*private/);
  });
});

function cellsOf(results: Results): unknown {
  return matrixOf(results, sampleCatalogue).rows.map(({ cells }) =>
    cells.map(({ summary, repetitions }) => [summary, repetitions]),
  );
}

describe("trials of what goes wrong", () => {
  const results = resultsWith([checked], [checked], [checked]);

  test("are no part of the matrix", () => {
    assert.deepEqual(cellsOf(results), cellsOf(sampleResults()));
  });

  test("make a technique unsafe there when somebody else gets in", () => {
    const matrix = matrixOf(resultsWith([open]), sampleCatalogue);
    const row = matrix.rows.find((one) => one.technique.id === technique);
    assert.equal(row?.cells[0]?.summary.word, "unsafe");
    assert.ok(row.cells[0].repetitions.every(({ scenario }) => !scenario.id.startsWith("hijack")));
  });
});

const expired = refusedByMessage("expired", "#1", "expired token");
const down: Attempt = { ...lost({ present: "fresh", given: "#2" }), fault: "down" };

function fault(name: string, attempt: Attempt): JudgedTrial {
  return trialOf("visibility", name, [attempt], { technique: "query-parameter" });
}

const redirect = request({ status: 302 });
const redirected: Attempt = {
  ...lost({ present: "fresh", given: "#1", fault: "redirect" }),
  evidence: [redirect, request({ status: 200, upgrade: false })],
};
const closed: Attempt = {
  ...refusedByMessage("fresh", "#1", "not now"),
  expect: "any",
  fault: "close-4401",
};
const visibility = [
  trialOf("visibility", "expired-or-down", [expired, down], { technique: "first-message" }),
  trialOf("visibility", "expired-or-down", [refused("expired", "#1", "expired token"), down], {
    technique: "query-parameter",
  }),
  fault("fault-redirect", redirected),
  fault("fault-close-4401", closed),
  fault("fault-down", down),
];

function later(attempt: Attempt): Attempt {
  return { ...attempt, events: attempt.events.map((event) => ({ ...event, at: 100 })) };
}

describe("what pages see of failures", () => {
  test("is a table of ways to fail against browsers, with who followed a redirect", () => {
    const notFollowed = fault("fault-redirect", { ...redirected, evidence: [redirect] });
    const table = faultTable(resultsWith(visibility, [notFollowed]), sampleCatalogue);
    assert.deepEqual(
      table?.rows.map(({ cells }) => cells.map(({ text }) => text)),
      [
        [
          "error, close 1006, about 10 ms; the browser followed the redirect; looks like an outage",
          "error, close 1006, about 10 ms",
        ],
        ["open, close 1008 not now, about 10 ms; can be told from an outage", "not tried"],
        ["error, close 1006, about 10 ms", "not tried"],
      ],
    );
  });

  const silent: Attempt = {
    ...closed,
    fault: "silence",
    events: [
      { at: 3, type: "open", protocol: "" },
      { at: 1_050, type: "close", code: 1000, reason: "was silent", wasClean: true },
    ],
  };
  const thrown: Attempt = { ...down, events: threw().events, end: "threw" };
  const refusal: Attempt = {
    ...lost({ present: "fresh", given: "#1", fault: "401" }),
    evidence: [request({ status: 401 })],
  };
  const rows = [
    {
      name: "does not show how the lab ends what a silent server would have left open",
      trials: [fault("fault-silence", silent), ...visibility],
      text: "open, then nothing; can be told from an outage",
    },
    {
      name: "shows how a silent connection really ends",
      trials: [
        fault("fault-silence", {
          ...silent,
          events: [...silent.events.slice(0, 1), ...refusal.events],
        }),
      ],
      text: "open, error, close 1006, about 10 ms",
    },
    {
      name: "compares with an outage of the same technique",
      trials: [
        trialOf("visibility", "expired-or-down", [expired, thrown], { technique: "first-message" }),
        fault("fault-401", refusal),
        trialOf("visibility", "expired-or-down", [expired, down], { technique: "query-parameter" }),
      ],
      text: "error, close 1006, about 10 ms; looks like an outage",
    },
    {
      name: "compares with another technique's outage where there is no other",
      trials: [
        trialOf("visibility", "expired-or-down", [expired, thrown], { technique: "first-message" }),
        fault("fault-401", refusal),
      ],
      text: "error, close 1006, about 10 ms; can be told from an outage",
    },
    {
      name: "says once what repetitions show, with the times that they took",
      trials: [fault("fault-401", refusal), fault("fault-401", later(refusal)), ...visibility],
      text: "error, close 1006, about 10 ms or about 100 ms; looks like an outage",
    },
    {
      name: "shows repetitions that differ",
      trials: [fault("fault-401", refusal), fault("fault-401", closed), ...visibility],
      text: "error, close 1006, about 10 ms; or open, close 1008 not now, about 10 ms; can be told from an outage only at times",
    },
    {
      name: "does without a repetition that failed",
      trials: [
        { ...unmade("visibility", "fault-401"), technique: "query-parameter" },
        fault("fault-401", refusal),
      ],
      text: "error, close 1006, about 10 ms",
    },
  ];
  for (const { name, trials, text } of rows) {
    test(name, () => {
      const table = faultTable(resultsWith(trials), sampleCatalogue);
      assert.equal(table?.rows[0]?.cells[0]?.text, text);
    });
  }

  test("has no table where nobody tried", () => {
    assert.equal(faultTable(sampleResults(), sampleCatalogue), null);
  });

  test("ranks techniques by how useful their refusal is", () => {
    const table = riskTables(resultsWith(visibility), sampleCatalogue).find(
      ({ risk }) => risk.id === "visibility",
    );
    assert.ok(table);
    assert.deepEqual(refusalRanking(table), [
      { techniques: "First message", word: "says why", saw: ["open, close 1008 expired token"] },
      { techniques: "Query parameter", word: "looks like an outage", saw: ["error, close 1006"] },
    ]);
  });

  test("does not rank what is unknown", () => {
    const unknown = { ...unmade("visibility", "expired-or-down"), technique };
    const [table] = riskTables(resultsWith([unknown]), sampleCatalogue);
    assert.ok(table);
    assert.deepEqual(refusalRanking(table), []);
  });
});

const excerpt = '"GET /?token=(token #1) HTTP/1.1" 101';

function leaking(state: "found" | "clean"): JudgedTrial {
  const place = "access log";
  const search =
    state === "clean"
      ? ({ place, state } as const)
      : ({ place, state, encoding: "raw", excerpt } as const);
  return trialOf("leaks", "leaks", [{ ...own, searches: [search] }], {
    technique: "query-parameter",
  });
}

describe("the scorecard of leaks", () => {
  const rows = [
    {
      name: "says once what browsers agree on",
      results: resultsWith([leaking("found")], [leaking("found")]),
      answers: [["all", "found, raw", excerpt]],
    },
    {
      name: "names browsers that differ",
      results: resultsWith([leaking("found")], [leaking("clean")]),
      answers: [
        ["Chromium", "found, raw", excerpt],
        ["Firefox", "clean", null],
      ],
    },
  ];
  for (const { name, results, answers } of rows) {
    test(name, () => {
      const card = leakCard(results, sampleCatalogue);
      assert.deepEqual(card?.places, ["access log"]);
      assert.deepEqual(
        card.rows[0]?.cells[0]?.map((one) => [one.browsers ?? "all", one.text, one.excerpt]),
        answers,
      );
    });
  }

  test("says once why nobody could look, in the markdown report", () => {
    const search = { place: "console", state: "unsearched", reason: "it has <none>" } as const;
    const trial = (id: string): JudgedTrial => {
      return trialOf("leaks", "leaks", [{ ...own, searches: [search] }], { technique: id });
    };
    const results = resultsWith([trial("query-parameter"), trial("cookie")]);
    const text = markdown.render(results, sampleCatalogue);
    assert.equal(text.split("not searched (1)").length, 3);
    assert.match(text, /^1\. it has \\<none\\>$/m);
  });

  test("shows the line that a token was found in, as itself", () => {
    const hostile = "<img src=x> `GET /?token=(token #1)`";
    const trials = ["query-parameter", "cookie"].map((id) =>
      trialOf(
        "leaks",
        "leaks",
        [
          {
            ...own,
            searches: [{ place: "access log", state: "found", encoding: "raw", excerpt: hostile }],
          },
        ],
        { technique: id },
      ),
    );
    const results = resultsWith(trials);
    const text = markdown.render(results, sampleCatalogue);
    const lines = text.split("\n").filter((line) => line.startsWith("- access log: "));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /<code>\\<img src=x\\> \\`GET .*<\/code> \(Query parameter\)$/);
    const single = renderTechniques(results, sampleCatalogue, ["query-parameter"]);
    assert.match(single, /^- access log: <code>\\<img.*<\/code>$/m);
    const page = renderSections(results);
    const card = page.slice(page.indexOf('id="leak-card"'), page.indexOf("every finding, and"));
    assert.match(card, /<details>\s*<summary>The line<\/summary>\s*<code><bdi>&lt;img src=x&gt;/);
  });

  test("is not there where nobody searched", () => {
    assert.equal(leakCard(sampleResults(), sampleCatalogue), null);
  });
});

describe("reports of what goes wrong", () => {
  const trials = [open, ...visibility, leaking("found")];
  const results = resultsWith(trials, [checked, crashed], []);
  const plain = { columns: 160, colour: false, axes: true };
  const reports = [
    ["the terminal", renderTerminal(results, sampleCatalogue, plain)],
    ["the markdown report", markdown.render(results, sampleCatalogue)],
    ["a technique's README", renderTechniques(results, sampleCatalogue, [technique])],
    ["the html report", renderSections(results)],
  ] as const;
  for (const [name, text] of reports) {
    test(`are in a section of their own in ${name}, with word, severity and advice`, () => {
      const [before = "", ...sections] = text
        .replaceAll(/\s+/gu, " ")
        .split(/What goes wrong|Risks of what works/u);
      const section = sections.join("");
      assert.doesNotMatch(before, /<li>hijack|hijack-cross-site<|\*hijack-cross-site\*:/);
      assert.match(section, /danger/);
      // What was observed is too much for a README of all techniques: each one's own has it.
      if (name !== "the markdown report") assert.match(section, /let in as alice/);
      assert.match(section, /Check the Origin header of every handshake/);
    });
  }

  test("do without the sections where nothing was looked for", () => {
    for (const shown of [
      renderSections(sampleResults()),
      markdown.render(sampleResults(), sampleCatalogue),
    ]) {
      assert.doesNotMatch(shown, /id="risks"|### What goes wrong/);
    }
  });

  const text = renderSections(results);

  test("lead to their findings in the html report", () => {
    const links = [...text.matchAll(/href="#(?<id>risk\.[\w.-]+)"/gu)].map(
      ({ groups }) => groups?.["id"] ?? "",
    );
    assert.ok(links.length > 4);
    for (const id of links) assert.equal(text.split(`id="${id}"`).length, 2, id);
  });

  test("lead to what both ends saw in the html report, and show the line that a token was found in", () => {
    const section = text.slice(text.indexOf('id="risks"'));
    assert.match(section, /href="\/chrome\/user-information\/hijack-cross-site/);
    assert.match(section, /GET \/\?token=\(token #1\) HTTP\/1\.1/);
  });

  test("say severities by word and sign, not by colour only", () => {
    for (const severity of ["danger", "mind", "unknown", "fine"]) {
      assert.match(text, new RegExp(`aria-hidden="true">[‼!?✓]</span> ${severity}<`, "u"));
    }
  });

  test("show hostile text as itself", () => {
    const hostile = "<script>alert(1)</script>";
    const trial = { ...open, technique: hostile };
    const shown = renderSections(resultsWith([trial]));
    assert.doesNotMatch(shown, /<script>alert/);
    assert.match(shown, /&lt;script&gt;alert/);
  });
});

describe("surprises about what goes wrong", () => {
  const [run] = resultsWith([checked]).runs;
  assert.ok(run);
  const made = (trial: JudgedTrial): Run => ({ ...run, trials: [trial] });
  const rows = [
    { name: "the same word is none", now: checked, before: checked, sentence: null },
    {
      name: "another word is one",
      now: open,
      before: checked,
      sentence:
        "Chromium: user-information, hijack-cross-site (same-host, ws): expected only the Origin check; got open",
    },
    {
      name: "something unknown is one, where it was known",
      now: { ...crashed, definition: checked.definition },
      before: checked,
      sentence:
        "Chromium: user-information, hijack-cross-site (same-host, ws): expected only the Origin check; got unknown",
    },
    {
      name: "something known is none, where it was unknown",
      now: open,
      before: crashed,
      sentence: null,
    },
    {
      name: "another definition is none",
      now: open,
      before: { ...checked, definition: "sha256-old" },
      sentence: null,
    },
  ];
  for (const { name, now, before, sentence } of rows) {
    test(name, () => {
      const published = [{ ...sampleResults(), runs: [made(before)] }];
      assert.deepEqual(riskSurprises(made(now), published), sentence === null ? [] : [sentence]);
    });
  }

  const inPrivate = (trial: JudgedTrial): Run => ({
    ...withProfile(run, "private"),
    trials: [trial],
  });

  test("name the profile, unless it is the default one", () => {
    const published = [{ ...sampleResults(), runs: [inPrivate(checked)] }];
    assert.match(
      riskSurprises(inPrivate(open), published).join(),
      /^Chromium \(private\): user-information, /,
    );
  });

  test("what was never published is none", () => {
    assert.deepEqual(riskSurprises(made(open), []), []);
  });

  test("what the verdict does not say is one all the same", () => {
    const strict = hijack(keptOut({}, "origin not allowed"), keptOut());
    assert.equal(verdict(strict).outcome, verdict(checked).outcome);
    const published = [{ ...sampleResults(), runs: [made(strict)] }];
    assert.equal(riskSurprises(made(checked), published).length, 1);
  });
});
