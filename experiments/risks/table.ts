import type { JudgedTrial, Results, Run } from "../../model/results.ts";
import type { Placement } from "../../model/trial.ts";
import type { Catalogue, TechniqueEntry } from "../report/catalogue.ts";
import { type Column, columnsOf, type FoldedColumn } from "../report/columns.ts";
import { inOrder } from "../report/display-order.ts";
import { rank } from "./drafts.ts";
import { risks } from "./index.ts";
import type { Risk, RiskCell, Severity } from "./risk.ts";

/** What one run shows of one technique and one risk. */
export interface RiskSummary<Of extends Column = Column> {
  readonly column: Of;
  /** The worst word, or why there is none: "left out", "not tried". Runs that did not ask for the risk at all have no column. */
  readonly word: string;
  /** Null when nothing was tried. */
  readonly severity: Severity | null;
  /** Why it was left out; null when it was not. */
  readonly reason: string | null;
  /** Worst first. */
  readonly cells: readonly RiskCell[];
  /** Where the technique was tried at all. */
  readonly placements: readonly Placement[];
}

/** One technique in all runs. */
export interface RiskRow {
  readonly technique: TechniqueEntry;
  /** One per column, in the order of the columns. */
  readonly summaries: readonly RiskSummary[];
  /** The same for runs with other profiles that tried it. */
  readonly folded: readonly RiskSummary<FoldedColumn>[];
}

/** One risk: techniques against runs. */
export interface RiskTable {
  readonly risk: Risk;
  readonly columns: readonly Column[];
  /** Techniques of which any run tried this. */
  readonly rows: readonly RiskRow[];
}

/** Arranges what goes wrong, a table for every risk that was looked for, in the order of the registry. */
export function riskTables(results: Results, catalogue: Catalogue): RiskTable[] {
  return risks.flatMap((risk) => {
    const table = riskTable(risk, results, catalogue);
    return table.rows.length === 0 ? [] : [table];
  });
}

/** One risk of all techniques in all runs. */
export function riskTable(risk: Risk, results: Results, catalogue: Catalogue): RiskTable {
  const { columns, folded } = columnsOf(results);
  const titles = new Map(catalogue.techniques.map((technique) => [technique.id, technique]));
  const tried = results.runs.flatMap(({ trials }) => trials.filter(isAbout(risk)));
  const ids = inOrder(
    tried.map(({ technique }) => technique),
    [...titles.keys()],
  );
  const scenarios = new Set(tried.map(({ scenario }) => scenario));
  const rows = ids.map((id): RiskRow => {
    const technique = titles.get(id) ?? { id, title: id };
    const summary = <Of extends Column>(column: Of): RiskSummary<Of> =>
      summaryOf(risk, id, column, scenarios);
    return {
      technique,
      summaries: columns.map((column) => summary(column)),
      folded: folded.map((column) => summary(column)).filter(({ severity }) => severity !== null),
    };
  });
  const told = rows.filter(({ summaries, folded: others }) =>
    [...summaries, ...others].some(isTold),
  );
  const isAsked = columns.map((column, index) =>
    told.some(
      ({ summaries, folded: others }) =>
        summaries.slice(index, index + 1).some(isTold) ||
        others.some((other) => other.column.base === column),
    ),
  );
  return {
    risk,
    columns: columns.filter((_, index) => isAsked[index]),
    rows: told.map((row) => ({
      ...row,
      summaries: row.summaries.filter((_, index) => isAsked[index]),
    })),
  };
}

function isTold({ severity }: RiskSummary): boolean {
  return severity !== null;
}

/** The worst of some cells; undefined for none. */
export function worstOf<Item extends Pick<RiskCell, "severity" | "moot">>(
  items: readonly Item[],
): Item | undefined {
  return items.toSorted((a, b) => rank(a) - rank(b))[0];
}

function isAbout({ id }: Risk): (trial: JudgedTrial) => boolean {
  return ({ aspect }) => aspect === id;
}

function summaryOf<Of extends Column>(
  risk: Risk,
  technique: string,
  column: Of,
  /** Those that are about the risk, as far as they were tried with any technique. */
  scenarios: ReadonlySet<string>,
): RiskSummary<Of> {
  const { run } = column;
  const all = trialsByTechnique(run).get(technique) ?? [];
  const trials = all.filter(isAbout(risk));
  const cells = trials.length === 0 ? [] : risk.assess(trials, { technique, run, all });
  const placements = [...new Set(all.map(({ placement }) => placement))];
  const worst = worstOf(cells);
  if (worst === undefined) {
    const leftOut = run.leftOut.flatMap((one) =>
      one.technique === technique && "scenario" in one ? [one] : [],
    );
    const whys = [...scenarios].map((scenario) => leftOut.find((one) => one.scenario === scenario));
    const left = whys.every((one) => one !== undefined) ? whys[0] : undefined;
    return {
      column,
      word: left === undefined ? "not tried" : "left out",
      severity: null,
      reason: left?.reason ?? null,
      cells,
      placements,
    };
  }
  const { word, severity } = worst;
  return { column, word, severity, reason: null, cells, placements };
}

const grouped = new WeakMap<Run, ReadonlyMap<string, readonly JudgedTrial[]>>();

/** Every risk asks for the same trials, of which a run has thousands. */
function trialsByTechnique(run: Run): ReadonlyMap<string, readonly JudgedTrial[]> {
  const known = grouped.get(run);
  if (known !== undefined) return known;
  const made = Map.groupBy(run.trials, ({ technique }) => technique);
  grouped.set(run, made);
  return made;
}
