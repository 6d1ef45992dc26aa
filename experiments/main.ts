import { CommanderError } from "commander";
import type { Run } from "../model/results.ts";
import { Canaries } from "../server/canaries.ts";
import { ConfigError } from "../server/config.ts";
import { createLaboratory } from "../site/laboratory.ts";
import { html } from "../site/single-file.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { begin, type Beginning } from "./beginning.ts";
import { sweepHomes } from "./browsers/sweep.ts";
import { findCandidates } from "./candidates.ts";
import { catalogueOf } from "./catalogue.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseFlags } from "./flags.ts";
import { readHarness } from "./harness.ts";
import { abortOnSignals, whyEnded } from "./interruption.ts";
import { measure } from "./measure.ts";
import { progressOn } from "./progress.ts";
import { reports as drawnHere } from "./report/index.ts";
import type { Report } from "./report/report.ts";
import { riskSurprises } from "./report/risk-surprises.ts";
import { describeSurprise, surprises, trustSurprises } from "./report/surprises.ts";
import { reportResults } from "./report-results.ts";
import { readPublished } from "./results-files.ts";
import { whyTooLarge } from "./results-size.ts";
import { sittingsOf } from "./sittings.ts";

/** Every report that can be written to a file, in the order of `--help`. */
const reports: readonly Report[] = [...drawnHere, html];

const progress = progressOn(process.stderr);
const note = (line: string): void => progress.note(line);

try {
  const exitCode = await experiment(process.argv.slice(2));
  process.exitCode = exitCode;
  // A download of a browser cannot be called off, and would hold the process.
  if (exitCode === exitCodes.interrupted) process.exit();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.expected : exitCodes.failed;
  } else {
    console.error(error instanceof ConfigError ? `error: ${error.message}` : error);
    process.exitCode = exitCodes.failed;
  }
}

/** Begins what the command line asks for, or goes on with it, and resolves with the exit code. */
async function experiment(argv: readonly string[]): Promise<number> {
  const parse = (line: readonly string[]): ReturnType<typeof parseFlags> =>
    parseFlags(line, techniques, reports);
  // Wrong usage is told at once.
  parse(argv);
  // Before there is a journal, so that none is left behind with nothing in it.
  const stop = new AbortController();
  abortOnSignals(stop);
  const canaries = new Canaries();
  const harness = await readHarness();
  const keeper = { tokens: canaries, onProblem: note };
  const beginning = await begin({ arguments: argv, harness, keeper, parse, reports });
  using journal = beginning.journal;
  let isWhole = false;
  try {
    const ended = await conduct(beginning, harness, canaries, stop);
    isWhole = ended.isWhole;
    return ended.exitCode;
  } finally {
    if (isWhole || journal.isEmpty) journal.finish();
    else tellHowToGoOn(journal);
  }
}

/** Measures and reports. `isWhole`: there is nothing left that the journal would be needed for. */
async function conduct(
  { flags, journal, recorded, stamp, files }: Beginning,
  harness: Run["harness"],
  canaries: Canaries,
  stop: AbortController,
): Promise<{ readonly exitCode: number; readonly isWhole: boolean }> {
  const published = await readPublished();
  const sittings = sittingsOf(flags);
  endOnBug(journal);
  if (recorded !== null) note(describeRecorded(journal.path, recorded));
  const swept = await sweepHomes(undefined, note);
  if (swept > 0) note(`Cleaned up after a run that was killed: ${swept} browsers' folders`);
  const candidates = await findCandidates(flags.browsers, note, stop.signal);
  const tooLarge = whyTooLarge(
    sittings.flatMap(({ trials }) => trials),
    candidates.length,
    flags.repeat,
  );
  if (tooLarge !== null) throw new ConfigError(tooLarge);
  const { results, accessLog, unmade } = await measure({
    flags,
    candidates,
    sittings,
    harness,
    laboratory: createLaboratory(techniques, techniquesDirectory, harness, canaries),
    canaries,
    journal,
    recorded,
    progress,
    stop,
  });
  const { problems, isWhole } = await reportResults({
    results,
    catalogue: catalogueOf(techniques),
    files: reports.flatMap((report) => {
      const path = files.get(report.flag);
      return path === undefined ? [] : [{ report, path }];
    }),
    tokens: canaries,
    axes: flags.axes,
    accessLog: accessLog === null ? null : { path: `${stamp}.access.log`, text: accessLog },
  });
  const lost = whyEnded(stop.signal);
  const missed = stop.signal.aborted ? [] : unmade;
  const errors = [...(lost === null ? [] : [lost]), ...missed, ...problems];
  if (errors.length > 0) console.error(errors.map((error) => `error: ${error}`).join("\n"));
  if (errors.length > 0) return { exitCode: exitCodes.failed, isWhole: false };
  if (stop.signal.aborted) return { exitCode: exitCodes.interrupted, isWhole: false };
  if (results.runs.every(couldNotStart)) return { exitCode: exitCodes.noBrowser, isWhole };
  const unexpected = [
    ...results.runs.flatMap((run) =>
      surprises(run, published).map((surprise) => `${nameOf(run)}: ${describeSurprise(surprise)}`),
    ),
    ...results.runs.flatMap((run) => riskSurprises(run, published)),
    ...trustSurprises(results.trust, published),
  ];
  if (unexpected.length > 0) {
    console.log(["", `Surprises: ${unexpected.length}`, ...unexpected].join("\n"));
  }
  const exitCode = unexpected.length === 0 ? exitCodes.expected : exitCodes.surprises;
  return { exitCode, isWhole };
}

/** What nobody catches is a bug of ours, after which nothing that is measured could be trusted. */
function endOnBug(journal: Beginning["journal"]): void {
  process.on("uncaughtException", (error) => {
    console.error(error);
    if (!journal.isEmpty) tellHowToGoOn(journal);
    process.exit(exitCodes.failed);
  });
}

function tellHowToGoOn({ path, unwritten }: Beginning["journal"]): void {
  if (unwritten > 0) {
    console.error(
      `${path} lacks its last ${unwritten} lines, for which there was no room: what they tell of is measured again.`,
    );
  }
  const quoted = /^[\w./:@=+-]+$/u.test(path) ? path : JSON.stringify(path);
  console.error(
    `What was measured is kept. To go on, without measuring it again: npm run experiments -- --resume ${quoted}`,
  );
}

function describeRecorded(
  path: string,
  { kept, remade, unreadable }: NonNullable<Beginning["recorded"]>,
): string {
  const again = remade === 0 ? "" : `; ${remade} that failed are made again`;
  const torn = unreadable === 0 ? "" : `; ${unreadable} lines were cut off in the middle`;
  return `Going on with ${path}: ${kept} trials are kept${again}${torn}`;
}

/** A browser that was not started because there was nothing for it to do is none that could not be. */
function couldNotStart({ id, browser, trials }: Run): boolean {
  if (browser.driver !== "none") return false;
  return id.startsWith("absent-") || trials.some(({ verdict }) => verdict.outcome === "crash");
}

function nameOf({ browser, profile }: Run): string {
  return profile.name === "default" ? browser.name : `${browser.name} (${profile.name})`;
}
