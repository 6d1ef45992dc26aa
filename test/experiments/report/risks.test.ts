import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Attempt } from "../../../model/observation.ts";
import type { JudgedTrial, Results, Run } from "../../../model/results.ts";
import { faultTable } from "../../../experiments/report/fault-table.ts";
import { html } from "../../../experiments/report/html.ts";
import { leakCard } from "../../../experiments/report/leak-card.ts";
import { markdown } from "../../../experiments/report/markdown.ts";
import { renderTechniques } from "../../../experiments/report/markdown/technique.ts";
import { matrixOf } from "../../../experiments/report/matrix.ts";
import { refusalRanking } from "../../../experiments/report/refusal-ranking.ts";
import {
  findingHead,
  riskFindings,
  worstSummary,
} from "../../../experiments/report/risk-findings.ts";
import { riskSurprises } from "../../../experiments/report/risk-surprises.ts";
import { renderTerminal } from "../../../experiments/report/terminal.ts";
import { riskTables } from "../../../experiments/risks/table.ts";
import { verdict } from "../../../experiments/verdict.ts";
import { keptOut, letIn, lost, own, trialOf, unmade } from "../risks/made-up.ts";
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
        ["Chromium 156.0.7204.92", "found, raw", excerpt],
        ["Firefox 153.7.0", "clean", null],
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
    ["the html report", html.render(results, sampleCatalogue)],
  ] as const;
  for (const [name, text] of reports) {
    test(`are in a section of their own in ${name}, with word, severity and advice`, () => {
      const [before = "", ...sections] = text.replaceAll(/\s+/gu, " ").split("What goes wrong");
      const section = sections.join("");
      assert.doesNotMatch(before, /<li>hijack|hijack-cross-site<|\*hijack-cross-site\*:/);
      assert.match(section, /danger/);
      // What was observed is too much for a README of all techniques: each one's own has it.
      if (name !== "the markdown report") assert.match(section, /let in as alice/);
      assert.match(section, /Check the Origin header of every handshake/);
    });
  }

  test("do without the sections where nothing was looked for", () => {
    for (const report of [html, markdown]) {
      const shown = report.render(sampleResults(), sampleCatalogue);
      assert.doesNotMatch(shown, /id="risks"|### What goes wrong/);
    }
  });

  const text = html.render(results, sampleCatalogue);

  test("lead to their findings in the html report", () => {
    const links = [...text.matchAll(/href="#(?<id>risk\.[\w.-]+)"/gu)].map(
      ({ groups }) => groups?.["id"] ?? "",
    );
    assert.ok(links.length > 4);
    for (const id of links) assert.equal(text.split(`id="${id}"`).length, 2, id);
  });

  test("show in the html report what both ends saw, the line that a token was found in too", () => {
    const section = text.slice(text.indexOf('id="risks"'));
    assert.match(section, /without the origin check/);
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
    const shown = html.render(resultsWith([trial]), sampleCatalogue);
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
