import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import type { Results, Run, TrustObservation } from "../model/results.ts";
import type { Trial } from "../model/trial.ts";
import type { Installed } from "../server/attempts.ts";
import { Canaries } from "../server/canaries.ts";
import { certificatesDirectory, openAuthority } from "../server/certificates.ts";
import { ConfigError, defaultConfig } from "../server/config.ts";
import { startLab } from "../server/lab.ts";
import { techniques, techniquesDirectory } from "../techniques/index.ts";
import { ensureTools } from "./browsers/install.ts";
import { findCandidates } from "./candidates.ts";
import { runSessions } from "./certified-sessions.ts";
import { parseFlags, type Flags } from "./flags.ts";
import { readHarness } from "./harness.ts";
import { createLaboratory } from "../site/laboratory.ts";
import { catalogueOf } from "./catalogue.ts";
import { leftOut, plan } from "./plan.ts";
import { progressOn } from "./progress.ts";
import { putProxyBefore } from "./proxy.ts";
import { html } from "../site/single-file.ts";
import { reports as drawnHere } from "./report/index.ts";
import type { Report } from "./report/report.ts";
import { riskSurprises } from "./report/risk-surprises.ts";
import { describeSurprise, surprises, trustSurprises } from "./report/surprises.ts";
import { renderTerminal } from "./report/terminal.ts";
import { localDirectory, readPublished, writeWhole } from "./results-files.ts";
import { ownLeak, writeReports } from "./write-reports.ts";
import { absentRun, type Progress } from "./run-browser.ts";
import { trustConditions } from "./trust/conditions.ts";
import { observeTrust } from "./trust/observe.ts";

/** Every report that can be written to a file, in the order of `--help`. */
const reports: readonly Report[] = [...drawnHere, html];

const exitCodes = { expected: 0, surprises: 1, failed: 2, noBrowser: 3, interrupted: 130 } as const;

/** Longer than a page's own deadline for one attempt, so that the page is the first to give up. */
const patienceMs = defaultConfig.attemptDeadlineMs + 5_000;
const launchTimeoutMs = 30_000;
const endsTls = "TLS ends at the reverse proxy, which asks for no certificate";

try {
  const exitCode = await experiment(parseFlags(process.argv.slice(2), techniques, reports));
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
  const stamp = new Date().toISOString().replaceAll(":", "-").replace(/\..*/u, "");
  const files = await reportFiles(flags, stamp);
  const harness = await readHarness();
  const planned = flags.profiles.map((profile) => {
    const scenarios = flags.scenariosWith(profile);
    const selection = { ...flags, scenarios, techniquesDirectory };
    return { profile, trials: plan(selection), leftOut: leftOut(selection) };
  });
  const sittings = planned.filter(({ trials }) => trials.length > 0);
  if (sittings.length === 0) {
    const reasons = new Set(
      planned.flatMap((sitting) => sitting.leftOut).map(({ reason }) => reason),
    );
    throw new ConfigError(`nothing is left to be tried: ${[...reasons].join("; ")}`);
  }
  const interruption = interruptible();
  const progress = progressOn(process.stderr);
  const note = (line: string): void => progress.note(line);
  const candidates = await findCandidates(flags.browsers, note, interruption);
  const guarded = flags.techniques
    .filter(({ proxied }) => proxied !== undefined)
    .map(({ id }) => id);
  const certified = flags.techniques
    .filter(({ asksForCertificate }) => asksForCertificate === true)
    .map(({ id }) => id);
  const isBeforeAll = flags.through !== null;
  const isSearched = sittings.some(({ trials }) =>
    trials.some(({ attempts }) => attempts.some(({ searched }) => searched === true)),
  );
  await ensureTools(
    [
      ...(flags.certificates || certified.length > 0 ? (["certutil"] as const) : []),
      ...(isBeforeAll || isSearched || guarded.length > 0 ? (["nginx"] as const) : []),
    ],
    note,
    { signal: interruption },
  );

  const withTls = flags.certificates || flags.schemes.includes("wss");
  const certificates = withTls ? await openAuthority(certificatesDirectory) : null;
  const canaries = new Canaries();
  await using lab = await startLab({
    config: { ...defaultConfig, port: 0, certificates, behindProxy: isBeforeAll || isSearched },
    techniques,
    techniquesDirectory,
    laboratory: createLaboratory(techniques, techniquesDirectory, harness, canaries),
    onSecret: canaries.add,
  });
  const announced = isBeforeAll ? [...lab.ports.keys()] : guarded;
  const tried = flags.techniques.map(({ id }) => id);
  const searched = isSearched ? tried.filter((id) => !certified.includes(id)) : [];
  const servers = [...new Set([...announced, ...searched])];
  await using proxy =
    servers.length === 0
      ? null
      : await putProxyBefore(lab, { servers, announced, techniques, certificates });
  const lacking = proxy?.state === "absent" ? proxy.reason : null;
  if (lacking !== null && !isBeforeAll) {
    const concerned = [...guarded, ...(isSearched ? ["the proxy's access log"] : [])];
    note(`${concerned.join(", ")}: ${lacking}`);
  }
  const authority = certificates?.authority ?? null;
  const runs: Run[] = [];
  const trust: TrustObservation[] = [];
  await Promise.all(
    candidates.map(async ({ identity, found: browser }) => {
      const found =
        isBeforeAll && lacking !== null ? ({ state: "absent", reason: lacking } as const) : browser;
      if (found.state === "absent") note(`${identity.name}: ${found.reason}`);
      const common = {
        harness,
        headless: !flags.headful,
        authority,
        startWalk: (trials: readonly Trial[], installed: Installed | null = null) => {
          const walk = lab.walks.start(trials, "nowhere", installed);
          walk.exclude(({ technique }) => (guarded.includes(technique) ? lacking : null));
          if (isBeforeAll) {
            walk.exclude(({ technique }) => (certified.includes(technique) ? endsTls : null));
          }
          return walk;
        },
        launchTimeoutMs,
        patienceMs,
        signal: interruption,
        onProblem: note,
      };
      for (const sitting of sittings) {
        const { profile } = sitting;
        const label = profile === "default" ? identity.id : `${identity.id}, ${profile}`;
        const options = {
          ...common,
          ...sitting,
          certificates: flags.schemes.includes("wss") ? "accept-any" : "default",
          through: isBeforeAll && proxy?.state === "here" ? proxy.version : null,
          onTrial: (trial: Progress) => progress.trial(label, trial),
        } as const;
        runs.push(
          found.state === "absent"
            ? absentRun(identity, found.reason, options)
            : await runSessions(found.target, identity, {
                ...options,
                certified,
                certify: (attempt) => lab.certify(attempt),
              }),
        );
      }
      for (const condition of flags.certificates ? trustConditions : []) {
        if (found.state === "absent") break;
        trust.push(
          await observeTrust(found.target, identity, condition, {
            ...common,
            profile: "default",
            onTrial: (trial) => progress.trial(`${identity.id}, certificates`, trial),
          }),
        );
      }
    }),
  );
  progress.done();

  const inOrder = ({ browser }: Run | TrustObservation): number =>
    candidates.findIndex(({ identity }) => identity.id === browser.id);
  const results: Results = {
    schema: "websocket-auth-results/1",
    runs: runs.toSorted((a, b) => inOrder(a) - inOrder(b)),
    trust: trust.toSorted((a, b) => inOrder(a) - inOrder(b)),
  };
  const catalogue = catalogueOf(techniques);
  const { columns, isTTY: colour } = process.stdout;
  const { axes } = flags;
  const chosen = reports.flatMap((report) => {
    const path = files.get(report.flag);
    return path === undefined ? [] : [{ report, path }];
  });
  const written: string[] = [];
  const leaks = [
    ...(await writeReports(results, catalogue, chosen, canaries, (path) => written.push(path))),
  ];
  if (leaks.length === 0) {
    const width = colour ? columns : 80;
    const overview = renderTerminal(results, catalogue, { columns: width, colour, axes });
    const leak = ownLeak("terminal", overview, canaries);
    if (leak === null) console.log(overview);
    else leaks.push(leak);
  }
  for (const path of written) console.log(`Written: ${path}`);
  if (leaks.length > 0) {
    console.error(leaks.map((leak) => `error: ${leak}`).join("\n"));
    return exitCodes.failed;
  }
  if (isBeforeAll && proxy?.state === "here") {
    const path = fileURLToPath(new URL(`${stamp}.access.log`, localDirectory));
    await writeWhole(path, await proxy.accessLog(), 0o600);
    console.log(`Written: ${path} (what the proxy logged: URLs with their tokens)`);
  }
  if (interruption.aborted) return exitCodes.interrupted;
  if (runs.every(couldNotStart)) return exitCodes.noBrowser;
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
  return unexpected.length === 0 ? exitCodes.expected : exitCodes.surprises;
}

/** A browser that was not started because there was nothing for it to do is none that could not be. */
function couldNotStart({ id, browser, trials }: Run): boolean {
  if (browser.driver !== "none") return false;
  return id.startsWith("absent-") || trials.some(({ verdict }) => verdict.outcome === "crash");
}

function nameOf({ browser, profile }: Run): string {
  return profile.name === "default" ? browser.name : `${browser.name} (${profile.name})`;
}

/** Where each report goes. Folders are made now, so that a wrong path fails before the measuring. */
async function reportFiles({ files }: Flags, stamp: string): Promise<ReadonlyMap<string, string>> {
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
