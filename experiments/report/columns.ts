import type { Results, Run } from "../../model/results.ts";

/** A run as a report names it. */
export interface Column {
  readonly run: Run;
  /** The browser's name: "Firefox". */
  readonly name: string;
  readonly version: string | null;
  /** What tells this run from another of the same browser and version; null when nothing needs to. */
  readonly note: string | null;
  /** All of it in one line, different for every run: "Firefox 153.7.0 (headful)". */
  readonly label: string;
}

/** The columns of a report: one per run, in the order of the results. */
export function columnsOf({ runs }: Results): Column[] {
  return runs.map((run) => {
    const namesakes = runs.filter((other) => browserLabel(other) === browserLabel(run));
    const note = namesakes.length > 1 ? difference(run, namesakes) : null;
    const { name, version } = run.browser;
    const label = note === null ? browserLabel(run) : `${browserLabel(run)} (${note})`;
    return { run, name, version, note, label };
  });
}

function browserLabel({ browser: { name, version } }: Run): string {
  return version === null ? name : `${name} ${version}`;
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
