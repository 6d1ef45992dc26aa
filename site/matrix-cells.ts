import type { JudgedTrial, LeftOut, Results, Run, SummaryWord } from "../model/results.ts";
import type { Catalogue } from "../experiments/report/catalogue.ts";
import { type Cell, matrixOf } from "../experiments/report/matrix.ts";
import { repetitionsOf } from "../experiments/report/repetitions.ts";
import { variantOf } from "../experiments/verdict.ts";
import { type CompareView, proofOf } from "./compare-view.ts";
import type { SiteData } from "./data.ts";
import { outcomeCode } from "./pack.ts";

/** What is known of one placement and scheme: a word, or that all, some or none of the trials asked for passed. */
export type MarkWord = SummaryWord | "unsupported" | "untried";

/** A cell as the matrix shows it. */
export interface ShownCell {
  /** What the trials amount to. For another question than the proof: whether they passed, which no verdict says. */
  readonly word: SummaryWord | "all" | "some" | "none" | "open" | "untried";
  readonly passed: number;
  readonly total: number;
  /** Where a technique that works `partly` is broken: "cross-site over ws". */
  readonly brokenWhere: string | null;
  /** For another question than the proof: trials in which somebody was let in, or stayed in, who should not. */
  readonly notKeptOut: number;
  readonly isUnstable: boolean;
  /** One for every placement and scheme that is shown, scheme by scheme. */
  readonly marks: readonly MarkWord[];
  /** Why it was left out everywhere; null when it was not. */
  readonly leftOut: string | null;
  /** Whether it works in a visit that goes on: what makes a technique unsafe may be tried last. */
  readonly isSoFar: boolean;
  /** Whether trials that the view leaves away make the technique unsafe. */
  readonly isUnsafeElsewhere: boolean;
}

/** What trials alone say of a cell. */
export type TrialsCell = Omit<ShownCell, "isSoFar" | "isUnsafeElsewhere">;

/** The cell that every report would show of these trials of one technique in one run; undefined when there is no proof among them. */
export function proofCell(
  run: Run,
  trials: readonly JudgedTrial[],
  catalogue: Catalogue,
): Cell | undefined {
  const results: Results = {
    schema: "websocket-auth-results/1",
    runs: [{ ...run, trials }],
    trust: [],
  };
  return matrixOf(results, catalogue).rows[0]?.cells[0];
}

/** A cell that says the word of the proof, with a mark for each of the variants. */
export function verdictCell(
  { summary, variants: tried, brokenWhere, repetitions }: Cell,
  variants: readonly string[],
): TrialsCell {
  const words = new Map<string, MarkWord>(
    tried.map((one) => [one.variant, one.isSupported ? one.summary.word : "unsupported"]),
  );
  return {
    word: summary.word,
    passed: summary.passed,
    total: summary.total,
    brokenWhere,
    notKeptOut: 0,
    isUnstable: repetitions.some(({ unstable }) => unstable !== null),
    marks: variants.map((variant) => words.get(variant) ?? "untried"),
    leftOut: null,
  };
}

/** A cell that counts what passed, for another question than the proof. There is at least one trial. */
export function countCell(
  trials: readonly JudgedTrial[],
  variants: readonly string[],
  catalogue: Catalogue,
): TrialsCell {
  const byVariant = Map.groupBy(trials, variantOf);
  return {
    ...countOf(trials),
    brokenWhere: null,
    notKeptOut: trials.filter(isLetIn).length,
    isUnstable: repetitionsOf(trials, catalogue).some(({ unstable }) => unstable !== null),
    marks: variants.map((variant) => markOf(byVariant.get(variant) ?? [])),
    leftOut: null,
  };
}

/** A cell of what was not tried, and why. */
export function untriedCell(leftOut: string | null): TrialsCell {
  return {
    word: "untried",
    passed: 0,
    total: 0,
    brokenWhere: null,
    notKeptOut: 0,
    isUnstable: false,
    marks: [],
    leftOut,
  };
}

type CountWord = "all" | "some" | "none" | "open";

interface Count {
  readonly word: CountWord;
  readonly passed: number;
  readonly total: number;
}

/** As everywhere, what a browser cannot be given is not counted, unless there is nothing else. */
function countOf(trials: readonly JudgedTrial[]): Count {
  const supported = trials.filter(({ verdict }) => verdict.outcome !== "unsupported");
  const counted = supported.length === 0 ? trials : supported;
  const passed = counted.filter(({ verdict }) => verdict.outcome === "pass").length;
  const failed = counted.filter(({ verdict }) => verdict.outcome === "fail").length;
  return { word: countWord(passed, failed, counted.length), passed, total: counted.length };
}

function countWord(passed: number, failed: number, total: number): CountWord {
  if (passed === total) return "all";
  if (failed === 0) return "open";
  return passed === 0 ? "none" : "some";
}

const countMarks: Readonly<Record<CountWord, MarkWord>> = {
  all: "works",
  some: "partly",
  none: "broken",
  open: "unknown",
};

/** What trials at one placement and scheme amount to, for another question than the proof. */
export function markOf(trials: readonly JudgedTrial[]): MarkWord {
  if (trials.length === 0) return "untried";
  if (trials.every(({ verdict }) => verdict.outcome === "unsupported")) return "unsupported";
  return trials.some(isLetIn) ? "unsafe" : countMarks[countOf(trials).word];
}

function isLetIn({ verdict }: JudgedTrial): boolean {
  return outcomeCode(verdict) === "let-in";
}

/** Why nothing was tried of what a view asks for; null when that was not left out as a whole. */
export function whyLeftOut(
  leftOut: readonly LeftOut[],
  technique: string,
  view: CompareView,
  data: SiteData,
): string | null {
  const own = leftOut.filter((one) => one.technique === technique);
  const scenarios = view.scenario.length === 0 ? proofOf(data) : view.scenario;
  const whole: readonly (readonly [readonly string[], (one: LeftOut) => string | null])[] = [
    [scenarios, (one) => ("scenario" in one ? one.scenario : null)],
    [
      view.placement.length === 0 ? data.placements : view.placement,
      (one) => ("placement" in one ? one.placement : null),
    ],
    [
      view.scheme.length === 0 ? data.schemes : view.scheme,
      (one) => ("scheme" in one ? one.scheme : null),
    ],
  ];
  for (const [asked, read] of whole) {
    const gone = own.filter((one) => asked.includes(read(one) ?? ""));
    if (asked.every((value) => gone.some((one) => read(one) === value))) {
      return gone[0]?.reason ?? null;
    }
  }
  return null;
}
