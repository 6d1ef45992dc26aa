import type { RiskId } from "../risks/risk.ts";
import { fitText } from "../report/token-shapes.ts";
import { type Constraints, type Demand, libraryName, quietPlaces } from "./constraints.ts";
import { cellFinding, type Finding, notMeasured, riskTitle } from "./finding.ts";
import { type RelevantCell, relevantCells, variantAsked } from "./relevant-cells.ts";
import type { BrowserFacts, ChooserTable, TechniqueFacts } from "./table.ts";

/** Whether a technique has what is asked for, and what shows it. */
export interface Checked {
  readonly state: "met" | "violated" | "unknown";
  readonly finding: Finding;
}

/** One browser of those asked for, with what was measured in it; undefined: nothing was. */
export interface AskedBrowser {
  readonly label: string;
  readonly facts: BrowserFacts | undefined;
}

/** What a rule is given. */
export interface RuleInput {
  readonly technique: TechniqueFacts;
  readonly browsers: readonly AskedBrowser[];
  readonly constraints: Constraints;
  readonly table: ChooserTable;
}

/** A reason for which a technique can be out of the question. */
export interface Rule {
  readonly id: string;
  /** What techniques are said to do that break it: "does not work here". */
  readonly excludes: string;
  /** Nothing, when it was not asked for. */
  check(input: RuleInput): readonly Checked[];
}

const meaning: Rule = {
  id: "meaning",
  excludes: "has no meaning here",
  check: ({ browsers, constraints: { placement, scheme } }) =>
    browsers.flatMap(({ facts }): Checked[] => {
      const out = facts?.leftOut.find(
        (one) =>
          ("placement" in one && one.placement === placement) ||
          ("scheme" in one && one.scheme === scheme),
      );
      if (out === undefined) return [];
      const where = "placement" in out ? `At ${placement}` : `Over ${scheme}`;
      return [
        {
          state: "violated",
          finding: {
            ...notMeasured("Meaning", `${where}: ${out.reason}.`, []),
            word: "left out",
            advice: null,
          },
        },
      ];
    }),
};

const works: Rule = {
  id: "works",
  excludes: "does not work here",
  check: ({ browsers, constraints }) =>
    browsers.map(({ label, facts }): Checked => {
      const asked = variantAsked(constraints);
      const subject = "Works here";
      const fact = facts?.variants.find(({ variant }) => variant === asked);
      if (fact === undefined || !fact.isSupported) {
        const why = fact === undefined ? "it was not tried there" : fact.reason;
        const sentence = `It is unknown whether it works at ${asked}: ${why}.`;
        return { state: "unknown", finding: notMeasured(subject, sentence, [label]) };
      }
      const { word, passed, total, reason, evidence } = fact;
      const finding: Finding = {
        subject,
        about: "",
        severity: word === "works" ? "fine" : word === "unknown" ? "unknown" : "danger",
        word: `${word} ${passed}/${total}`,
        sentence: `At ${asked}: ${reason}.`,
        advice: null,
        browsers: [label],
        evidence,
      };
      switch (word) {
        case "works":
          return { state: "met", finding };
        case "unknown":
          return { state: "unknown", finding };
        case "partly":
        case "broken":
        case "unsafe":
          return { state: "violated", finding };
      }
    }),
};

const library: Rule = {
  id: "library",
  excludes: "is not what the library offers",
  check: ({ technique: { libraries }, constraints }) => {
    const wanted = constraints.library;
    if (wanted === "any") return [];
    const isMet = wanted === "none" ? libraries.length === 0 : libraries.includes(wanted);
    const names = libraries.map(libraryName).join(", ");
    const sentence =
      libraries.length === 0 ? "It needs no client library." : `It is made of ${names}.`;
    return [
      {
        state: isMet ? "met" : "violated",
        finding: {
          ...notMeasured("Library", sentence, []),
          severity: "fine",
          word: libraries.length === 0 ? "no library" : names,
          advice: null,
        },
      },
    ];
  },
};

const shape: Rule = {
  id: "token",
  excludes: "does not carry such a token",
  check: ({ browsers, constraints: { shapes } }) =>
    shapes.flatMap((wanted) =>
      browsers.map(({ label, facts }): Checked => {
        const subject = `Token ${wanted}`;
        const fact = facts?.shapes.find((one) => one.shape === wanted);
        if (fact === undefined) {
          const sentence = "It was not tried whether such a token fits.";
          return { state: "unknown", finding: notMeasured(subject, sentence, [label]) };
        }
        const { fit, evidence } = fact;
        const finding = (severity: Finding["severity"], word: string): Finding => ({
          ...notMeasured(subject, `${fitText(fit)}.`, [label]),
          severity,
          word,
          advice: null,
          evidence,
        });
        switch (fit.state) {
          case "fits":
            return { state: "met", finding: finding("fine", "fits") };
          case "refused":
            return { state: "violated", finding: finding("danger", "does not fit") };
          case "open":
            return { state: "unknown", finding: finding("unknown", "unknown") };
        }
      }),
    ),
};

const callers: Rule = {
  id: "callers",
  excludes: "cannot be used from there",
  check: (input) =>
    input.constraints.callers.flatMap((caller) =>
      checkCells(input, "callers", {
        isMeant: ({ cell }) => cell.where.callers.includes(caller),
        isViolated: ({ cell }) => cell.severity === "danger" || cell.severity === "mind",
        otherwise: `It was not tried from a ${caller.replaceAll("-", " ")}.`,
      }),
    ),
};

function quiet(demand: Demand, excludes: string): Rule {
  return {
    id: demand,
    excludes,
    check: ({ browsers, constraints, table }) => {
      const place = quietPlaces[demand];
      if (place === undefined || !constraints.demands.includes(demand)) return [];
      const subject = riskTitle(table, "leaks");
      return browsers.flatMap(({ label, facts }): Checked[] => {
        const fact = facts?.leaks.find((one) => one.place === place);
        const finding: Finding = {
          ...notMeasured(subject, `The ${place} was not searched.`, [label]),
          about: place,
          evidence: fact?.evidence ?? [],
        };
        switch (fact?.state) {
          case undefined:
            return [{ state: "unknown", finding }];
          case "unsearched":
          case "unknown": {
            const sentence = `It is unknown whether the ${place} holds the token: ${fact.why ?? "nobody looked"}.`;
            return [{ state: "unknown", finding: { ...finding, sentence } }];
          }
          case "clean": {
            const sentence = `The ${place} does not hold the token.`;
            const found = { severity: "fine", word: "not found", sentence, advice: null } as const;
            return [{ state: "met", finding: { ...finding, ...found } }];
          }
          case "found":
            return fact.cells.map((cell): Checked => {
              const found = cellFinding({ cell, measuredAt: null }, subject, label);
              const sentence = `${found.sentence} ${fact.excerpt ?? ""}`.trimEnd();
              // A token that lets nobody in any more may be read by everybody.
              const state = cell.severity === "danger" ? "violated" : "met";
              return { state, finding: { ...found, sentence } };
            });
        }
      });
    },
  };
}

function byCells(
  demand: Demand,
  risk: RiskId,
  excludes: string,
  isViolated: (cell: RelevantCell) => boolean,
): Rule {
  return {
    id: demand,
    excludes,
    check: (input) =>
      input.constraints.demands.includes(demand)
        ? checkCells(input, risk, {
            isMeant: () => true,
            isViolated,
            otherwise: `${riskTitle(input.table, risk)}: there is no trial of this here.`,
          })
        : [],
  };
}

/** The reasons for which techniques are left away, in the order in which they are looked at and told. */
export const rules: readonly Rule[] = [
  meaning,
  works,
  library,
  shape,
  callers,
  quiet("quiet-log", "leaves a usable token in the server's access log"),
  quiet("quiet-proxy-log", "leaves a usable token in a proxy's access log"),
  byCells(
    "ends-sessions",
    "session-end",
    "does not end with its session",
    ({ cell }) => cell.severity === "danger",
  ),
  byCells(
    "without-origin-check",
    "hijacking",
    "is not safe without an Origin check",
    ({ cell }) => cell.severity === "danger" || cell.needsOriginCheck,
  ),
  byCells(
    "visible-refusal",
    "visibility",
    "does not tell a page that it was refused",
    ({ cell }) => cell.severity === "danger" || cell.severity === "mind",
  ),
];

/** In every browser: what breaks the rule; otherwise what is not known; otherwise what keeps it. */
function checkCells(
  { browsers, constraints, table }: RuleInput,
  risk: RiskId,
  {
    isMeant,
    isViolated,
    otherwise,
  }: {
    readonly isMeant: (cell: RelevantCell) => boolean;
    readonly isViolated: (cell: RelevantCell) => boolean;
    readonly otherwise: string;
  },
): Checked[] {
  const subject = riskTitle(table, risk);
  return browsers.flatMap(({ label, facts }): Checked[] => {
    const cells =
      facts === undefined ? [] : relevantCells(facts, risk, constraints).filter(isMeant);
    const told = (state: Checked["state"], some: readonly RelevantCell[]): Checked[] =>
      some.map((one) => ({ state, finding: cellFinding(one, subject, label) }));
    const violated = cells.filter(isViolated);
    if (violated.length > 0) return told("violated", violated);
    const unknown = cells.filter(({ cell }) => cell.severity === "unknown");
    if (unknown.length > 0) return told("unknown", unknown);
    if (cells.length > 0) return told("met", cells);
    return [{ state: "unknown", finding: notMeasured(subject, otherwise, [label]) }];
  });
}
