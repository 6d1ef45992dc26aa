import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import type { Results, Run } from "../model/results.ts";
import { certificatesDirectory, openAuthority } from "../server/certificates.ts";
import { ConfigError, defaultConfig } from "../server/config.ts";
import { startLab } from "../server/lab.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { findCandidates } from "./candidates.ts";
import { parseFlags, type Flags } from "./flags.ts";
import { readHarness } from "./harness.ts";
import { catalogueOf, createLaboratory } from "./laboratory.ts";
import { plan } from "./plan.ts";
import { progressOn } from "./progress.ts";
import { reports } from "./report/index.ts";
import { describeSurprise, surprises } from "./report/surprises.ts";
import { renderTerminal } from "./report/terminal.ts";
import { localDirectory, readPublished, writeWhole } from "./results-files.ts";
import { absentRun, runBrowser } from "./run-browser.ts";

const exitCodes = { expected: 0, surprises: 1, failed: 2, noBrowser: 3, interrupted: 130 } as const;

/** Longer than a page's own deadline for one attempt, so that the page is the first to give up. */
const patienceMs = defaultConfig.attemptDeadlineMs + 5_000;
const launchTimeoutMs = 60_000;

try {
  const flags = parseFlags(
    process.argv.slice(2),
    techniques.map(({ id }) => id),
  );
  const exitCode = await experiment(flags);
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

/** Measures what the flags ask for, reports it, and resolves with the exit code. */
async function experiment(flags: Flags): Promise<number> {
  const published = await readPublished();
  const files = await reportFiles(flags);
  const harness = await readHarness();
  const trials = plan({ ...flags, techniquesDirectory });
  const interruption = interruptible();
  const progress = progressOn(process.stderr);
  const candidates = await findCandidates(
    flags.browsers,
    (line) => progress.note(line),
    interruption,
  );

  await using lab = await startLab({
    config: {
      ...defaultConfig,
      port: 0,
      certificates: flags.schemes.includes("wss")
        ? await openAuthority(certificatesDirectory)
        : null,
    },
    techniques,
    techniquesDirectory,
    laboratory: createLaboratory(techniques, techniquesDirectory, harness),
  });
  const options = { trials, harness, headless: !flags.headful };
  const runs = await Promise.all(
    candidates.map(async ({ identity, found }): Promise<Run> => {
      if (found.state === "absent") {
        progress.note(`${identity.name}: ${found.reason}`);
        return absentRun(identity, found.reason, options);
      }
      return await runBrowser(found.target, identity, {
        ...options,
        startWalk: (walkTrials) => lab.walks.start(walkTrials, "nowhere"),
        launchTimeoutMs,
        patienceMs,
        signal: interruption,
        onTrial: (trial) => progress.trial(identity.id, trial),
        onProblem: (sentence) => progress.note(sentence),
      });
    }),
  );
  progress.done();

  const results: Results = { schema: "websocket-auth-results/1", runs };
  const catalogue = catalogueOf(techniques);
  const { columns, isTTY: colour } = process.stdout;
  console.log(renderTerminal(results, catalogue, { columns: colour ? columns : 80, colour }));
  for (const report of reports) {
    const path = files.get(report.flag);
    if (path === undefined) continue;
    await writeWhole(path, report.render(results, catalogue));
    console.log(`Written: ${path}`);
  }
  if (interruption.aborted) return exitCodes.interrupted;
  if (runs.every(({ browser }) => browser.driver === "none")) return exitCodes.noBrowser;
  const unexpected = runs.flatMap((run) =>
    surprises(run, published).map(
      (surprise) => `${run.browser.name}: ${describeSurprise(surprise)}`,
    ),
  );
  if (unexpected.length > 0) {
    console.log(["", `Surprises: ${unexpected.length}`, ...unexpected].join("\n"));
  }
  return unexpected.length === 0 ? exitCodes.expected : exitCodes.surprises;
}

/** Where each report goes. Folders are made now, so that a wrong path fails before the measuring. */
async function reportFiles({ files }: Flags): Promise<ReadonlyMap<string, string>> {
  const stamp = new Date().toISOString().replaceAll(":", "-").replace(/\..*/u, "");
  const paths =
    files.size > 0
      ? [...files].map(([flag, file]) => [flag, resolve(file)] as const)
      : reports.map(
          ({ flag, extension }) =>
            [flag, fileURLToPath(new URL(`${stamp}.${extension}`, localDirectory))] as const,
        );
  for (const [flag, path] of paths) {
    await mkdir(dirname(path), { recursive: true }).catch((cause: unknown) => {
      throw new ConfigError(`--${flag}: the folder of ${path} cannot be made: ${String(cause)}`, {
        cause,
      });
    });
  }
  return new Map(paths);
}

/** Aborted by the first signal: the run ends, and what was measured is written. The second one ends at once. */
function interruptible(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    console.error("Interrupted: finishing up. Once more to stop at once.");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  return controller.signal;
}
