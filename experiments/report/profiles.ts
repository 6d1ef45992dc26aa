import type { Verdict } from "../../model/results.ts";
import type { ScenarioEntry, TechniqueEntry } from "./catalogue.ts";
import type { FoldedColumn } from "./columns.ts";
import { type CommonReason, commonReason } from "./findings.ts";
import type { Cell, Matrix } from "./matrix.ts";
import type { Repetitions } from "./repetitions.ts";
import { listed, whereFound } from "./variants.ts";

/** A difference that scenarios and variants have in common. */
export interface ProfileDifference {
  readonly scenarios: readonly ScenarioEntry[];
  /** "cross-site only"; null when the matrix has one variant only. */
  readonly where: string | null;
  /** "passes by default, fails here"; the reason is that of the last word. */
  readonly what: string;
  /** Why it does not pass here, or else why not by default. */
  readonly reason: string;
  /** The trials with this profile. */
  readonly repetitions: readonly Repetitions[];
}

/** How a browser with another profile differs from itself with the default one. */
export interface ProfileComparison {
  readonly column: FoldedColumn;
  /** When no trial could be judged with this profile, for one reason that is not that of the default; else null. */
  readonly common: CommonReason | null;
  /** How many trials with this profile could be compared, and how many of them differ. */
  readonly compared: number;
  readonly differing: number;
  /** How many could be judged with neither profile. */
  readonly undecided: number;
  /** How many were not made with the default profile. */
  readonly unmatched: number;
  /** Empty when they have something in common. */
  readonly techniques: readonly {
    readonly technique: TechniqueEntry;
    readonly differences: readonly ProfileDifference[];
  }[];
}

/** Compares every folded run with its base: trial by trial, by outcome. */
export function profileComparisons({
  columns,
  folded,
  rows,
  hasVariants,
}: Matrix): ProfileComparison[] {
  return folded.map((column, index) => {
    const base = columns.findIndex(({ run }) => run === column.base.run);
    const techniques = rows.map(({ technique, cells, folded: others }) => {
      const pairs = pairsOf(others[index]?.repetitions ?? [], cells[base]);
      return { technique, pairs, differences: differencesOf(pairs, hasVariants) };
    });
    const pairs = techniques.flatMap((one) => one.pairs);
    const count = (test: (pair: Pair) => boolean): number =>
      pairs.filter(test).flatMap(({ here }) => here.trials).length;
    const { trials } = column.run;
    const common = newsOf(column);
    return {
      column,
      common,
      compared: count((pair) => !isUndecided(pair)),
      differing: count(isDifferent),
      undecided: count(isUndecided),
      unmatched: trials.length - count(() => true),
      techniques:
        common === null ? techniques.filter(({ differences }) => differences.length > 0) : [],
    };
  });
}

function newsOf({ run: { trials }, base }: FoldedColumn): CommonReason | null {
  const here = commonReason(trials, trials.length, "trials");
  const byDefault = commonReason(base.run.trials, base.run.trials.length, "trials");
  const isKnown = here?.outcome === byDefault?.outcome && here?.reason === byDefault?.reason;
  return isKnown ? null : here;
}

/** "no difference (96 trials)", "12 of 96 trials differ", "all 96 trials: unsupported: no such names". */
export function comparisonText({
  common,
  compared,
  differing,
  undecided,
  unmatched,
}: ProfileComparison): string {
  if (common !== null) return `${common.extent}: ${common.outcome}: ${common.reason}`;
  const rest = [
    ...(undecided === 0 ? [] : [`${undecided} judged neither here nor by default`]),
    ...(unmatched === 0 ? [] : [`${unmatched} not made by default`]),
  ];
  const trials = compared === 1 ? "1 trial" : `${compared} trials`;
  if (compared === 0) return ["nothing to compare", ...rest].join("; ");
  return differing === 0
    ? `no difference (${[trials, ...rest].join("; ")})`
    : [`${differing} of ${trials} ${differing === 1 ? "differs" : "differ"}`, ...rest].join("; ");
}

/** A difference but for its reason: "valid and rotation, cross-site only: passes by default, fails here". */
export function differenceText({ scenarios, where, what }: ProfileDifference): string {
  const tried = listed(scenarios.map(({ id }) => id));
  return `${tried}${where === null ? "" : `, ${where}`}: ${what}`;
}

/** The same trial with both profiles. */
interface Pair {
  readonly here: Repetitions;
  readonly byDefault: Repetitions;
}

function pairsOf(repetitions: readonly Repetitions[], base: Cell | undefined): Pair[] {
  return repetitions.flatMap((here) => {
    const isSame = ({ scenario, variant }: Repetitions): boolean =>
      scenario.id === here.scenario.id && variant === here.variant;
    const byDefault = base?.repetitions.find(isSame);
    return byDefault === undefined ? [] : [{ here, byDefault }];
  });
}

type Outcome = Verdict["outcome"] | "unstable";

const outcomeWords: Readonly<Record<Outcome, string>> = {
  pass: "passes",
  fail: "fails",
  unstable: "unstable",
  timeout: "times out",
  crash: "crashes",
  "harness-error": "harness error",
  unsupported: "unsupported",
};

function outcomeOf({ unstable, trials: [first] }: Repetitions): Outcome {
  return unstable === null ? (first?.verdict.outcome ?? "unsupported") : "unstable";
}

function isDifferent({ here, byDefault }: Pair): boolean {
  return outcomeOf(here) !== outcomeOf(byDefault);
}

const decided: readonly Outcome[] = ["pass", "fail", "unstable"];

function isUndecided({ here, byDefault }: Pair): boolean {
  return outcomeOf(here) === outcomeOf(byDefault) && !decided.includes(outcomeOf(here));
}

interface ScenarioDifference extends Omit<ProfileDifference, "scenarios"> {
  readonly scenario: ScenarioEntry;
}

function differencesOf(pairs: readonly Pair[], hasVariants: boolean): ProfileDifference[] {
  const perScenario = [...Map.groupBy(pairs, ({ here }) => here.scenario)].flatMap(
    ([scenario, own]) => differencesOfScenario(scenario, own, hasVariants),
  );
  const alike = Map.groupBy(perScenario, ({ where, what, reason }) =>
    JSON.stringify([where, what, reason]),
  );
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { where, what, reason } = first;
    const scenarios = group.map(({ scenario }) => scenario);
    const repetitions = group.flatMap((one) => one.repetitions);
    return [{ scenarios, where, what, reason, repetitions }];
  });
}

function differencesOfScenario(
  scenario: ScenarioEntry,
  pairs: readonly Pair[],
  hasVariants: boolean,
): ScenarioDifference[] {
  const found = pairs
    .filter(isDifferent)
    .map((pair) => ({ here: pair.here, ...whatDiffers(pair) }));
  const variants = pairs.map(({ here }) => here.variant);
  const options = { isComplete: !pairs.some(isUndecided) };
  return [...Map.groupBy(found, ({ what, reason }) => JSON.stringify([what, reason]))].flatMap(
    ([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      const repetitions = group.map(({ here }) => here);
      const at = repetitions.map(({ variant }) => variant);
      const where = hasVariants ? whereFound(at, variants, options) : null;
      return [{ scenario, where, what: first.what, reason: first.reason, repetitions }];
    },
  );
}

function whatDiffers({ here, byDefault }: Pair): Pick<ProfileDifference, "what" | "reason"> {
  const words = [
    `${outcomeWords[outcomeOf(byDefault)]} by default`,
    `${outcomeWords[outcomeOf(here)]} here`,
  ];
  const reason = reasonOf(here);
  return reason === null
    ? { what: words.toReversed().join(", "), reason: reasonOf(byDefault) ?? "" }
    : { what: words.join(", "), reason };
}

/** Why it did not pass. Scenarios of one and of many attempts say the same once the attempt is not numbered. */
function reasonOf({ trials }: Repetitions): string | null {
  const verdict = trials.find((trial) => trial.verdict.outcome !== "pass")?.verdict;
  if (verdict === undefined) return null;
  const number = verdict.outcome === "fail" ? `attempt ${verdict.attempt + 1} ` : "";
  return verdict.reason.startsWith(number) ? verdict.reason.slice(number.length) : verdict.reason;
}
