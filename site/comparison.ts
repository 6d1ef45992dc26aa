import type { JudgedTrial, Run } from "../model/results.ts";
import type { Placement, Scheme } from "../model/trial.ts";
import type { Catalogue } from "../experiments/report/catalogue.ts";
import { type Column, columnsOf } from "../experiments/report/columns.ts";
import type { Cell } from "../experiments/report/matrix.ts";
import { variantOf } from "../experiments/verdict.ts";
import type { CompareView } from "./compare-view.ts";
import { outcomeCodes, type SiteData, type SiteRun, type SiteTechnique } from "./data.ts";
import { differInCounts, differInProof } from "./differences.ts";
import {
  countCell,
  proofCell,
  type ShownCell,
  type TrialsCell,
  untriedCell,
  verdictCell,
  whyLeftOut,
} from "./matrix-cells.ts";
import { unpackRun } from "./pack.ts";

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
      const own = made(run, technique, view, isProof);
      const isFiltered = view.placement.length > 0 || view.scheme.length > 0;
      const isElsewhere = isProof && isFiltered && own.word !== "unsafe" && own.total > 0;
      shown = {
        ...own,
        isSoFar: isRunning(run) && (own.word === "works" || own.word === "all"),
        isUnsafeElsewhere: isElsewhere && isUnsafe(run, technique),
      };
      cells.set(key, shown);
    }
    return shown;
  }

  function made(run: SiteRun, technique: string, view: CompareView, isProof: boolean): TrialsCell {
    const trials = tried(run, technique, view);
    const variants = variantsOf(view, data);
    const found = isProof ? proofCell(indexed(run).run, trials, catalogue) : undefined;
    if (found !== undefined) return verdictCell(found, variants);
    return isProof || trials.length === 0
      ? untriedCell(whyLeftOut(run.leftOut, technique, view, data))
      : countCell(trials, variants, catalogue);
  }

  function proof(run: SiteRun, technique: string): Cell | undefined {
    const { proofs, byTechnique, run: reported } = indexed(run);
    if (!proofs.has(technique)) {
      proofs.set(technique, proofCell(reported, byTechnique.get(technique) ?? [], catalogue));
    }
    return proofs.get(technique);
  }

  function isUnsafe(run: SiteRun, technique: string): boolean {
    return proof(run, technique)?.summary.word === "unsafe";
  }

  /** Whether any two of the runs gave different answers to what both were asked. */
  function areDifferent(
    runs: readonly SiteRun[],
    technique: string,
    view: CompareView,
    isProof: boolean,
  ): boolean {
    const answers = runs.map((run) => {
      return { run: indexed(run).run, trials: tried(run, technique, view) };
    });
    return answers.some((one, index) =>
      answers
        .slice(index + 1)
        .some((other) =>
          isProof ? differInProof(one, other, catalogue) : differInCounts(one.trials, other.trials),
        ),
    );
  }

  function tried(run: SiteRun, technique: string, view: CompareView): readonly JudgedTrial[] {
    return (indexed(run).byTechnique.get(technique) ?? []).filter(
      ({ placement, scheme, scenario }) =>
        isAmong(view.placement, placement) &&
        isAmong(view.scheme, scheme) &&
        isAmong(view.scenario, scenario),
    );
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
        .filter(
          ({ technique }) =>
            !view.onlyDifferences || areDifferent(runs, technique.id, view, isProof),
        );
      return {
        columns: shown,
        rows,
        placements: view.placement.length === 0 ? data.placements : view.placement,
        schemes: view.scheme.length === 0 ? data.schemes : view.scheme,
        isProof,
      };
    },
    proof,
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

/** The runs that are columns: those asked for by name, then published ones, the newest of this machine, visits. */
function runsOf(view: CompareView, { runs }: SiteData): SiteRun[] {
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

function isAmong(chosen: readonly string[], value: string): boolean {
  return chosen.length === 0 || chosen.includes(value);
}
