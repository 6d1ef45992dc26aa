import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JudgedTrial, Results, Run } from "../../../model/results.ts";
import { describeSurprise, surprises } from "../../../experiments/report/surprises.ts";
import { accepted, acceptedWith } from "./sample-attempts.ts";
import { sampleFirefoxRun, sampleTrial } from "./sample-results.ts";

const pass = sampleTrial("user-information", "rotation", [accepted("#1"), accepted("#2")]);
const fail = sampleTrial("user-information", "rotation", [
  accepted("#1"),
  acceptedWith("#1", "#2"),
]);
const validPass = sampleTrial("user-information", "valid", [accepted("#1")]);
const validFail = sampleTrial("user-information", "valid", [acceptedWith("#1", "#2")]);
const crash = sampleTrial("user-information", "rotation", [], {
  outcome: "crash",
  reason: "Firefox stopped answering",
});

const unsupported = sampleTrial("user-information", "rotation", [], {
  outcome: "unsupported",
  reason: "no such name",
});

const published = (endedAt: string, ...trials: JudgedTrial[]): Run => ({
  ...sampleFirefoxRun(trials),
  endedAt,
});
const older = "2026-09-01T00:00:00Z";
const newer = "2026-09-02T00:00:00.000Z";
const known = published(newer, fail);

interface Row {
  readonly name: string;
  readonly trials: readonly JudgedTrial[];
  readonly published: readonly Run[];
  /** Expected and actual outcome, and where the expectation is from. */
  readonly expected: readonly (readonly [string, string, string])[];
}

const rows: readonly Row[] = [
  { name: "a pass is no surprise", trials: [pass], published: [], expected: [] },
  {
    name: "a fail of which nothing is known is one",
    trials: [fail],
    published: [],
    expected: [["pass", "fail", "ideal"]],
  },
  { name: "a fail that is known is none", trials: [fail], published: [known], expected: [] },
  {
    name: "a pass where a fail is known is one",
    trials: [pass],
    published: [known],
    expected: [["fail", "pass", "published"]],
  },
  {
    name: "an inconclusive trial always is one",
    trials: [crash],
    published: [known],
    expected: [["fail", "crash", "published"]],
  },
  {
    name: "each repetition counts",
    trials: [pass, fail, fail],
    published: [],
    expected: [
      ["pass", "fail", "ideal"],
      ["pass", "fail", "ideal"],
    ],
  },
  {
    name: "the newest published run counts, wherever it stands",
    trials: [fail],
    published: [published(newer, pass), published(older, fail)],
    expected: [["pass", "fail", "published"]],
  },
  {
    name: "a trial that only an older run holds is known from it",
    trials: [fail, validPass],
    published: [published(older, fail, validFail), published(newer, validPass)],
    expected: [],
  },
  {
    name: "an older run by the same definition does not count once a newer one changed it",
    trials: [fail],
    published: [
      published(older, fail),
      published(newer, { ...fail, definition: "sha256-since", verdict: pass.verdict }),
    ],
    expected: [["pass", "fail", "ideal"]],
  },
  {
    name: "another definition is another trial",
    trials: [fail],
    published: [published(newer, { ...fail, definition: "sha256-before" })],
    expected: [["pass", "fail", "ideal"]],
  },
  {
    name: "another scenario is another trial",
    trials: [fail],
    published: [published(newer, { ...fail, scenario: "valid" })],
    expected: [["pass", "fail", "ideal"]],
  },
  {
    name: "another browser's runs are not looked at",
    trials: [fail],
    published: [{ ...known, browser: { ...known.browser, id: "chrome" } }],
    expected: [["pass", "fail", "ideal"]],
  },
  {
    name: "runs with another profile are not looked at",
    trials: [fail],
    published: [{ ...known, profile: { ...known.profile, name: "private" } }],
    expected: [["pass", "fail", "ideal"]],
  },
  {
    name: "what a browser was known not to support is no surprise, and that it does is one",
    trials: [unsupported, pass],
    published: [published(newer, unsupported)],
    expected: [["unsupported", "pass", "published"]],
  },
  {
    name: "an inconclusive published trial is no knowledge",
    trials: [fail],
    published: [published(newer, crash)],
    expected: [["pass", "fail", "ideal"]],
  },
  {
    name: "published repetitions that disagree allow both",
    trials: [fail, pass, crash],
    published: [published(newer, fail, pass)],
    expected: [["either", "crash", "published"]],
  },
  {
    name: "published verdicts are computed anew",
    trials: [fail],
    published: [published(newer, { ...fail, verdict: pass.verdict })],
    expected: [],
  },
];

describe("surprises", () => {
  for (const { name, trials, published: runs, expected } of rows) {
    test(name, () => {
      const files: Results[] = runs.map((run) => ({
        schema: "websocket-auth-results/1",
        runs: [run],
        trust: [],
      }));
      const found = surprises(sampleFirefoxRun(trials), files);
      assert.deepEqual(
        found.map((one) => [one.expected.outcome, one.actual, one.expected.from]),
        expected,
      );
    });
  }

  test("are told in one sentence", () => {
    const files: Results[] = [{ schema: "websocket-auth-results/1", runs: [known], trust: [] }];
    const sentences = [
      ...surprises(sampleFirefoxRun([crash]), []),
      ...surprises(sampleFirefoxRun([pass]), files),
    ].map(describeSurprise);
    assert.deepEqual(sentences, [
      "user-information, rotation (same-host, ws): expected pass, as it should be; got crash: Firefox stopped answering",
      "user-information, rotation (same-host, ws): expected fail, as Firefox 153.7.0 did on 2026-09-02; got pass: presented its own token and was let in as alice; presented its own token and was let in as alice",
    ]);
  });
});
