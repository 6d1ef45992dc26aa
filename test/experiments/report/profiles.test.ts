import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { JudgedTrial, Results, Run } from "../../../model/results.ts";
import { matrixOf } from "../../../experiments/report/matrix.ts";
import {
  comparisonText,
  differenceText,
  profileComparisons,
} from "../../../experiments/report/profiles.ts";
import { accepted, refused } from "./sample-attempts.ts";
import { sampleCatalogue, sampleFirefoxRun, sampleTrial } from "./sample-results.ts";
import {
  everywhere,
  unsupported,
  variedResults,
  withoutCookie,
  withProfile,
} from "./varied-results.ts";

const valid = sampleTrial("cookie-iframe", "valid", [accepted("#1")]);
const missing = sampleTrial("cookie-iframe", "missing", [refused("none", null, "no credential")]);
const rotated = sampleTrial("cookie-iframe", "rotation", [accepted("#1"), accepted("#2")]);
const all = [valid, missing, rotated].flatMap(everywhere);
const crossSite = ({ placement }: JudgedTrial): boolean => placement === "cross-site";

/** What is said of a run with another profile: the summary first, then each difference with its reason. */
function compare(byDefault: readonly JudgedTrial[], here: readonly JudgedTrial[]): string[] {
  const base = sampleFirefoxRun(byDefault);
  const runs = [base, { ...withProfile(base, "private"), trials: here }];
  const results: Results = { schema: "websocket-auth-results/1", runs, trust: [] };
  return profileComparisons(matrixOf(results, sampleCatalogue)).flatMap((comparison) => [
    comparisonText(comparison),
    ...comparison.techniques.flatMap(({ technique, differences }) =>
      differences.map((one) => `${technique.id}: ${differenceText(one)}: ${one.reason}`),
    ),
  ]);
}

const lost = all.map((trial) => (crossSite(trial) ? withoutCookie(trial) : trial));
const reason = "it has no private window";

const rows: {
  readonly name: string;
  readonly byDefault: readonly JudgedTrial[];
  readonly here: readonly JudgedTrial[];
  readonly expected: readonly string[];
}[] = [
  {
    name: "none is told with the number of trials",
    byDefault: all,
    here: all,
    expected: ["no difference (24 trials)"],
  },
  {
    name: "scenarios and variants with the same to say are one, and the number of an attempt is none of it",
    byDefault: all,
    here: lost,
    expected: [
      "4 of 24 trials differ",
      "cookie-iframe: valid and rotation, cross-site only: passes by default, fails here: presented nothing instead of its own token",
    ],
  },
  {
    name: "what passes here comes first, so that the reason belongs to the last word",
    byDefault: lost,
    here: all,
    expected: [
      "4 of 24 trials differ",
      "cookie-iframe: valid and rotation, cross-site only: passes here, fails by default: presented nothing instead of its own token",
    ],
  },
  {
    name: "the same fail is none",
    byDefault: lost,
    here: lost,
    expected: ["no difference (24 trials)"],
  },
  {
    name: "a single variant has no place",
    byDefault: [valid],
    here: [withoutCookie(valid)],
    expected: [
      "1 of 1 trial differs",
      "cookie-iframe: valid: passes by default, fails here: presented nothing instead of its own token",
    ],
  },
  {
    name: "a profile that a browser cannot have is one line",
    byDefault: all,
    here: all.map((trial) => unsupported(trial, reason)),
    expected: [`all 24 trials: unsupported: ${reason}`],
  },
  {
    name: "the reason of a browser that made no trial at all is told once, elsewhere",
    byDefault: all.map((trial) => unsupported(trial, "not installed")),
    here: all.map((trial) => unsupported(trial, "not installed")),
    expected: ["nothing to compare; 24 judged neither here nor by default"],
  },
  {
    name: "trials that could be judged with neither profile are counted apart",
    byDefault: all.map((trial) => (crossSite(trial) ? unsupported(trial, "no names") : trial)),
    here: all.map((trial) => (crossSite(trial) ? unsupported(trial, "no names") : trial)),
    expected: ["no difference (18 trials; 6 judged neither here nor by default)"],
  },
  {
    name: "a trial that could not be judged here is one",
    byDefault: [valid, missing],
    here: [valid, unsupported(missing, reason)],
    expected: [
      "1 of 2 trials differs",
      `cookie-iframe: missing: passes by default, unsupported here: ${reason}`,
    ],
  },
  {
    name: "trials without a counterpart are counted apart",
    byDefault: [valid],
    here: [valid, missing],
    expected: ["no difference (1 trial; 1 not made by default)"],
  },
  {
    name: "without a counterpart for any trial there is nothing to compare",
    byDefault: [valid],
    here: [missing],
    expected: ["nothing to compare; 1 not made by default"],
  },
  {
    name: "repetitions that disagree differ from those that agree",
    byDefault: [valid, valid],
    here: [valid, withoutCookie(valid)],
    expected: [
      "2 of 2 trials differ",
      "cookie-iframe: valid: passes by default, unstable here: presented nothing instead of its own token",
    ],
  },
];

describe("of a profile's differences", () => {
  for (const { name, byDefault, here, expected } of rows) {
    test(name, () => assert.deepEqual(compare(byDefault, here), expected));
  }

  test("each is told for its own browser", () => {
    const matrix = matrixOf(variedResults(), sampleCatalogue);
    assert.deepEqual(
      profileComparisons(matrix).map((comparison) => [
        comparison.column.base.name,
        comparison.column.foldedAs,
        comparison.differing,
      ]),
      [
        ["Chromium", "third-party-allowed", 2],
        ["Chromium", "third-party-blocked", 0],
        ["Chromium", "private", 0],
        ["Firefox", "third-party-allowed", 0],
        ["Firefox", "third-party-blocked", 2],
        ["Firefox", "private", 0],
        ["WebKitGTK MiniBrowser", "third-party-blocked", 0],
        ["WebKitGTK MiniBrowser", "private", 28],
      ],
    );
  });
});

describe("a run with another profile", () => {
  const base = sampleFirefoxRun([valid]);
  const other = withProfile(base, "private");
  const newer: Run = { ...base, browser: { ...base.browser, version: "154.0" } };
  const proxied: Run = { ...base, through: "nginx/1.22.1" };
  const columnRows = [
    {
      name: "has no column beside the same browser with the default profile",
      runs: [base, other],
      columns: ["Firefox 153.7.0"],
      folded: ["private"],
    },
    {
      name: "has one, with its profile in the note, when it stands alone",
      runs: [other],
      columns: ["Firefox 153.7.0 (profile private)"],
      folded: [],
    },
    {
      name: "has one beside another version",
      runs: [newer, other],
      columns: ["Firefox 154.0", "Firefox 153.7.0 (profile private)"],
      folded: [],
    },
    {
      name: "has one beside a run through a proxy, which is noted as well",
      runs: [proxied, other],
      columns: ["Firefox 153.7.0 (through nginx/1.22.1)", "Firefox 153.7.0 (profile private)"],
      folded: [],
    },
    {
      name: "is folded when both went through the same proxy",
      runs: [{ ...other, through: proxied.through }, proxied],
      columns: ["Firefox 153.7.0 (through nginx/1.22.1)"],
      folded: ["private"],
    },
    {
      name: "is told from another one with the same profile",
      runs: [base, other, { ...other, profile: { ...other.profile, headless: false } }],
      columns: ["Firefox 153.7.0"],
      folded: [
        "Firefox 153.7.0 (profile private, headless)",
        "Firefox 153.7.0 (profile private, headful)",
      ],
    },
  ];
  for (const { name, runs, columns, folded } of columnRows) {
    test(name, () => {
      const results: Results = { schema: "websocket-auth-results/1", runs, trust: [] };
      const matrix = matrixOf(results, sampleCatalogue);
      assert.deepEqual(
        [matrix.columns.map(({ label }) => label), matrix.folded.map(({ foldedAs }) => foldedAs)],
        [columns, folded],
      );
    });
  }
});
