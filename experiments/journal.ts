import { readdirSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import type { TrustObservation } from "../model/results.ts";
import { errorCode } from "../model/error-code.ts";
import { ConfigError } from "../server/config.ts";
import { thisProcess } from "./browsers/owner.ts";
import { headerOf, journalEnd, type JournalHeader, type JournalLine } from "./journal-format.ts";
import { LineFile } from "./line-file.ts";
import { describeFailure } from "./results-files.ts";
import type { Progress } from "./run-browser.ts";
import { ownLeak, type TokenFinder } from "./write-reports.ts";

/** Everything that was measured so far, on disk, so that a run that is cut off can go on. */
export interface Journal extends Disposable {
  readonly path: string;
  /** Whether something was measured that is worth being kept. */
  readonly isEmpty: boolean;
  /** How many lines could not be written up to now. */
  readonly unwritten: number;
  /** Takes a trial that has ended, well or not. `of`: see `nameOf`. */
  trial(of: string, progress: Omit<Progress, "done" | "total">): void;
  trust(of: string, observation: TrustObservation): void;
  /** Removes the journal: all of it is in the results. */
  finish(): void;
}

/** Whom a journal asks about tokens, and tells of its problems. */
export interface JournalKeeper {
  readonly tokens: TokenFinder;
  readonly onProblem: (sentence: string) => void;
}

/**
 * Begins a journal in a folder, under a name that no other file there has the beginning of. Throws a
 * ConfigError when it cannot be written.
 */
export function beginJournal(
  folder: string,
  now: Date,
  header: Omit<JournalHeader, "schema">,
  keeper: JournalKeeper,
): Journal {
  const moment = now.toISOString().replaceAll(":", "-").replace(/\..*/u, "");
  for (let number = 1; ; number += 1) {
    const stamp = number === 1 ? moment : `${moment}-${number}`;
    const path = join(folder, `${stamp}${journalEnd}`);
    try {
      if (readdirSync(folder).some((name) => name.startsWith(`${stamp}.`))) continue;
      const journal = openJournal(path, "ax", headerOf(header), keeper);
      if (journal.unwritten === 0) return journal;
      journal.finish();
      throw new Error("there is no room left");
    } catch (cause) {
      // Another run began in the same second.
      if (errorCode(cause) === "EEXIST") continue;
      throw new ConfigError(
        `nothing can be written in ${folder}: ${describeFailure(cause)}; make it writable, or name another folder with --folder`,
        { cause },
      );
    }
  }
}

/** Goes on with a journal that is there, whose trials are kept. */
export function continueJournal(path: string, keeper: JournalKeeper): Journal {
  return openJournal(path, "a", null, keeper);
}

function openJournal(
  path: string,
  flags: "ax" | "a",
  header: JournalHeader | null,
  { tokens, onProblem }: JournalKeeper,
): Journal {
  const file = new LineFile(path, flags, (error) => {
    const fix =
      "make room: what is measured meanwhile is kept in memory, and written as soon as it can be";
    onProblem(`${path} cannot be written: ${describeFailure(error)}; ${fix}`);
  });
  let isEmpty = header !== null;
  const heads = new Map<string, string>();
  // What was written last by a process that was killed may have no end.
  file.append(header === null ? "" : JSON.stringify(header));
  const put = (line: JournalLine): void => {
    // For whoever reads lines, these end one (https://nodejs.org/api/readline.html).
    const text = JSON.stringify(line).replaceAll(/[\u2028\u2029]/gu, escape);
    const leak = ownLeak("journal", text, tokens);
    if (leak === null) file.append(text);
    else onProblem(leak);
  };
  put({ type: "owner", owner: thisProcess() });
  return {
    path,
    get isEmpty() {
      return isEmpty;
    },
    get unwritten() {
      return file.unwritten;
    },
    trial(of, { trial: judged, place, run }) {
      isEmpty = false;
      const { verdict: _, ...trial } = judged;
      const { endedAt, timing, ...head } = run;
      const text = JSON.stringify(head);
      if (heads.get(of) !== text) put({ type: "run", of, run: { ...run, trials: [] } });
      heads.set(of, text);
      put({ type: "trial", of, place, endedAt, ...(timing !== undefined && { timing }), trial });
    },
    trust(of, observation) {
      isEmpty = false;
      put({ type: "trust", of, observation });
    },
    finish() {
      file[Symbol.dispose]();
      unlinkSync(path);
    },
    [Symbol.dispose]() {
      file[Symbol.dispose]();
    },
  };
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}
