import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Harness } from "../model/results.ts";
import { ConfigError } from "../server/config.ts";
import { isSameOwner, stateOf, thisProcess, type Owner } from "./browsers/owner.ts";
import { continueJournal, type Journal, type JournalKeeper } from "./journal.ts";
import { journalEnd } from "./journal-format.ts";
import { readJournal, type Recorded } from "./recorded.ts";

/** A run that was cut off, and goes on. */
export interface Resumed {
  readonly journal: Journal;
  readonly recorded: Recorded;
}

/**
 * Takes over a journal: this one, or else the newest in the folder that nobody writes and that
 * holds something. Rejects with a
 * ConfigError when there is none, when its run still goes on, and when the code is not that of then.
 */
export async function takeOver(
  file: string | null,
  folder: string,
  harness: Harness,
  keeper: JournalKeeper,
): Promise<Resumed> {
  const path = file ?? (await newestIn(folder));
  const { header, owners } = await readJournal(path);
  assertUnowned(path, owners, keeper);
  assertSameCode(path, header.harness, harness);
  const journal = continueJournal(path, keeper);
  // Somebody else may have had the same idea: who wrote so first goes on.
  const recorded = await readJournal(path);
  const [first] = recorded.owners.filter((owner) => stateOf(owner) === "alive");
  if (first === undefined || isSameOwner(first, thisProcess())) return { journal, recorded };
  journal[Symbol.dispose]();
  throw new ConfigError(goesOn(path, first));
}

async function newestIn(folder: string): Promise<string> {
  const stamps = namesIn(folder)
    .filter((name) => name.endsWith(journalEnd))
    .map((name) => name.slice(0, -journalEnd.length));
  let refusal: ConfigError | undefined;
  let empty: string | undefined;
  // They begin with the moment when they were begun.
  for (const stamp of stamps.toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))) {
    const path = join(folder, `${stamp}${journalEnd}`);
    try {
      const { owners, kept, remade } = await readJournal(path);
      assertUnowned(path, owners, null);
      if (kept + remade > 0) return path;
      empty ??= path;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      refusal ??= error;
    }
  }
  if (empty !== undefined) return empty;
  throw (
    refusal ??
    new ConfigError(
      `no run was cut off: there is no *${journalEnd} in ${folder}; leave --resume away, or name a journal after it`,
    )
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // No folder has no journal.
  }
}

/** Of a process elsewhere nothing is known: whoever names its journal is told of it; `named` null: nobody did. */
function assertUnowned(
  path: string,
  owners: readonly Owner[],
  named: Pick<JournalKeeper, "onProblem"> | null,
): void {
  const alive = owners.find((one) => stateOf(one) === "alive");
  if (alive !== undefined) throw new ConfigError(goesOn(path, alive));
  const distant = owners.findLast((one) => stateOf(one) === "elsewhere");
  if (distant === undefined) return;
  const whose = `${path} was written by process ${distant.pid} on ${distant.place}, of which nothing can be told from here`;
  if (named === null) throw new ConfigError(`${whose}: if it has ended, name it after --resume`);
  named.onProblem(`${whose}: if its run goes on, stop one of the two`);
}

function goesOn(path: string, { pid }: Owner): string {
  return `${path} is still being written by process ${pid}: its run goes on; wait for its end, or stop it first`;
}

/** One run is of one code. What differs is named, and so is what to go back to. */
function assertSameCode(path: string, then: Harness, now: Harness): void {
  if (then.version === now.version && then.revision === now.revision) return;
  throw new ConfigError(
    `${path} was measured by ${codeOf(then)}, and this is ${codeOf(now)}: one run is of one code. Go back to the code of then, or measure anew, without --resume`,
  );
}

function codeOf({ version, revision }: Harness): string {
  return `version ${version}, revision ${revision ?? "unknown"}`;
}
