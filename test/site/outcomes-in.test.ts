import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  outcomeCodes,
  type OutcomeCode,
  type PackedTrial,
  type SiteData,
} from "../../site/data.ts";
import {
  isConclusive,
  outcomeIn,
  outcomeOfAttempt,
  repetitionsIn,
  type TrialOutcome,
} from "../../site/outcomes-in.ts";
import { siteRun } from "./site-run.ts";

const trial = {
  technique: "ticket",
  scenario: "rotation",
  placement: "same-host",
  scheme: "wss",
} as const;

function packed(code: OutcomeCode, decided?: number): PackedTrial {
  const place = [0, 0, 1, 1, outcomeCodes.indexOf(code)] as const;
  return decided === undefined ? place : [...place, decided];
}

function dataOf(trials: readonly PackedTrial[]): SiteData {
  return {
    answerFacts: [],
    techniques: [
      {
        id: "ticket",
        title: "Ticket",
        stage: "handshake",
        via: "ticket",
        folder: "ticket",
        isProxied: false,
        leftOut: null,
      },
    ],
    scenarios: [{ id: "rotation", question: "", aspect: null, attempts: [] }],
    placements: ["same-origin", "same-host"],
    schemes: ["ws", "wss"],
    runs: [siteRun("chrome", "published", trials)],
  };
}

function outcomeOf(trials: readonly PackedTrial[]): TrialOutcome | undefined {
  const data = dataOf(trials);
  const [run] = data.runs;
  assert.ok(run);
  return outcomeIn(data, run, trial);
}

suite("a trial in a run", () => {
  const rows: readonly {
    readonly name: string;
    readonly trials: readonly PackedTrial[];
    readonly outcome: TrialOutcome | undefined;
    readonly says: boolean;
  }[] = [
    { name: "made once", trials: [packed("pass")], outcome: "pass", says: true },
    {
      name: "made twice, with one outcome",
      trials: [packed("not-accepted", 0), packed("not-accepted", 2)],
      outcome: "not-accepted",
      says: true,
    },
    {
      name: "made twice, with two outcomes",
      trials: [packed("pass"), packed("not-accepted", 0)],
      outcome: "unstable",
      says: false,
    },
    {
      name: "failed in two ways",
      trials: [packed("let-in", 0), packed("not-accepted", 0)],
      outcome: "unstable",
      says: false,
    },
    {
      name: "stopped once",
      trials: [packed("pass"), packed("crash")],
      outcome: "unstable",
      says: false,
    },
    { name: "stopped", trials: [packed("crash")], outcome: "crash", says: false },
    { name: "of another place", trials: [[0, 0, 0, 1, 0]], outcome: undefined, says: true },
    { name: "of another scheme", trials: [[0, 0, 1, 0, 0]], outcome: undefined, says: true },
  ];
  for (const { name, trials, outcome, says } of rows) {
    test(`${name}: ${outcome ?? "not made"}`, () => {
      assert.equal(outcomeOf(trials), outcome);
      if (outcome !== undefined) assert.equal(isConclusive(outcome), says);
    });
  }

  test("that names what is not there was not made", () => {
    const data = dataOf([packed("pass")]);
    const [run] = data.runs;
    assert.ok(run);
    for (const axis of ["technique", "scenario", "placement", "scheme"]) {
      assert.deepEqual(repetitionsIn(data, run, { ...trial, [axis]: "absent" }), [], axis);
    }
  });
});

suite("an attempt of a trial", () => {
  const rows = [
    { name: "of a trial that passed", of: packed("pass"), attempt: 3, is: "pass" },
    { name: "that decided", of: packed("wrong-credential", 1), attempt: 1, is: "wrong-credential" },
    { name: "before the one that decided", of: packed("let-in", 1), attempt: 0, is: "pass" },
    { name: "after it", of: packed("let-in", 1), attempt: 2, is: "decided-before" },
    { name: "of a trial without an end", of: packed("timeout"), attempt: 0, is: "timeout" },
  ];
  for (const { name, of, attempt, is } of rows) {
    test(`${name}: ${is}`, () => assert.equal(outcomeOfAttempt(of, attempt), is));
  }
});
