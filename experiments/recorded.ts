import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { JudgedTrial, Run, TrustObservation } from "../model/results.ts";
import type { Trial } from "../model/trial.ts";
import { ConfigError } from "../server/config.ts";
import type { Owner } from "./browsers/owner.ts";
import {
  headerSchema,
  lineSchema,
  type JournalHeader,
  type JournalLine,
} from "./journal-format.ts";
import { describeFailure } from "./results-files.ts";
import { verdict } from "./verdict.ts";

/** A run as far as it came, its trials in the order of the plan, and the place of each in it. */
export interface KeptRun {
  readonly run: Run;
  readonly places: readonly number[];
}

/** What a journal holds. */
export interface Recorded {
  readonly header: JournalHeader;
  /** Who wrote it, one after another. */
  readonly owners: readonly Owner[];
  /** What is kept of each run, by the run's name. */
  readonly runs: ReadonlyMap<string, KeptRun>;
  readonly trust: ReadonlyMap<string, TrustObservation>;
  /** How many trials and observations are kept. */
  readonly kept: number;
  /** How many ended without a result that says anything, and are made again. */
  readonly remade: number;
  /** How many lines cannot be read: one that was being written when its process ended, or more after a power cut. */
  readonly unreadable: number;
}

interface RunLines {
  run: Run;
  readonly trials: Map<number, JudgedTrial>;
}

/** Reads a journal. Rejects with a ConfigError when it is none. */
export async function readJournal(path: string): Promise<Recorded> {
  let header: JournalHeader | undefined;
  let unreadable = 0;
  const owners: Owner[] = [];
  const runs = new Map<string, RunLines>();
  const trust = new Map<string, TrustObservation>();
  try {
    for await (const text of createInterface({ input: createReadStream(path, "utf8") })) {
      if (header === undefined) header = headerSchema.parse(JSON.parse(text));
      else if (text !== "") {
        const line = parseLine(text);
        if (line === null) unreadable += 1;
        else if (line.type === "owner") owners.push(line.owner);
        else if (line.type === "trust") trust.set(line.of, line.observation);
        else take(line, runs);
      }
    }
  } catch (cause) {
    throw new ConfigError(`${path} is no journal that can be read: ${describeFailure(cause)}`, {
      cause,
    });
  }
  if (header === undefined)
    throw new ConfigError(`${path} is empty: there is nothing to go on with`);
  const ended = [...runs.values()].flatMap(({ trials }) => [...trials.values()]);
  const keptTrials = ended.filter(isKept);
  const keptTrust = [...trust].filter(([, { trial }]) => isKept({ verdict: verdict(trial) }));
  return {
    header,
    owners,
    runs: new Map([...runs].map(([of, lines]) => [of, keptOf(lines)])),
    trust: new Map(keptTrust),
    kept: keptTrials.length + keptTrust.length,
    remade: ended.length - keptTrials.length + trust.size - keptTrust.length,
    unreadable,
  };
}

/** What is kept of a run; null: nothing. Throws a ConfigError when a trial of it is not the one that is planned at its place. */
export function keptIn(
  recorded: Recorded | null,
  of: string,
  planned: readonly Trial[],
): KeptRun | null {
  const kept = recorded?.runs.get(of);
  if (kept === undefined || kept.places.length === 0) return null;
  for (const [index, place] of kept.places.entries()) {
    const [was, is] = [kept.run.trials[index], planned[place]];
    if (was !== undefined && is !== undefined && isSame(was, is)) continue;
    throw new ConfigError(
      `${was?.technique}, ${was?.scenario} is not tried any more as it was when the run began: go back to the code of then, or measure anew, without --resume`,
    );
  }
  return kept;
}

function isSame(a: Trial, b: Trial): boolean {
  return identityOf(a) === identityOf(b);
}

function identityOf({ technique, scenario, placement, scheme, definition }: Trial): string {
  return JSON.stringify([technique, scenario, placement, scheme, definition]);
}

function parseLine(text: string): JournalLine | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return null; // It was cut off, with its process or with the power: what it told of is measured again.
  }
}

function take(line: Extract<JournalLine, { of: string }>, runs: Map<string, RunLines>): void {
  const known = runs.get(line.of);
  if (line.type === "run") {
    if (known === undefined) runs.set(line.of, { run: line.run, trials: new Map() });
    else {
      // Whatever another version of the browser did is void: one run is of one version.
      if (isOtherBrowser(known.run, line.run)) known.trials.clear();
      known.run = line.run;
    }
  } else if (line.type === "trial" && known !== undefined) {
    const { endedAt, timing, place, trial } = line;
    known.run = { ...known.run, endedAt, ...(timing !== undefined && { timing }) };
    known.trials.set(place, { ...trial, verdict: verdict(trial) });
  }
}

/** Whether two runs are of two versions of a browser. One that never started has none. */
export function isOtherBrowser(a: Run, b: Run): boolean {
  const [one, other] = [a.browser.version, b.browser.version];
  return one !== null && other !== null && one !== other;
}

function keptOf({ run, trials }: RunLines): KeptRun {
  const kept = [...trials].filter(([, trial]) => isKept(trial)).toSorted(([a], [b]) => a - b);
  return {
    run: { ...run, trials: kept.map(([, trial]) => trial) },
    places: kept.map(([place]) => place),
  };
}

/** What ended by a failure of ours, or of the browser's, says nothing, and is made again. */
function isKept({ verdict: { outcome } }: Pick<JudgedTrial, "verdict">): boolean {
  return outcome === "pass" || outcome === "fail" || outcome === "unsupported";
}
