import type { Results, Run } from "../../model/results.ts";

/** A run as a report names it. */
export interface Column {
  readonly run: Run;
  /** Where the run stands in the results, from 0. */
  readonly index: number;
  /** The browser's name: "Firefox". */
  readonly name: string;
  readonly version: string | null;
  /** What tells this run from a plain one, or from another of the same browser and version; null when nothing needs to. */
  readonly note: string | null;
  /** All of it in one line, different for every run: "Firefox 153.7.0 (headful)". */
  readonly label: string;
}

/** A run with another profile, which is told by its differences from the default one. */
export interface FoldedColumn extends Column {
  /** The same browser with the default profile. */
  readonly base: Column;
  /** What tells it from other runs of that browser: its profile's name, if nothing else has to. */
  readonly foldedAs: string;
}

/** All runs of a report, in the order of the results. */
export interface Columns {
  readonly columns: readonly Column[];
  readonly folded: readonly FoldedColumn[];
}

/** One column per run, but for other profiles of a browser that has a run with the default one. */
export function columnsOf({ runs }: Pick<Results, "runs">): Columns {
  const all = runs.map(columnOf);
  const bases = new Map(all.map((column, index) => [column, baseOf(column, all, index)]));
  return {
    columns: all.filter((column) => bases.get(column) === undefined),
    folded: all.flatMap((column) => {
      const base = bases.get(column);
      return base === undefined ? [] : [{ ...column, base, foldedAs: nameOfFolded(column) }];
    }),
  };
}

/** The name alone, where no other of these runs has it, else the label. */
export function nameAmong(columns: readonly Column[]): (column: Column) => string {
  return ({ name, label, run }) =>
    columns.some((other) => other.name === name && other.run !== run) ? label : name;
}

function nameOfFolded({ run, label }: Column): string {
  return label === plainLabel(run) ? run.profile.name : label;
}

function columnOf(run: Run, index: number, runs: readonly Run[]): Column {
  const namesakes = runs.filter((other) => plainLabel(other) === plainLabel(run));
  const notes = [...setUp(run), ...(namesakes.length > 1 ? [difference(run, namesakes)] : [])];
  const note = notes.length === 0 ? null : notes.join(", ");
  const { name, version } = run.browser;
  return { run, index, name, version, note, label: labelOf(run, notes) };
}

/** The run with the default profile that was made before this one, or else any. */
function baseOf({ run }: Column, all: readonly Column[], index: number): Column | undefined {
  if (run.profile.name === "default") return undefined;
  const isBase = ({ run: other }: Column): boolean =>
    other.profile.name === "default" &&
    other.browser.id === run.browser.id &&
    // A browser that cannot have the profile was never asked for its version.
    [other.browser.version, null].includes(run.browser.version) &&
    other.through === run.through;
  return all.slice(0, index).findLast(isBase) ?? all.find(isBase);
}

/** What is not as usual in a run: "profile private", "through nginx/1.22.1". */
function setUp({ profile, through }: Run): string[] {
  return [
    ...(profile.name === "default" ? [] : [`profile ${profile.name}`]),
    ...(through === null ? [] : [`through ${through}`]),
  ];
}

function plainLabel(run: Run): string {
  return labelOf(run, setUp(run));
}

function labelOf({ browser: { name, version } }: Run, notes: readonly string[]): string {
  const browser = version === null ? name : `${name} ${version}`;
  return notes.length === 0 ? browser : `${browser} (${notes.join(", ")})`;
}

const traits: readonly ((run: Run) => string)[] = [
  ({ profile }) => (profile.headless ? "headless" : "headful"),
  ({ profile }) => `reconnect backoff ${profile.reconnectBackoff}`,
  ({ browser }) => browser.os,
  ({ browser }) => browser.driver,
  ({ startedAt }) => startedAt.slice(0, 16).replace("T", " "),
];

function difference(run: Run, namesakes: readonly Run[]): string {
  const trait = traits.find((read) => new Set(namesakes.map(read)).size === namesakes.length);
  return trait === undefined ? `run ${namesakes.indexOf(run) + 1}` : trait(run);
}
