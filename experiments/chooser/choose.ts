import type { RiskId } from "../risks/risk.ts";
import type { Constraints } from "./constraints.ts";
import {
  cellFinding,
  type Finding,
  merged,
  notMeasured,
  riskTitle,
  severityOrder,
} from "./finding.ts";
import { relevantCells } from "./relevant-cells.ts";
import { type AskedBrowser, type RuleInput, rules } from "./rules.ts";
import type { ChooserTable, TechniqueFacts } from "./table.ts";

/** What a technique is worth to somebody. */
export type Choice = {
  readonly technique: Pick<TechniqueFacts, "id" | "title">;
  /** What shows it, in the order in which it should be read. */
  readonly reasons: readonly Finding[];
} & (
  | {
      readonly state: "ranked";
      /** From 1; techniques between which nothing decides share one. */
      readonly rank: number;
      /** What to do about what can go wrong, each sentence once. */
      readonly advice: readonly string[];
    }
  /** Something that was asked for is not known, or nothing at all is known of what goes wrong. */
  | { readonly state: "unknown" }
  /** What it is said to do: "does not work here". */
  | { readonly state: "excluded"; readonly because: string }
);

/** Who else can connect matters to those who ask for it, and says nothing against a technique otherwise. */
const onlyWhenAsked: readonly RiskId[] = ["callers"];

/** Techniques in the order in which to look at them: ranked ones, those of which too little is known, excluded ones. */
export function choose(constraints: Constraints, table: ChooserTable): Choice[] {
  const asked = table.browsers.filter(
    ({ id }) => constraints.browsers.length === 0 || constraints.browsers.includes(id),
  );
  const judged = table.techniques.map((technique) => {
    const browsers = asked.map(({ id, label }): AskedBrowser => {
      return { label, facts: technique.browsers[id] };
    });
    return judge({ technique, browsers, constraints, table });
  });
  const inState = (state: Choice["state"]): Judged[] => judged.filter((one) => one.state === state);
  const ranked = inState("ranked").toSorted(compare);
  return [
    ...ranked.map((one): Choice => {
      const { technique, reasons } = one;
      const rank = ranked.findIndex((other) => compare(other, one) === 0) + 1;
      const advice = [...new Set(reasons.flatMap((reason) => reason.advice ?? []))];
      return { technique, reasons, state: "ranked", rank, advice };
    }),
    ...inState("unknown").map(({ technique, reasons }): Choice => {
      return { technique, reasons, state: "unknown" };
    }),
    ...rules.flatMap(({ excludes }) =>
      inState("excluded")
        .filter(({ because }) => because === excludes)
        .map(({ technique, reasons, because }): Choice => {
          return { technique, reasons, state: "excluded", because };
        }),
    ),
  ];
}

interface Judged {
  readonly technique: Choice["technique"];
  readonly state: Choice["state"];
  /** Empty unless it is excluded. */
  readonly because: string;
  readonly reasons: readonly Finding[];
  /** For each severity, in their order, the risks with such a finding. */
  readonly counts: readonly number[];
  /** Trials passed at the place asked for. */
  readonly passed: number;
}

function judge(input: RuleInput): Judged {
  const { technique } = input;
  const { id, title } = technique;
  const checked = rules.flatMap((rule) => rule.check(input).map((one) => ({ ...one, rule })));
  const risks = riskFindings(input);
  const base = {
    technique: { id, title },
    counts: severityOrder.map(
      (severity) =>
        new Set(risks.flatMap((one) => (one.severity === severity ? [one.subject] : []))).size,
    ),
    passed: passedBy(input),
  };
  const inState = (state: (typeof checked)[number]["state"]): typeof checked =>
    checked.filter((one) => one.state === state);
  const findings = (some: typeof checked): Finding[] => merged(some.map(({ finding }) => finding));
  const [broken] = inState("violated");
  if (broken !== undefined) {
    const reasons = findings(inState("violated"));
    return { ...base, state: "excluded", because: broken.rule.excludes, reasons };
  }
  const missing = findings(inState("unknown"));
  const met = findings(inState("met"));
  const isAnythingKnown = risks.some(({ severity }) => severity !== "unknown");
  const isUnknown = missing.length > 0 || !isAnythingKnown || input.browsers.length === 0;
  return {
    ...base,
    state: isUnknown ? "unknown" : "ranked",
    because: "",
    reasons: unique([...missing, ...met, ...risks]),
  };
}

/** What goes wrong at the place asked for, in the browsers asked for, the worst first. */
function riskFindings({ browsers, constraints, table }: RuleInput): Finding[] {
  return merged(
    table.risks
      .filter(({ id }) => !onlyWhenAsked.includes(id))
      .flatMap(({ id }) =>
        browsers.flatMap(({ label, facts }): Finding[] => {
          const subject = riskTitle(table, id);
          const pointless = facts?.pointless.find(({ risk }) => risk === id);
          if (pointless !== undefined) return [];
          const cells = facts === undefined ? [] : relevantCells(facts, id, constraints);
          return cells.length === 0
            ? [notMeasured(subject, "There is no trial of this here.", [label])]
            : cells.map((cell) => cellFinding(cell, subject, label));
        }),
      ),
  );
}

/** Fewer risks with the worst findings come first, then fewer with the next worse; then more trials passed. */
function compare(
  a: Pick<Judged, "counts" | "passed">,
  b: Pick<Judged, "counts" | "passed">,
): number {
  // Fine is what remains: to count it would reward those with more to go wrong.
  const bad = severityOrder.slice(0, -1);
  const difference = bad
    .map((_severity, index) => (a.counts[index] ?? 0) - (b.counts[index] ?? 0))
    .find((one) => one !== 0);
  return difference ?? b.passed - a.passed;
}

function passedBy({ browsers, constraints: { placement, scheme } }: RuleInput): number {
  return browsers.reduce((sum, { facts }) => {
    const fact = facts?.variants.find(({ variant }) => variant === `${placement}, ${scheme}`);
    return sum + (fact?.passed ?? 0);
  }, 0);
}

/** A demand's finding is a risk's too, and is told once. */
function unique(findings: readonly Finding[]): Finding[] {
  const keys = new Set<string>();
  return findings.filter(({ subject, about, word }) => {
    const key = JSON.stringify([subject, about, word]);
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}
