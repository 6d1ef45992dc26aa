import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { leftOutLines } from "../../../experiments/report/left-out.ts";
import type { LeftOut } from "../../../model/results.ts";
import type { Placement } from "../../../model/trial.ts";
import { accepted } from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleTrial } from "./sample-results.ts";

const reason = "it makes no sense";
const iframe = (placement: Placement): LeftOut => ({
  technique: "cookie-iframe",
  placement,
  reason,
});
const scenario = (technique: string, id: string): LeftOut => ({ technique, scenario: id, reason });
const everybody = sampleCatalogue.techniques.map(({ id }) => id);

const rows: readonly {
  readonly name: string;
  readonly runs: readonly (readonly LeftOut[])[];
  readonly lines: readonly string[];
}[] = [
  {
    name: "placements of several runs, in display order",
    runs: [
      [iframe("cross-site")],
      [iframe("same-origin")],
      [iframe("cross-site"), iframe("same-origin")],
    ],
    lines: ["Cookie through an iframe at same-origin and cross-site"],
  },
  {
    name: "techniques that leave out the same",
    runs: [[{ ...iframe("same-site"), technique: "first-message" }, iframe("same-site")]],
    lines: ["First message · Cookie through an iframe at same-site"],
  },
  {
    name: "a scheme",
    runs: [[{ technique: "cookie-iframe", scheme: "ws", reason }]],
    lines: ["Cookie through an iframe over ws"],
  },
  {
    name: "one scenario",
    runs: [[scenario("cookie-iframe", "expired")]],
    lines: ["Cookie through an iframe with the scenario expired"],
  },
  {
    name: "scenarios of most techniques, which are told by the others",
    runs: [
      everybody
        .filter((id) => id !== "first-message")
        .flatMap((id) => [scenario(id, "rotation"), scenario(id, "forged")]),
    ],
    lines: ["all techniques but First message with the scenarios forged and rotation"],
  },
  {
    name: "scenarios of all techniques",
    runs: [everybody.map((id) => scenario(id, "forged"))],
    lines: ["all techniques with the scenario forged"],
  },
  {
    name: "different reasons apart",
    runs: [[iframe("same-origin"), { ...iframe("cross-site"), reason: "and neither does this" }]],
    lines: ["Cookie through an iframe at same-origin", "Cookie through an iframe at cross-site"],
  },
];

describe("what was left out is told once for all runs", () => {
  for (const { name, runs, lines } of rows) {
    test(name, () => {
      const trials = everybody.map((id) => sampleTrial(id, "valid", [accepted("#1")]));
      const results = {
        schema: "websocket-auth-results/1",
        runs: runs.map((leftOut) => ({ ...sampleFirefoxRun(trials), leftOut })),
        trust: [],
      } as const;
      assert.deepEqual(
        leftOutLines(results, sampleCatalogue).map((one) => `${one.techniques} ${one.where}`),
        lines,
      );
    });
  }
});
