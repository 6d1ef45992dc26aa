import { basename, dirname } from "node:path";
import { join } from "node:path";
import type { Harness } from "../model/results.ts";
import { ConfigError } from "../server/config.ts";
import type { Flags } from "./flags.ts";
import { beginJournal, type Journal, type JournalKeeper } from "./journal.ts";
import { journalEnd } from "./journal-format.ts";
import type { Recorded } from "./recorded.ts";
import type { Report } from "./report/report.ts";
import { assertWritable, describeFailure } from "./results-files.ts";
import { takeOver } from "./resume.ts";

/** What a run begins with, or goes on with. */
export interface Beginning {
  /** What is asked for, or was when the run began. */
  readonly flags: Flags;
  readonly journal: Journal;
  /** What was measured before; null: nothing. */
  readonly recorded: Recorded | null;
  /** What the paths of all files begin with that nobody named. */
  readonly stamp: string;
  /** Where each report goes, by its flag. */
  readonly files: ReadonlyMap<string, string>;
}

/** What is known before. */
export interface Surroundings {
  readonly arguments: readonly string[];
  readonly harness: Harness;
  readonly keeper: JournalKeeper;
  /** Reads a command line. */
  readonly parse: (argv: readonly string[]) => Flags;
  readonly reports: readonly Report[];
}

/**
 * Begins a run, or takes up the one that was cut off. Whatever cannot be written is found out now,
 * before anything is measured. Rejects with a ConfigError.
 */
export async function begin(around: Surroundings): Promise<Beginning> {
  const asked = around.parse(around.arguments);
  if (asked.resume === null) {
    await assertUsable("--folder", asked.folder);
    const header = {
      arguments: [...around.arguments],
      workingDirectory: process.cwd(),
      harness: around.harness,
    };
    const journal = beginJournal(asked.folder, new Date(), header, around.keeper);
    try {
      return await withFiles(asked, journal, null, around);
    } catch (error) {
      journal.finish();
      throw error;
    }
  }
  const { harness, keeper } = around;
  const { journal, recorded } = await takeOver(asked.resume.journal, asked.folder, harness, keeper);
  const { arguments: argv, workingDirectory } = recorded.header;
  enter(workingDirectory);
  const before = around.parse(argv);
  const files = asked.files.size > 0 ? asked.files : before.files;
  const flags = { ...before, files, axes: asked.axes || before.axes };
  return await withFiles(flags, journal, recorded, around);
}

async function withFiles(
  flags: Flags,
  journal: Journal,
  recorded: Recorded | null,
  { reports }: Surroundings,
): Promise<Beginning> {
  const stamp = join(dirname(journal.path), basename(journal.path, journalEnd));
  const files = new Map(
    flags.files.size > 0
      ? flags.files
      : reports.map(({ flag, extension }) => [flag, `${stamp}.${extension}`] as const),
  );
  for (const [flag, path] of files) await assertUsable(`--${flag}`, dirname(path));
  return { flags, journal, recorded, stamp, files };
}

async function assertUsable(flag: string, folder: string): Promise<void> {
  try {
    await assertWritable(folder);
  } catch (cause) {
    throw new ConfigError(
      `nothing can be written in ${folder}: ${describeFailure(cause)}; make it writable, or name another place with ${flag}`,
      { cause },
    );
  }
}

/** Paths on the command line are relative to where it was typed. */
function enter(directory: string): void {
  try {
    process.chdir(directory);
  } catch (cause) {
    throw new ConfigError(
      `the run began in ${directory}, which cannot be entered: ${describeFailure(cause)}`,
      { cause },
    );
  }
}
