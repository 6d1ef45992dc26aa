import type { Column } from "../columns.ts";
import type { Matrix } from "../matrix.ts";
import type { Repetitions } from "../repetitions.ts";

/** The ids of the parts of a page. Every one is different, whatever names the results hold. */
export interface Anchors {
  run(column: Column): string;
  technique(technique: string): string;
  cell(column: Column, technique: string): string;
  /** `index` counts the repetitions of a trial from 0. */
  trial(repetitions: Repetitions, index: number): string;
}

/** Words that begin ids of other kinds. */
const reserved = new Set(["run", "technique", "certificate", "token", "risk"]);

/** Readable and stable ids for links: "firefox.user-information.rotation", "firefox_private.…". */
export function anchorsOf({ columns, folded, rows, hasVariants }: Matrix): Anchors {
  const runs = new Map<Column, string>();
  for (const [index, column] of [...columns, ...folded].entries()) {
    const { browser, profile } = column.run;
    const isFolded = index >= columns.length;
    const id = `${part(browser.id, `run_${index + 1}`)}${isFolded ? `_${profile.name}` : ""}`;
    runs.set(column, free(id, new Set(runs.values())));
  }
  const techniques = new Map(
    rows.map(({ technique: { id } }, index) => [id, part(id, `technique_${index + 1}`)]),
  );
  const run = (column: Column): string => runs.get(column) ?? "run";
  const technique = (id: string): string => techniques.get(id) ?? "technique";
  const cell = (column: Column, id: string): string => `${run(column)}.${technique(id)}`;
  const trials = new Map<Repetitions, string>();
  for (const row of rows) {
    for (const { column, repetitions } of [...row.cells, ...row.folded]) {
      for (const [index, group] of repetitions.entries()) {
        const scenario = part(group.scenario.id, `scenario_${index + 1}`);
        const variant = hasVariants ? `.${group.variant.replace(", ", ".")}` : "";
        trials.set(group, `${cell(column, row.technique.id)}.${scenario}${variant}`);
      }
    }
  }
  return {
    run: (column) => `run.${run(column)}`,
    technique: (id) => `technique.${technique(id)}`,
    cell,
    trial: (group, index) => `${trials.get(group) ?? "trial"}${index === 0 ? "" : `_${index + 1}`}`,
  };
}

/** A kebab-case id as it is, anything else by number: dots and underscores stay ours. */
function part(id: string, otherwise: string): string {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) && !reserved.has(id) ? id : otherwise;
}

/** The id itself, or with the first number that makes it differ from those taken: "firefox_2". */
function free(id: string, taken: ReadonlySet<string>): string {
  let one = id;
  for (let count = 2; taken.has(one); count += 1) one = `${id}_${count}`;
  return one;
}
