import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { courseOf, verdictText } from "../../bench/stability/answer.ts";
import { readSettings, roundsOf, settingsText } from "../../bench/stability/settings.ts";
import { stabilityFindings, type Counted } from "../../bench/stability/stability-findings.ts";
import {
  firstDifference,
  isChanged,
  saysNothing,
  Tally,
  wentOtherwise,
} from "../../bench/stability/tally.ts";
import type { Attempt, Serial } from "../../model/observation.ts";
import type { JudgedTrial, Results, Run, Verdict } from "../../model/results.ts";
import { sampleResults } from "../experiments/report/sample-results.ts";

const pass: Verdict = { outcome: "pass", reason: "presented its own token" };
const letIn: Verdict = { outcome: "fail", kind: "let-in", attempt: 0, reason: "was let in" };
const [sampleRun] = sampleResults().runs;
const [sampleTrial] = sampleRun?.trials ?? [];
const settings = { repeat: 3, atOnce: 2, flags: ["--scenario", "missing"] };
const engine = sampleRun?.browser.id ?? "";
const beside = {
  name: "stability",
  settings,
  usual: settings,
  required: [engine],
  loadBefore: 0,
  wholeRun: 1_000,
  published: [],
};

function trialWith(verdict: Verdict, changes: Partial<JudgedTrial> = {}): JudgedTrial {
  assert.ok(sampleTrial);
  return { ...sampleTrial, ...changes, verdict };
}

function runOf(trials: readonly JudgedTrial[], changes: Partial<Run> = {}): Pick<Results, "runs"> {
  assert.ok(sampleRun);
  return { runs: [{ ...sampleRun, ...changes, trials }] };
}

function tallyOf(...parts: readonly Pick<Results, "runs">[]): Tally {
  const tally = new Tally();
  for (const part of parts) tally.add(part);
  return tally;
}

function countedOf(tally: Tally): Counted {
  const { cells, trials } = tally;
  return { condition: "nothing else to do", cells, trials, tookMs: 60_000, idle: 0.25 };
}

/** What one trial answered, again and again, under a condition. */
function repeatsOf(...verdicts: readonly Verdict[]): Counted {
  return countedOf(tallyOf(runOf(verdicts.map((verdict) => trialWith(verdict)))));
}

/** An attempt whose token has this serial, which the server refuses. */
function refusedAttempt(given: Serial, status = 401): Attempt {
  return {
    present: "forged",
    user: "alice",
    singleUse: false,
    expect: "refused",
    given,
    end: "completed",
    events: [
      { at: 1, type: "error" },
      { at: 2, type: "close", code: 1006, reason: "", wasClean: false },
    ],
    evidence: [
      {
        at: 1,
        type: "request",
        method: "GET",
        upgrade: true,
        origin: null,
        status,
        presented: given,
        via: "query parameter",
        user: null,
        refusal: "unknown token",
      },
    ],
  };
}

suite("repeats of a trial", () => {
  test("agree when verdict and course do, whatever their serials and times are", () => {
    const repeats = (["#3", "#7"] as const).map((serial, repeat) => {
      const attempt = refusedAttempt(serial);
      const events = attempt.events.map((event) => ({ ...event, at: event.at + repeat }));
      return trialWith(pass, { attempts: [{ ...attempt, events }] });
    });
    const [cell, ...others] = tallyOf(runOf(repeats)).cells;
    assert.ok(cell);
    assert.equal(others.length, 0);
    assert.equal(cell.answers[0]?.count, 2);
    assert.equal(isChanged(cell) || wentOtherwise(cell), false);
    assert.equal(firstDifference(cell), null);
  });

  const rows: readonly { readonly name: string; readonly other: Verdict }[] = [
    { name: "outcome", other: { outcome: "timeout", reason: pass.reason } },
    { name: "reason", other: { ...pass, reason: "presented something else" } },
    { name: "kind of failure", other: { ...letIn, kind: "not-presented" } },
    { name: "deciding attempt", other: { ...letIn, attempt: 1 } },
  ];
  for (const { name, other } of rows) {
    test(`disagree when the ${name} does, in different runs too`, () => {
      const usual = other.outcome === "fail" ? letIn : pass;
      const trials = [trialWith(usual), trialWith(usual)];
      const [cell] = tallyOf(runOf(trials), runOf([trialWith(other)])).cells;
      assert.ok(cell);
      assert.equal(isChanged(cell), true);
      assert.deepEqual(
        cell.answers.map(({ count }) => count),
        [2, 1],
      );
    });
  }

  test("that reach the same verdict in two ways say in which attempt they part", () => {
    const first = refusedAttempt("#1");
    const trials = [401, 401, 403].map((status) =>
      trialWith(pass, { attempts: [first, refusedAttempt("#2", status)] }),
    );
    const [cell] = tallyOf(runOf(trials)).cells;
    assert.ok(cell);
    assert.equal(isChanged(cell), false);
    assert.equal(wentOtherwise(cell), true);
    assert.equal(
      firstDifference(cell),
      "attempt 2: page: error, close 1006 (completed); server: GET upgrade 403 with token 2 refused: unknown token, " +
        "instead of page: error, close 1006 (completed); server: GET upgrade 401 with token 2 refused: unknown token",
    );
  });

  test("are told apart from other placements, set-ups and definitions", () => {
    const trials = [
      trialWith(pass),
      trialWith(letIn, { placement: "cross-site" }),
      trialWith(letIn, { definition: "another" }),
    ];
    assert.ok(sampleRun);
    const profile = { ...sampleRun.profile, name: "private" } as const;
    const tally = tallyOf(runOf(trials), runOf([trialWith(letIn)], { profile }));
    assert.equal(tally.cells.length, 4);
    assert.equal(tally.cells.some(isChanged), false);
    assert.equal(tally.trials, 4);
  });

  test("show no serial, for those count on from repeat to repeat", () => {
    const reason = "presented #12, which is none of this trial's tokens, instead of #13";
    assert.equal(
      verdictText({ ...letIn, reason }),
      "fail (let-in, attempt 1): presented #…, which is none of this trial's tokens, instead of #…",
    );
    const attempts = [{ ...refusedAttempt("#5"), given: "#6" } as const];
    assert.match(courseOf({ attempts })[0] ?? "", /with another trial's token refused/u);
  });
});

suite("what is said of repeats", () => {
  test("meets the goal when every verdict stays", () => {
    const counted = repeatsOf(pass, pass, pass);
    const { goals, tables, notes } = stabilityFindings([counted, counted], beside);
    assert.deepEqual(goals.slice(1), [
      {
        claim: "No verdict changes in 3 repeats, with nothing else to do",
        measured: "0 of 1 cells changed, 0 of them between pass and fail, in 3 trials",
        isMet: true,
        why: null,
      },
      {
        claim: "No cell's verdict differs between the conditions",
        measured: "0 of 1 cells differ",
        isMet: true,
        why: null,
      },
    ]);
    assert.deepEqual(
      tables.map(({ title }) => title),
      ["Repeats", "Between conditions"],
    );
    assert.match(notes.join("\n"), /3 trials in 1\.0 minutes, 0\.1 a second .* 25 %/u);
    // 3 repeats of 1,000 trials, at 3 a minute.
    assert.match(notes.join("\n"), /3 repeats of its 1000 trials would take about 17 hours/u);
  });

  test("misses it for one verdict that changed, and shows it", () => {
    const tally = tallyOf(runOf([trialWith(pass), trialWith(pass), trialWith(letIn)]));
    const { goals, tables } = stabilityFindings([countedOf(tally)], beside);
    assert.equal(goals[0]?.isMet, false);
    assert.match(
      goals[0]?.measured ?? "",
      /^1 of 1 cells changed, 1 of them between pass and fail/u,
    );
    assert.match(goals[0]?.why ?? "", /2× pass: presented its own token; 1× fail \(let-in/u);
    const changed = tables.find(({ title }) => title === "Changed verdicts");
    assert.equal(changed?.rows.length, 1);
  });

  const unproven: readonly { readonly name: string; readonly verdicts: readonly Verdict[] }[] = [
    { name: "fewer repeats than it claims", verdicts: [pass, pass] },
    {
      name: "a browser that was not there",
      verdicts: Array.from({ length: 3 }, () => ({ outcome: "unsupported", reason: "not here" })),
    },
    { name: "no trial at all", verdicts: [] },
  ];
  for (const { name, verdicts } of unproven) {
    test(`misses it for ${name}`, () => {
      const tally = tallyOf(runOf(verdicts.map((verdict) => trialWith(verdict))));
      const { goals } = stabilityFindings([countedOf(tally)], beside);
      assert.equal(goals[0]?.isMet, false);
      assert.notEqual(goals[0]?.why, null);
    });
  }

  test("tells what contradicts from what says nothing once", () => {
    const once = trialWith({ outcome: "timeout", reason: "no sign of life" });
    const tally = tallyOf(runOf([trialWith(pass), trialWith(pass), once]));
    const [goal] = stabilityFindings([countedOf(tally)], beside).goals;
    assert.match(goal?.measured ?? "", /^1 of 1 cells changed, 0 of them between pass and fail/u);
    assert.equal(goal?.isMet, false);
  });

  test("tells conditions that disagree, each of which is stable, and misses the goal for them", () => {
    const quiet = repeatsOf(pass, pass, pass);
    const busy = repeatsOf(letIn, letIn, letIn);
    const { goals, tables } = stabilityFindings([quiet, busy], {
      ...beside,
      published: quiet.cells,
    });
    assert.deepEqual(
      goals.map(({ isMet }) => isMet),
      [true, true, false],
    );
    assert.equal(goals[2]?.measured, "1 of 1 cells differ");
    assert.match(goals[2]?.why ?? "", /3× pass: .*3× fail \(let-in/u);
    const between = tables.find(({ title }) => title === "Between conditions");
    assert.deepEqual(
      between?.rows.map((row) => row.slice(2)),
      [
        ["1", "1"],
        ["1", "0"],
        ["1", "1"],
      ],
    );
  });

  const silent: Verdict = { outcome: "timeout", reason: "no sign of life" };
  const elsewhere = tallyOf(runOf([trialWith(pass, { placement: "same-site" })]));
  const nothingOfBoth: readonly (readonly [string, readonly Counted[], RegExp])[] = [
    ["under one condition only", [repeatsOf(pass)], /of no cell/u],
    ["of which nothing can be said", [repeatsOf(silent), repeatsOf(silent)], /of no cell/u],
    [
      "that only one condition has",
      [
        repeatsOf(pass),
        { ...repeatsOf(pass), cells: [...repeatsOf(pass).cells, ...elsewhere.cells] },
      ],
      /^1 cells were made under one of them only/u,
    ],
  ];
  for (const [name, counted, why] of nothingOfBoth) {
    test(`misses the goal that conditions agree for cells ${name}`, () => {
      const goal = stabilityFindings(counted, beside).goals.at(-1);
      assert.equal(goal?.isMet, false);
      assert.match(goal?.why ?? "", why);
    });
  }

  test("misses every goal for a browser that has to be there and says nothing, and names it", () => {
    const counted = repeatsOf(pass, pass, pass);
    const required = [engine, "webkit"];
    const { goals, notes } = stabilityFindings([counted, counted], { ...beside, required });
    assert.deepEqual(
      goals.map(({ isMet, why }) => [isMet, why]),
      goals.map(() => [false, "nothing could be said of webkit"]),
    );
    const other = stabilityFindings([counted, repeatsOf(pass, pass, letIn)], {
      ...beside,
      required,
    });
    assert.match(other.goals[1]?.why ?? "", /^first: .*; nothing could be said of webkit$/u);
    assert.match(notes.join("\n"), /nothing can be said of webkit, which has to be there/u);
  });

  test("names what the environment changed in the claim, and how to make it again", () => {
    const changed = {
      ...beside,
      usual: { repeat: 100, atOnce: 20, flags: ["--scenario", "valid"] },
    };
    const { goals, notes } = stabilityFindings([repeatsOf(pass, pass, pass)], changed);
    assert.equal(
      goals[0]?.claim,
      "No verdict changes in 3 repeats (not the usual 100) of what --scenario missing selects, with nothing else to do",
    );
    assert.match(
      notes.join("\n"),
      /STABILITY_REPEAT=3 STABILITY_AT_ONCE=2 STABILITY_FLAGS="--scenario missing" npm run bench -- stability$/mu,
    );
  });

  test("counts a cell of which nothing could be said apart", () => {
    const crashed = trialWith({ outcome: "crash", reason: "it died" }, { placement: "same-site" });
    const [, cell] = tallyOf(runOf([trialWith(pass), crashed])).cells;
    assert.ok(cell);
    assert.equal(saysNothing(cell), true);
  });
});

suite("the environment", () => {
  const usual = { repeat: 100, atOnce: 20, flags: [] };

  test("says how often what is repeated, and that it did", () => {
    const env = { STABILITY_REPEAT: "7", STABILITY_FLAGS: "--browser chrome" };
    const read = readSettings(env, usual);
    assert.deepEqual(read, { repeat: 7, atOnce: 7, flags: ["--browser", "chrome"] });
    assert.equal(
      settingsText(read),
      'STABILITY_REPEAT=7 STABILITY_AT_ONCE=7 STABILITY_FLAGS="--browser chrome"',
    );
    assert.deepEqual(readSettings({}, usual), usual);
  });

  test("is refused by the name of what is wrong in it", () => {
    for (const text of ["0", "many", "1.5", ""]) {
      assert.throws(() => readSettings({ STABILITY_REPEAT: text }, usual), /STABILITY_REPEAT is/u);
    }
  });

  test("is made in rounds that add up", () => {
    assert.deepEqual(roundsOf({ repeat: 50, atOnce: 20, flags: [] }), [20, 20, 10]);
    assert.deepEqual(roundsOf({ repeat: 40, atOnce: 20, flags: [] }), [20, 20]);
  });
});
