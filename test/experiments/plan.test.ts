import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { placements, schemes } from "../../experiments/axes.ts";
import { leftOut, plan, type Selection } from "../../experiments/plan.ts";
import { scenarios } from "../../experiments/scenarios/index.ts";
import type { Scenario } from "../../experiments/scenarios/scenario.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import type { Scheme, Trial } from "../../model/trial.ts";
import type { Technique } from "../../techniques/technique.ts";
import { allTrials } from "../all-trials.ts";

const selection = { techniques, techniquesDirectory, scenarios, placements, schemes, repeat: 1 };

function keysOf(trials: readonly Trial[]): string[] {
  return trials.map(({ technique, scenario, placement, scheme }) =>
    [technique, scenario, placement, scheme].join(),
  );
}

test("every technique meets every scenario that makes sense, at every placement and over every scheme that does, once", () => {
  const tried = keysOf(allTrials);
  assert.equal(new Set(tried).size, tried.length);
  // What is about one aspect has conditions of its own; see below.
  const unconditional = scenarios.filter(
    ({ aspect }) => aspect === undefined || aspect === "token-shape",
  );
  const ids = unconditional.map(({ id }) => id);
  const keys = keysOf(allTrials.filter(({ scenario }) => ids.includes(scenario)));
  const expected = techniques.flatMap(({ id, renews = false, leavesOut = {} }) =>
    unconditional
      .filter((scenario) => leavesOut[scenario.id] === undefined)
      .filter(({ needs }) => needs === undefined || renews)
      .flatMap((scenario) => {
        const all = placements
          .filter((placement) => leavesOut[placement] === undefined)
          .flatMap((placement) => schemes.map((scheme) => [placement, scheme] as const))
          .filter(([, scheme]) => leavesOut[scheme] === undefined);
        const one = all.find(([placement]) => placement === "same-host") ?? all[0];
        return (scenario.places === "one" ? [one] : all).map((place) =>
          [id, scenario.id, ...(place ?? [])].join(),
        );
      }),
  );
  assert.deepEqual(keys, expected);
});

test("a definition is one trial's alone, and stays the same", () => {
  assert.equal(new Set(allTrials.map(({ definition }) => definition)).size, allTrials.length);
  assert.deepEqual(plan(selection), allTrials);
});

test("what a technique leaves out is a placement, a scheme or a scenario", () => {
  const mixed: Scheme[] = ["http+wss", "https+ws"];
  const places = [...placements, ...schemes, ...mixed];
  const names = new Set<string>([...places, ...scenarios.map(({ id }) => id)]);
  const said = techniques.flatMap(({ leavesOut = {} }) => Object.keys(leavesOut));
  assert.deepEqual(
    said.filter((name) => !names.has(name)),
    [],
  );
});

const valid: Scenario = {
  id: "valid",
  question: "",
  attempts: [{ present: "fresh", user: "alice", singleUse: false, expect: "accepted" }],
};
const anywhere: Scenario = { ...valid, id: "anywhere", places: "one" };
const renewing: Scenario = {
  ...valid,
  id: "renewing",
  needs: { ability: "renews", otherwise: "it cannot be renewed" },
};
const loggingOut: Scenario = {
  ...valid,
  id: "logging-out",
  needs: { ability: "logsOut", otherwise: "there is no session" },
};
const shaped: Scenario = {
  ...valid,
  id: "shaped",
  attempts: [
    { present: "fresh", user: "alice", singleUse: false, shape: "jwt", expect: "accepted" },
  ],
};
const reason = "it has no meaning";
const elsewhere: Scenario = {
  ...valid,
  id: "elsewhere",
  techniques: { ids: ["query-parameter"], otherwise: "it is the browser's answer" },
};
const everywhere = placements.flatMap((placement) =>
  schemes.map((scheme) => `${placement} ${scheme}`),
);

const rows: readonly {
  readonly name: string;
  readonly technique: Pick<Technique, "leavesOut" | "renews" | "logsOut">;
  readonly scenario: Scenario;
  readonly chosen?: Partial<Pick<Selection, "placements" | "schemes" | "choosesPlacements">>;
  readonly tried: readonly string[];
  readonly leftOut: readonly object[];
}[] = [
  {
    name: "a technique that leaves nothing out",
    technique: {},
    scenario: valid,
    tried: everywhere,
    leftOut: [],
  },
  {
    name: "a placement that has no meaning",
    technique: { leavesOut: { "cross-site": reason } },
    scenario: valid,
    tried: everywhere.filter((place) => !place.startsWith("cross-site")),
    leftOut: [{ placement: "cross-site", reason }],
  },
  {
    name: "a placement that has no meaning, and was not chosen",
    technique: { leavesOut: { "cross-site": reason } },
    scenario: valid,
    chosen: { placements: ["same-site"] },
    tried: ["same-site ws", "same-site wss"],
    leftOut: [],
  },
  {
    name: "a scheme that has no meaning",
    technique: { leavesOut: { ws: reason } },
    scenario: valid,
    tried: everywhere.filter((place) => place.endsWith("wss")),
    leftOut: [{ scheme: "ws", reason }],
  },
  {
    name: "a scenario that has no meaning",
    technique: { leavesOut: { valid: reason } },
    scenario: valid,
    tried: [],
    leftOut: [{ scenario: "valid", reason }],
  },
  {
    name: "a renewal of what cannot be renewed",
    technique: {},
    scenario: renewing,
    tried: [],
    leftOut: [{ scenario: "renewing", reason: "it cannot be renewed" }],
  },
  {
    name: "a renewal of what can be renewed",
    technique: { renews: true },
    scenario: renewing,
    tried: everywhere,
    leftOut: [],
  },
  {
    name: "a shape of token that cannot be handed over, whatever is asked with it",
    technique: { leavesOut: { "token-jwt": reason } },
    scenario: shaped,
    tried: [],
    leftOut: [{ scenario: "shaped", reason }],
  },
  {
    name: "a shape of token that can be handed over",
    technique: { leavesOut: { "token-4k": reason } },
    scenario: shaped,
    tried: everywhere,
    leftOut: [],
  },
  {
    name: "a log-out of what cannot log out",
    technique: { renews: true },
    scenario: loggingOut,
    tried: [],
    leftOut: [{ scenario: "logging-out", reason: "there is no session" }],
  },
  {
    name: "a log-out of what can log out",
    technique: { logsOut: true },
    scenario: loggingOut,
    tried: everywhere,
    leftOut: [],
  },
  {
    name: "what one place is enough for",
    technique: {},
    scenario: anywhere,
    tried: ["same-host ws"],
    leftOut: [],
  },
  {
    name: "what one place is enough for, where the usual one has no meaning",
    technique: { leavesOut: { "same-origin": reason, "same-host": reason, ws: reason } },
    scenario: anywhere,
    tried: ["same-site wss"],
    leftOut: [
      { placement: "same-origin", reason },
      { placement: "same-host", reason },
      { scheme: "ws", reason },
    ],
  },
  {
    name: "what one place is enough for, over another scheme",
    technique: {},
    scenario: anywhere,
    chosen: { schemes: ["wss"] },
    tried: ["same-host wss"],
    leftOut: [],
  },
  {
    name: "what one place is enough for, with placements asked for",
    technique: {},
    scenario: anywhere,
    chosen: { placements: ["same-site", "cross-site"], choosesPlacements: true },
    tried: ["same-site ws", "cross-site ws"],
    leftOut: [],
  },
  {
    name: "what only other techniques are tried with, when none of them is selected",
    technique: {},
    scenario: elsewhere,
    tried: [],
    leftOut: [{ scenario: "elsewhere", reason: "it is the browser's answer" }],
  },
  {
    name: "what is tried over TLS where that is selected",
    technique: {},
    scenario: { ...anywhere, schemes: "secure" },
    tried: ["same-host wss"],
    leftOut: [],
  },
  {
    name: "what is tried over TLS, where that is not selected",
    technique: {},
    scenario: { ...valid, schemes: "secure" },
    chosen: { placements: ["same-site"], schemes: ["ws"] },
    tried: ["same-site ws"],
    leftOut: [],
  },
];

test("what other techniques are tried with for all is not left out", () => {
  const some = techniques.filter(({ id }) => ["first-message", "query-parameter"].includes(id));
  const chosen = { ...selection, techniques: some, scenarios: [elsewhere] };
  assert.deepEqual(
    [...new Set(plan(chosen).map(({ technique }) => technique))],
    ["query-parameter"],
  );
  assert.deepEqual(leftOut(chosen), []);
});

test("a scenario names techniques that there are", () => {
  const known = techniques.map(({ id }) => id);
  const named = scenarios.flatMap((scenario) => scenario.techniques?.ids ?? []);
  assert.deepEqual(
    named.filter((id) => !known.includes(id)),
    [],
  );
});

suite("what is tried where, and what is left out", () => {
  const [{ id, folder = id } = { id: "" }] = techniques;
  for (const { name, technique, scenario, chosen, ...expected } of rows) {
    test(name, () => {
      const one = { id, folder, ...technique };
      const chosenHere = { ...selection, techniques: [one], scenarios: [scenario], ...chosen };
      const tried = plan(chosenHere).map(({ placement, scheme }) => `${placement} ${scheme}`);
      assert.deepEqual(tried, expected.tried);
      const omitted = expected.leftOut.map((what) => ({ technique: id, ...what }));
      assert.deepEqual(leftOut(chosenHere), omitted);
    });
  }
});
