import type { JudgedTrial, Verdict } from "../../model/results.ts";
import type { TechniqueEntry } from "./catalogue.ts";
import type { Column } from "./columns.ts";
import type { Matrix } from "./matrix.ts";
import type { Repetitions } from "./repetitions.ts";
import { type Unsupported, unsupportedOf } from "./unsupported.ts";
import { whereFound } from "./variants.ts";

/** An outcome that says nothing for or against a technique. */
export type InconclusiveOutcome = Exclude<Verdict["outcome"], "pass" | "fail">;

/** A reason, and how many repetitions of the trial gave it. */
export interface CountedReason<Outcome extends Verdict["outcome"]> {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly count: number;
}

/** A trial that did not pass, with every different reason once. Variants with the same to say are one finding. */
export interface Finding<Outcome extends Verdict["outcome"]> {
  /** The first variant's trials. */
  readonly repetitions: Repetitions;
  /** How many variants have this to say. */
  readonly variants: number;
  /** Which they are: "everywhere", "wss only"; null when the matrix has one variant only. */
  readonly where: string | null;
  readonly reasons: readonly CountedReason<Outcome>[];
}

/** The one thing that there is to say of many trials, instead of saying it of each. */
export interface CommonReason {
  /** "all 28 trials", "all 7 scenarios". */
  readonly extent: string;
  readonly outcome: InconclusiveOutcome;
  readonly reason: string;
}

/** What was found of one technique in one browser. */
export interface TechniqueFindings<Outcome extends Verdict["outcome"]> {
  readonly technique: TechniqueEntry;
  /** When no scenario could be judged, for one reason; else null. */
  readonly common: CommonReason | null;
  readonly findings: readonly Finding<Outcome>[];
}

/** What was found in one browser, technique by technique. */
export interface BrowserFindings<Outcome extends Verdict["outcome"]> {
  readonly column: Column;
  /** When no trial of the browser could be judged, for one reason; else null. */
  readonly common: CommonReason | null;
  /** Placements and schemes that it cannot be given at all; `techniques` does not speak of them. */
  readonly unsupported: readonly Unsupported[];
  readonly techniques: readonly TechniqueFindings<Outcome>[];
}

/** Everything that wants explaining: what failed, and what could not be judged. */
export interface Findings {
  readonly fails: readonly BrowserFindings<"fail">[];
  readonly inconclusive: readonly BrowserFindings<InconclusiveOutcome>[];
}

/** Every `fail` and every inconclusive trial of a matrix. */
export function findingsOf(matrix: Matrix): Findings {
  return { fails: collect(matrix, isFail), inconclusive: collect(matrix, isInconclusive) };
}

/** How many trials, repetitions included, the findings speak of. */
export function countTrials(browsers: readonly BrowserFindings<Verdict["outcome"]>[]): number {
  const found = browsers
    .flatMap(({ techniques }) => techniques)
    .flatMap(({ findings }) => findings)
    .flatMap(({ variants, reasons }) => reasons.map(({ count }) => count * variants));
  const unsupported = browsers.flatMap((browser) =>
    browser.unsupported.map(({ trials }) => trials),
  );
  return [...found, ...unsupported].reduce((sum, count) => sum + count, 0);
}

type OutcomeTest<Outcome extends Verdict["outcome"]> = (
  outcome: Verdict["outcome"],
) => outcome is Outcome;

const isFail: OutcomeTest<"fail"> = (outcome) => outcome === "fail";
const isInconclusive: OutcomeTest<InconclusiveOutcome> = (outcome) =>
  outcome !== "pass" && outcome !== "fail";

function collect<Outcome extends Verdict["outcome"]>(
  { columns, rows, hasVariants }: Matrix,
  test: OutcomeTest<Outcome>,
): BrowserFindings<Outcome>[] {
  return columns.flatMap((column, index) => {
    const tried = rows.flatMap(({ technique, cells }) => {
      const groups = cells[index]?.repetitions ?? [];
      const scenarios = new Set(groups.map(({ scenario }) => scenario.id)).size;
      const trials = groups.flatMap((group) => group.trials);
      const common = commonReason(trials, scenarios, "scenarios");
      return groups.length === 0 ? [] : [{ technique, groups, common }];
    });
    const { trials } = column.run;
    const common = commonReason(trials, trials.length, "trials");
    const unsupported =
      hasVariants && common === null
        ? unsupportedOf(tried.filter((one) => one.common === null))
        : [];
    const saidOnce = new Set(unsupported.flatMap(({ repetitions }) => repetitions));
    const techniques = tried.flatMap(({ groups, ...one }) => {
      const found = groups.flatMap((repetitions) => {
        const reasons = saidOnce.has(repetitions) ? [] : mergeReasons(repetitions.trials, test);
        return reasons.length === 0 ? [] : [{ repetitions, reasons }];
      });
      const findings = mergeVariants(found, groups, hasVariants);
      return findings.length === 0 ? [] : [{ ...one, findings }];
    });
    const ofThisKind = test("unsupported") ? unsupported : [];
    if (techniques.length === 0 && ofThisKind.length === 0) return [];
    return [{ column, common, unsupported: ofThisKind, techniques }];
  });
}

/** Makes one finding of the variants of a scenario that say the same. */
function mergeVariants<Outcome extends Verdict["outcome"]>(
  findings: readonly Pick<Finding<Outcome>, "repetitions" | "reasons">[],
  tried: readonly Repetitions[],
  hasVariants: boolean,
): Finding<Outcome>[] {
  const same = Map.groupBy(findings, ({ repetitions: { scenario, unstable }, reasons }) =>
    JSON.stringify([scenario.id, unstable, reasons]),
  );
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { id } = first.repetitions.scenario;
    const variants = tried.filter(({ scenario }) => scenario.id === id);
    const found = group.map(({ repetitions }) => repetitions.variant);
    // Where a trial said nothing, nothing is known: "wss only" would claim that ws is fine.
    const allJudged = variants.every(
      ({ trials, variant }) =>
        found.includes(variant) || trials.some(({ verdict }) => !isInconclusive(verdict.outcome)),
    );
    const where = whereFound(
      found,
      variants.map(({ variant }) => variant),
      { isComplete: allJudged },
    );
    return [{ ...first, variants: group.length, where: hasVariants ? where : null }];
  });
}

/** What there is to say of all of these trials, if none could be judged for one reason. */
export function commonReason(
  trials: readonly JudgedTrial[],
  count: number,
  noun: string,
): CommonReason | null {
  const [first, ...others] = mergeReasons(trials, isInconclusive);
  if (count < 2 || first === undefined || others.length > 0 || first.count < trials.length) {
    return null;
  }
  return { extent: `all ${count} ${noun}`, outcome: first.outcome, reason: first.reason };
}

function mergeReasons<Outcome extends Verdict["outcome"]>(
  trials: readonly JudgedTrial[],
  test: OutcomeTest<Outcome>,
): CountedReason<Outcome>[] {
  const merged: CountedReason<Outcome>[] = [];
  for (const { verdict } of trials) {
    const { outcome, reason } = verdict;
    if (!test(outcome)) continue;
    const same = merged.findIndex((one) => one.outcome === outcome && one.reason === reason);
    const count = (merged[same]?.count ?? 0) + 1;
    merged.splice(same === -1 ? merged.length : same, 1, { outcome, reason, count });
  }
  return merged;
}
