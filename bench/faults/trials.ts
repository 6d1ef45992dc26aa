import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { browserFinders } from "../../experiments/browsers/index.ts";
import { journalEnd } from "../../experiments/journal-format.ts";
import { readJournal } from "../../experiments/recorded.ts";
import { parseResults } from "../../experiments/report/json.ts";
import type { JudgedTrial } from "../../model/results.ts";
import type { Command } from "./command.ts";
import type { TrialCount } from "./fault.ts";

/** The browser that faults are tried with: any that can be driven with DevTools or BiDi; null: none is here. */
export async function anyBrowser(): Promise<string | null> {
  for (const finder of browserFinders.filter(({ id }) => id !== "webkit")) {
    if ((await finder.find()) !== null) return finder.id;
  }
  return null;
}

/** The flags that ask for one short trial, so often. */
export function askFor(browser: string, repeat: number): string[] {
  const which = ["--technique", "query-parameter", "--scenario", "rotation"];
  const where = ["--placement", "same-host", "--scheme", "ws"];
  return ["--browser", browser, ...which, ...where, "--repeat", String(repeat)];
}

/** The names of files in a folder with this end. */
export async function filesIn(folder: string, end: string): Promise<string[]> {
  return (await readdir(folder))
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name));
}

/** What had been measured at the moment of a fault. */
export interface Measured {
  /** How many trials the user had been told of as done, with what they show. */
  readonly said: number;
  /** What was recorded of them. */
  readonly trials: readonly JudgedTrial[];
}

/** How many trials lines of progress say are done, and show something: "firefox 3/8 query-parameter, rotation: pass". */
export function saidIn(lines: readonly string[]): number {
  return lines.filter((line) => / \d+\/\d+ \S+, \S+: (?:pass|fail)$/u.test(line)).length;
}

/** What a run has measured up to now: what it has said first, since it records a trial before it says so. */
export async function measuredBy(run: Command, folder: string): Promise<Measured> {
  const said = saidIn(run.lines);
  return { said, trials: await journaled(folder) };
}

/** The trials that the journals in a folder hold, and that show something. */
export async function journaled(folder: string): Promise<JudgedTrial[]> {
  const paths = await filesIn(folder, journalEnd);
  const recorded = await Promise.all(paths.map((path) => readJournal(path)));
  return recorded
    .flatMap(({ runs }) => [...runs.values()].flatMap(({ run }) => run.trials))
    .filter(isConclusive);
}

/** The trials of the results files in a folder. */
export async function reported(folder: string): Promise<JudgedTrial[]> {
  const paths = await filesIn(folder, ".json");
  const texts = await Promise.all(paths.map((path) => readFile(path, "utf8")));
  return texts.flatMap((text) => parseResults(text).runs.flatMap(({ trials }) => trials));
}

/** Compares what had been measured at the moment of a fault with the results at the end, trial by trial, byte by byte. */
export function count(
  asked: number,
  { said, trials }: Measured,
  results: readonly JudgedTrial[],
): TrialCount {
  const texts = new Set(results.map((trial) => JSON.stringify(trial)));
  const kept = trials.filter((trial) => texts.has(JSON.stringify(trial))).length;
  const conclusive = results.filter(isConclusive).length;
  return {
    asked,
    kept,
    lost: Math.max(said, trials.length) - kept,
    made: conclusive - kept,
    without: asked - conclusive,
  };
}

/** Whether a trial says something of its technique. */
export function isConclusive({ verdict: { outcome } }: JudgedTrial): boolean {
  return outcome === "pass" || outcome === "fail";
}
