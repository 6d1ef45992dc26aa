import type { JudgedTrial, LeftOut, Results, Run, SummaryWord } from "../model/results.ts";
import type { Placement, Scheme } from "../model/trial.ts";
import type { Catalogue } from "../experiments/report/catalogue.ts";
import { type Column, columnsOf } from "../experiments/report/columns.ts";
import { type Cell, matrixOf } from "../experiments/report/matrix.ts";
import { repetitionsOf } from "../experiments/report/repetitions.ts";
import { variantOf } from "../experiments/verdict.ts";
import { type CompareView, proofOf } from "./compare-view.ts";
import { outcomeCodes, type SiteData, type SiteRun, type SiteTechnique } from "./data.ts";
import { outcomeCode, unpackRun } from "./pack.ts";

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
}

/** A run as a column of the matrix. */
export interface ShownColumn {
  readonly run: SiteRun;
  readonly column: Column;
  /** Whether the address asks for it by name. */
  readonly isChosen: boolean;
}

/** A technique in all columns. */
export interface ShownRow {
  readonly technique: SiteTechnique;
  /** One for every column. */
  readonly cells: readonly ShownCell[];
}

/** What a view shows. */
export interface ShownMatrix {
  readonly columns: readonly ShownColumn[];
  readonly rows: readonly ShownRow[];
  readonly placements: readonly Placement[];
  readonly schemes: readonly Scheme[];
  /** Whether cells say the words of the proof. */
  readonly isProof: boolean;
}

/** Computes what views show, by the reports' own rules. Remembers cells, so that it is made once for some data. */
export interface Comparison {
  readonly data: SiteData;
  matrix(view: CompareView): ShownMatrix;
  /** A cell of all placements and schemes, for the proof; undefined when the technique was not tried. */
  proof(run: SiteRun, technique: string): Cell | undefined;
  trials(run: SiteRun, technique: string): readonly JudgedTrial[];
  /** The names that tell these runs apart: "Firefox 153.7.0 (headful)". */
  columns(this: void, runs: readonly SiteRun[]): readonly Column[];
  /** For newer data, which share what was computed of runs that have not changed. */
  withData(data: SiteData): Comparison;
}

interface IndexedRun {
  readonly run: Run;
  readonly byTechnique: ReadonlyMap<string, readonly JudgedTrial[]>;
  readonly cells: Map<string, ShownCell>;
  readonly proofs: Map<string, Cell | undefined>;
}

/** Makes the comparison of some runs. */
export function createComparison(
  data: SiteData,
  known: WeakMap<SiteRun, IndexedRun> = new WeakMap(),
): Comparison {
  const catalogue: Catalogue = {
    techniques: data.techniques,
    scenarios: data.scenarios,
    conditions: [],
  };

  function indexed(run: SiteRun): IndexedRun {
    let index = known.get(run);
    if (index === undefined) {
      const unpacked = unpackRun(run, data);
      const byTechnique = Map.groupBy(unpacked.trials, ({ technique }) => technique);
      index = { run: unpacked, byTechnique, cells: new Map(), proofs: new Map() };
      known.set(run, index);
    }
    return index;
  }

  function cell(run: SiteRun, technique: string, view: CompareView, isProof: boolean): ShownCell {
    const { cells } = indexed(run);
    const key = [technique, view.placement, view.scheme, view.scenario].join(" ");
    let shown = cells.get(key);
    if (shown === undefined) {
      shown = isProof ? verdictCell(run, technique, view) : countCell(run, technique, view);
      cells.set(key, shown);
    }
    return shown;
  }

  function tried(run: SiteRun, technique: string, view: CompareView): readonly JudgedTrial[] {
    return (indexed(run).byTechnique.get(technique) ?? []).filter(
      ({ placement, scheme }) => isAmong(view.placement, placement) && isAmong(view.scheme, scheme),
    );
  }

  function verdictCell(run: SiteRun, technique: string, view: CompareView): ShownCell {
    const found = matrixCell(indexed(run).run, tried(run, technique, view), catalogue);
    if (found === undefined) return untriedCell(run, technique, view);
    const { summary, variants, brokenWhere, repetitions } = found;
    const words = new Map<string, MarkWord>(
      variants.map((one) => [one.variant, one.isSupported ? one.summary.word : "unsupported"]),
    );
    return {
      word: summary.word,
      passed: summary.passed,
      total: summary.total,
      brokenWhere,
      notKeptOut: 0,
      isUnstable: repetitions.some(({ unstable }) => unstable !== null),
      marks: variantsOf(view, data).map((variant) => words.get(variant) ?? "untried"),
      leftOut: null,
    };
  }

  function countCell(run: SiteRun, technique: string, view: CompareView): ShownCell {
    const trials = tried(run, technique, view).filter(({ scenario }) =>
      view.scenario.includes(scenario),
    );
    if (trials.length === 0) return untriedCell(run, technique, view);
    const byVariant = Map.groupBy(trials, variantOf);
    const count = countOf(trials);
    return {
      word: count.word,
      passed: count.passed,
      total: count.total,
      brokenWhere: null,
      notKeptOut: trials.filter(isLetIn).length,
      isUnstable: repetitionsOf(trials, catalogue).some(({ unstable }) => unstable !== null),
      marks: variantsOf(view, data).map((variant) => markOf(byVariant.get(variant) ?? [])),
      leftOut: null,
    };
  }

  function untriedCell(run: SiteRun, technique: string, view: CompareView): ShownCell {
    return {
      word: "untried",
      passed: 0,
      total: 0,
      brokenWhere: null,
      notKeptOut: 0,
      isUnstable: false,
      marks: [],
      leftOut: whyLeftOut(run.leftOut, technique, view, data),
    };
  }

  function columns(runs: readonly SiteRun[]): Column[] {
    const reported = runs.map((run) => indexed(run).run);
    const { columns: plain, folded } = columnsOf({ runs: reported });
    const all = [...plain, ...folded];
    return reported.flatMap((run) => all.find((column) => column.run === run) ?? []);
  }

  return {
    data,
    columns,
    matrix(view) {
      const isProof = view.scenario.length === 0;
      const runs = runsOf(view, data);
      const named = columns(runs);
      const shown = runs.flatMap((run, index): ShownColumn[] => {
        const column = named[index];
        const isChosen = view.run.includes(run.key);
        return column === undefined ? [] : [{ run, column, isChosen }];
      });
      const wanted = view.search.toLowerCase();
      const rows = data.techniques
        .filter(
          ({ id, title, stage, via }) =>
            isAmong(view.technique, id) &&
            (view.stage === null || view.stage === stage) &&
            `${title}\n${id}\n${via}`.toLowerCase().includes(wanted),
        )
        .map((technique): ShownRow => {
          return { technique, cells: runs.map((run) => cell(run, technique.id, view, isProof)) };
        })
        .filter(({ cells }) => cells.some(({ total }) => total > 0))
        .filter(({ cells }) => !view.onlyDifferences || areDifferent(cells));
      return {
        columns: shown,
        rows,
        placements: view.placement.length === 0 ? data.placements : view.placement,
        schemes: view.scheme.length === 0 ? data.schemes : view.scheme,
        isProof,
      };
    },
    proof(run, technique) {
      const { proofs, byTechnique, run: reported } = indexed(run);
      if (!proofs.has(technique)) {
        proofs.set(technique, matrixCell(reported, byTechnique.get(technique) ?? [], catalogue));
      }
      return proofs.get(technique);
    },
    trials: (run, technique) => indexed(run).byTechnique.get(technique) ?? [],
    withData: (newer) => createComparison(newer, known),
  };
}

/** Whether a visit goes on. */
export function isRunning({ planned = 0, trials }: SiteRun): boolean {
  return trials.length < planned;
}

/** How far a visit is: what its browser cannot be given was over before it began, and is not counted. */
export function progressOf({ planned = 0, trials }: SiteRun): {
  readonly done: number;
  readonly total: number;
} {
  const unsupported = outcomeCodes.indexOf("unsupported");
  const skipped = trials.filter(([, , , , outcome]) => outcome === unsupported).length;
  return { done: trials.length - skipped, total: planned - skipped };
}

/** The cell that every report would show of these trials of one technique in one run; undefined when there is no proof among them. */
export function matrixCell(
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

/** The runs that are columns: those asked for by name, then published ones, the newest of this machine, visits. */
export function runsOf(view: CompareView, { runs }: SiteData): SiteRun[] {
  const chosen = view.run.flatMap((key) => runs.find((run) => run.key === key) ?? []);
  const profiles = view.profile.length === 0 ? ["default"] : view.profile;
  const others = runs.filter(
    (run) =>
      !chosen.includes(run) &&
      isAmong(view.browser, run.browser.id) &&
      isAmong(view.source, run.source) &&
      profiles.includes(run.profile.name),
  );
  return [...chosen, ...others.filter((run) => !isOutdated(run, others))];
}

function isOutdated(run: SiteRun, among: readonly SiteRun[]): boolean {
  return (
    run.source === "local" &&
    among.some(
      (other) =>
        other.source === "local" &&
        other.browser.id === run.browser.id &&
        other.profile.name === run.profile.name &&
        other.through === run.through &&
        Date.parse(other.startedAt) > Date.parse(run.startedAt),
    )
  );
}

function variantsOf(view: CompareView, { placements, schemes }: SiteData): string[] {
  return schemes
    .filter((scheme) => isAmong(view.scheme, scheme))
    .flatMap((scheme) =>
      placements
        .filter((placement) => isAmong(view.placement, placement))
        .map((placement) => variantOf({ placement, scheme })),
    );
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

function markOf(trials: readonly JudgedTrial[]): MarkWord {
  if (trials.length === 0) return "untried";
  if (trials.every(({ verdict }) => verdict.outcome === "unsupported")) return "unsupported";
  return trials.some(isLetIn) ? "unsafe" : countMarks[countOf(trials).word];
}

function isLetIn({ verdict }: JudgedTrial): boolean {
  return outcomeCode(verdict) === "let-in";
}

/** Whether browsers that could be asked gave different answers; what is not known is no answer. */
function areDifferent(cells: readonly ShownCell[]): boolean {
  const words = cells.map(({ word }) => word);
  if (isDiverse(words.filter((word) => !["untried", "unknown", "open"].includes(word))))
    return true;
  const places = Math.max(...cells.map(({ marks }) => marks.length));
  return Array.from({ length: places }, (_, place) =>
    cells.flatMap(({ marks }) => marks[place] ?? []),
  ).some((marks) =>
    isDiverse(marks.filter((mark) => !["untried", "unknown", "unsupported"].includes(mark))),
  );
}

function isDiverse(words: readonly string[]): boolean {
  return new Set(words).size > 1;
}

function whyLeftOut(
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

function isAmong(chosen: readonly string[], value: string): boolean {
  return chosen.length === 0 || chosen.includes(value);
}
