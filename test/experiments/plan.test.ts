import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { placements, schemes } from "../../experiments/axes.ts";
import { leftOut, plan, type Selection } from "../../experiments/plan.ts";
import { scenarios } from "../../experiments/scenarios/index.ts";
import type { Scenario } from "../../experiments/scenarios/scenario.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import type { Scheme } from "../../model/trial.ts";
import type { Technique } from "../../techniques/technique.ts";
import { allTrials } from "../all-trials.ts";

const selection = { techniques, techniquesDirectory, scenarios, placements, schemes, repeat: 1 };

test("every technique meets every scenario that makes sense, at every placement and over every scheme that does, once", () => {
  const keys = allTrials.map(({ technique, scenario, placement, scheme }) =>
    [technique, scenario, placement, scheme].join(),
  );
  const expected = techniques.flatMap(({ id, renews = false, leavesOut = {} }) =>
    scenarios
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
  assert.equal(new Set(keys).size, keys.length);
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
const reason = "it has no meaning";
const everywhere = placements.flatMap((placement) =>
  schemes.map((scheme) => `${placement} ${scheme}`),
);

const rows: readonly {
  readonly name: string;
  readonly technique: Pick<Technique, "leavesOut" | "renews">;
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
];

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
