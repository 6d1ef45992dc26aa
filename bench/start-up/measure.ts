import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { browserFinders } from "../../experiments/browsers/index.ts";
import type { BenchmarkSurroundings } from "../benchmark.ts";
import { ask, firstPagePaths, sentFiles } from "./asking.ts";
import { makeFreshCheckout, type FreshCheckout } from "./checkout.ts";
import type { BrowserVisits, LabStart, Measured } from "./measured.ts";
import { idleNodeBytes, startLab, timeToEnd, type Command, type RunningLab } from "./starting.ts";
import { visitWith } from "./visiting.ts";

/** How much is measured. */
export interface Size {
  readonly rounds: number;
  /** How often each browser visits a lab that has just started; 0: none does. */
  readonly visits: number;
}

const lab: Command = [process.execPath, "server/main.ts", "--port", "0"];
const keptWithinMs = 120_000;

/** Measures starts of all kinds, one after the other in each round, so that a busy moment hits them all alike. */
export async function measureStartUp(
  { rounds, visits }: Size,
  { onProgress, signal }: Pick<BenchmarkSurroundings, "onProgress" | "signal">,
): Promise<Measured> {
  onProgress("Making a checkout");
  await using first = await makeFreshCheckout();
  await using later = await makeFreshCheckout();
  const emptyFile = join(later.root, "server", "empty.ts");
  await writeFile(emptyFile, "");
  onProgress("Starting the lab once, for what it keeps");
  await startUntilKept(later, signal);
  const around = { cwd: later.root, signal };
  const npm = await npmCommand(later.root, signal);

  const measured = { nodeMs: [], typeScriptMs: [], first: [], later: [], npm: [] } as {
    readonly nodeMs: number[];
    readonly typeScriptMs: number[];
    readonly first: LabStart[];
    readonly later: LabStart[];
    readonly npm: LabStart[];
  };
  for (let round = 1; round <= rounds; round += 1) {
    onProgress(`Round ${round} of ${rounds}`);
    measured.nodeMs.push(await timeToEnd([process.execPath, "-e", "0"], around));
    measured.typeScriptMs.push(await timeToEnd([process.execPath, emptyFile], around));
    measured.later.push(await startOnce(lab, around));
    if ("command" in npm) measured.npm.push(await startOnce(npm.command, around));
    await first.forget();
    measured.first.push(await startOnce(lab, { cwd: first.root, signal }));
  }

  const browsers: BrowserVisits[] = [];
  for (const finder of visits === 0 ? [] : browserFinders) {
    onProgress(`Visits with ${finder.title}`);
    browsers.push(await visitWith(finder, visits, () => startLab(lab, around)));
  }
  await using one = await startLab(lab, around);
  return {
    ...measured,
    npm: "command" in npm ? measured.npm : npm,
    idleBytes: await idleNodeBytes(around),
    files: await sentFiles(one.url),
    browsers,
  };
}

async function startOnce(
  command: Command,
  around: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<LabStart> {
  await using running = await startLab(command, around);
  const readyAt = performance.now();
  // The document is on its way before anything is asked about the process, which takes time.
  const document = ask(running.url).then(() => performance.now() - readyAt);
  const others = firstPagePaths.slice(1).map((path) => ask(new URL(path, running.url)));
  const readyBytes = await running.memoryBytes();
  const documentMs = await document;
  await Promise.all(others);
  const pageMs = performance.now() - readyAt;
  const servedBytes = await running.memoryBytes();
  return { readyMs: running.readyMs, documentMs, pageMs, readyBytes, servedBytes };
}

/** Starts the lab, and ends it when it has put aside all that it can for the next start. */
async function startUntilKept(checkout: FreshCheckout, signal: AbortSignal): Promise<void> {
  await using running: RunningLab = await startLab(lab, { cwd: checkout.root, signal });
  await Promise.all(firstPagePaths.map((path) => ask(new URL(path, running.url))));
  const giveUp = performance.now() + keptWithinMs;
  while ((await checkout.keptPages()) < firstPagePaths.length) {
    if (performance.now() > giveUp) {
      throw new Error(`the lab kept no pages for its next start within ${keptWithinMs} ms`);
    }
    await pause(50, undefined, { signal });
  }
}

/** `npm start` as a command: the npm that runs this, or that of the path. */
async function npmCommand(
  cwd: string,
  signal: AbortSignal,
): Promise<{ readonly command: Command } | { readonly absent: string }> {
  const { npm_execpath: path } = process.env;
  const npm: Command = path?.endsWith(".js") === true ? [process.execPath, path] : ["npm"];
  try {
    await timeToEnd([...npm, "--version"], { cwd, signal });
    return { command: [...npm, "start", "--silent", "--", "--port", "0"] };
  } catch (error) {
    return { absent: `npm does not run here: ${String(error)}` };
  }
}
