import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JudgedTrial, Results } from "../../../model/results.ts";
import { axisTables, axisText } from "../../../experiments/report/axes.ts";
import { matrixOf } from "../../../experiments/report/matrix.ts";
import { accepted } from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleTrial } from "./sample-results.ts";
import { at, everywhere, unsupported, variedResults, withoutCookie } from "./varied-results.ts";

const trial = sampleTrial("cookie-iframe", "valid", [accepted("#1")]);
const broken = withoutCookie(trial);

function resultsOf(...trials: JudgedTrial[]): Results {
  return { schema: "websocket-auth-results/1", runs: [sampleFirefoxRun(trials)], trust: [] };
}

/** Headings, then a line for each technique and scheme. */
function tableOf(results: Results): string[][] {
  const [table] = axisTables(matrixOf(results, sampleCatalogue));
  if (table === undefined) return [];
  return [
    [...table.headings],
    ...table.rows.flatMap(({ technique, lines }) =>
      lines.map(({ scheme, cells }) => [technique.id, `${scheme}`, ...cells.map(axisText)]),
    ),
  ];
}

describe("the table of placements and schemes", () => {
  test("has placements across and a line for each scheme, in display order", () => {
    const [headings, ...lines] = tableOf(variedResults());
    assert.deepEqual(headings, ["same-origin", "same-host", "same-site", "cross-site"]);
    assert.deepEqual(
      lines.filter(([technique]) => technique === "cookie-iframe"),
      ["ws", "wss"].map((scheme) => [
        "cookie-iframe",
        scheme,
        "left out",
        "works 7/7",
        "works 7/7",
        "broken 1/7",
      ]),
    );
  });

  const rows = [
    {
      name: "of placements over one scheme has one line each",
      trials: [at("cross-site", "ws", broken), at("same-host", "ws", trial)],
      table: [
        ["same-host", "cross-site"],
        ["cookie-iframe", "null", "unknown 1/1", "broken 0/1"],
      ],
    },
    {
      name: "of schemes at one placement has the schemes across",
      trials: [at("same-host", "ws", trial), at("same-host", "wss", trial)],
      table: [
        ["ws", "wss"],
        ["cookie-iframe", "null", "unknown 1/1", "unknown 1/1"],
      ],
    },
    {
      name: "says where nothing was tried, and what the browser cannot be given",
      trials: [
        at("same-host", "ws", trial),
        at("cross-site", "wss", unsupported(trial, "no names")),
      ],
      table: [
        ["same-host", "cross-site"],
        ["cookie-iframe", "ws", "unknown 1/1", "not tried"],
        ["cookie-iframe", "wss", "not tried", "unsupported"],
      ],
    },
    { name: "is not there for a single variant", trials: [trial, broken], table: [] },
  ] as const;
  for (const { name, trials, table } of rows) {
    test(name, () => assert.deepEqual(tableOf(resultsOf(...trials)), table));
  }
});

function brokenAt(isThere: (one: JudgedTrial) => boolean): JudgedTrial[] {
  return everywhere(trial).map((one) => (isThere(one) ? withoutCookie(one) : one));
}

describe("a cell of the matrix", () => {
  const rows = [
    {
      name: "one placement",
      trials: brokenAt(({ placement }) => placement === "cross-site"),
      where: "cross-site",
    },
    { name: "one scheme", trials: brokenAt(({ scheme }) => scheme === "wss"), where: "over wss" },
    {
      name: "one placement over one scheme",
      trials: brokenAt(({ placement, scheme }) => placement === "cross-site" && scheme === "ws"),
      where: "cross-site over ws",
    },
    {
      name: "nothing, when it takes a list to say it",
      trials: brokenAt(({ placement, scheme }) =>
        ["same-host, ws", "cross-site, wss"].includes(`${placement}, ${scheme}`),
      ),
      where: null,
    },
    { name: "nothing, when it is broken everywhere", trials: brokenAt(() => true), where: null },
  ];
  for (const { name, trials, where } of rows) {
    test(`that works partly says where it is broken: ${name}`, () => {
      const { rows: matrixRows } = matrixOf(resultsOf(...trials), sampleCatalogue);
      assert.equal(matrixRows[0]?.cells[0]?.brokenWhere, where);
    });
  }
});
