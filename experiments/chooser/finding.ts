import type { RiskId, Severity } from "../risks/risk.ts";
import type { RelevantCell } from "./relevant-cells.ts";
import type { ChooserTable, TrialName } from "./table.ts";

/** Something that is known of a technique, or is not, in the browsers named. */
export interface Finding {
  /** What it is about: "Hijacking", "Works here". */
  readonly subject: string;
  /** What tells findings of one subject apart: who attacks, which place was searched. */
  readonly about: string;
  readonly severity: Severity;
  /** Two to four words. */
  readonly word: string;
  readonly sentence: string;
  /** Null: nothing is to be done. */
  readonly advice: string | null;
  /** Their names with versions; empty: it does not depend on the browser. */
  readonly browsers: readonly string[];
  readonly evidence: readonly TrialName[];
}

/**
 * Severities in the order in which they count when techniques are compared. What nobody knows counts
 * worse than what can be lived with, and is never as good as fine.
 */
export const severityOrder: readonly Severity[] = ["danger", "unknown", "mind", "fine"];

/** 0 is the worst. */
export function severityRank({ severity }: Pick<Finding, "severity">): number {
  return severityOrder.indexOf(severity);
}

/** A risk's cell as a finding in one browser. */
export function cellFinding(
  { cell, measuredAt }: RelevantCell,
  subject: string,
  browser: string,
): Finding {
  const { severity, word, sentence, advice, about, where, evidence } = cell;
  return {
    subject,
    about: [about ?? "", ...where.callers].join(" "),
    severity,
    word,
    sentence: measuredAt === null ? sentence : `${sentence} (Measured at ${measuredAt}.)`,
    advice: severity === "fine" ? null : advice,
    browsers: [browser],
    evidence,
  };
}

/** What is said when there is no cell to say it. */
export function notMeasured(
  subject: string,
  sentence: string,
  browsers: readonly string[],
): Finding {
  return {
    subject,
    about: "",
    severity: "unknown",
    word: "not measured",
    sentence,
    advice: "Nothing was shown: measure it in your own browsers before you rely on it.",
    browsers,
    evidence: [],
  };
}

/** One finding of those that say the same of different browsers, the worst first. */
export function merged(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, ({ subject, about, severity, word }) =>
    JSON.stringify([subject, about, severity, word]),
  );
  return [...groups.values()]
    .flatMap((some): Finding[] => {
      const [first] = some;
      if (first === undefined) return [];
      const isSame = some.every(({ sentence }) => sentence === first.sentence);
      const whose = isSame || first.browsers.length === 0 ? "" : ` (So in ${first.browsers[0]}.)`;
      return [
        {
          ...first,
          sentence: `${first.sentence}${whose}`,
          browsers: [...new Set(some.flatMap(({ browsers }) => browsers))],
          evidence: some.flatMap(({ evidence }) => evidence),
        },
      ];
    })
    .toSorted((a, b) => severityRank(a) - severityRank(b));
}

/** The title of a risk, as reports name it. */
export function riskTitle({ risks }: ChooserTable, id: RiskId): string {
  return risks.find((risk) => risk.id === id)?.title ?? id;
}
