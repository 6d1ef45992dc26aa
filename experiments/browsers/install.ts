import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

import { Browser, detectBrowserPlatform, install, resolveBuildId } from "@puppeteer/browsers";

import type { BrowserFinder, BrowserTarget } from "./browser.ts";
import { puppeteerCache } from "./downloaded-browsers.ts";
import { within } from "./deadline.ts";
import { askVersion } from "./executable.ts";
import { browserFinders } from "./index.ts";
import { downloadable, planPackages, thisSystem, type System } from "./install-plan.ts";
import { findTool, type Tool, type ToolId } from "./tools.ts";

const connectTimeoutMs = 5_000;
const downloadTimeoutMs = 600_000;

type Ensured<T> =
  | ({ readonly state: "ready"; readonly id: string } & T)
  | {
      readonly state: "missing";
      readonly id: string;
      readonly reason: string;
      readonly advice: string;
    };

/** A browser that was found or installed, or why it was not and what a person can do. */
export type EnsuredBrowser = Ensured<{ readonly target: BrowserTarget }>;
/** The same for a tool. */
export type EnsuredTool = Ensured<Tool>;

/** What reaches out of this process; tests bring their own. */
export interface Means {
  readonly finders: readonly BrowserFinder[];
  findTool(id: ToolId): Promise<Tool | null>;
  readonly system: System;
  /** Downloads a browser that works. Rejects with why not. Nobody waits for it once the run is interrupted. */
  download(id: string): Promise<void>;
  /**
   * Installs packages, each by the first of its names that exists. Rejects with what apt-get said.
   * Ends apt-get when `signal` is aborted.
   */
  installPackages(
    packages: readonly (readonly string[])[],
    log: Log,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface EnsureOptions {
  /** Gives up at once: everything is then "missing", because the run was interrupted. */
  readonly signal?: AbortSignal;
  readonly means?: Means;
}

type Log = (line: string) => void;

/**
 * Finds the browsers and installs the missing ones, if it can. Says in `log` what takes time. Never
 * rejects for want of a browser. A download cannot be stopped: after an abort it goes on, and what
 * it wrote is removed when the process exits, so the caller should not wait for an empty event loop.
 */
export async function ensureBrowsers(
  ids: readonly string[],
  log: Log,
  { signal = new AbortController().signal, means = realMeans() }: EnsureOptions = {},
): Promise<readonly EnsuredBrowser[]> {
  return await ensure(ids, (id) => findBrowser(id, means.finders), log, means, signal);
}

/**
 * Finds tools and installs the missing ones, as `ensureBrowsers` does, but for the download. A service
 * that a package brings, as nginx's does, is not started; where systemd runs, it will be at the next boot.
 */
export async function ensureTools(
  ids: readonly ToolId[],
  log: Log,
  { signal = new AbortController().signal, means = realMeans() }: EnsureOptions = {},
): Promise<readonly EnsuredTool[]> {
  const find = async (id: ToolId): Promise<Found<Tool>> => {
    const tool = await means.findTool(id);
    return tool === null ? { state: "absent" } : { state: "found", what: tool };
  };
  return await ensure(ids, find, log, means, signal);
}

type Found<T> =
  | { readonly state: "found"; readonly what: T }
  | { readonly state: "absent" }
  /** An environment variable names something that is no browser: nothing to be installed. */
  | { readonly state: "unusable"; readonly reason: string };

type Find<Id, T> = (id: Id) => Promise<Found<T>>;

async function ensure<Id extends string, T>(
  ids: readonly Id[],
  find: Find<Id, T>,
  log: Log,
  means: Means,
  signal: AbortSignal,
): Promise<readonly Ensured<T>[]> {
  if (signal.aborted) return ids.map(interrupted);
  const settled = new AbortController();
  const aborted = once(signal, "abort", { signal: settled.signal }).then(
    () => ids.map(interrupted),
    () => [],
  );
  try {
    return await Promise.race([findOrInstall(ids, find, log, means, signal), aborted]);
  } finally {
    settled.abort();
  }
}

function interrupted(id: string): Ensured<never> {
  return { state: "missing", id, reason: "the run was interrupted", advice: "run it again" };
}

async function findOrInstall<Id extends string, T>(
  ids: readonly Id[],
  find: Find<Id, T>,
  log: Log,
  means: Means,
  signal: AbortSignal,
): Promise<readonly Ensured<T>[]> {
  const reasons = new Map<Id, string>();

  async function missingOf(candidates: readonly Id[]): Promise<readonly Id[]> {
    const found = await Promise.all(candidates.map(find));
    return candidates.filter((_, index) => found[index]?.state === "absent");
  }

  let missing = await missingOf(ids);
  for (const id of missing.filter((candidate) => downloadable.includes(candidate))) {
    if (signal.aborted) break;
    log(`${id} is missing: downloading it to ${puppeteerCache()}`);
    await means.download(id).catch((cause: unknown) => {
      reasons.set(id, `the download failed (${words(cause)})`);
      if (!signal.aborted) log(`${id}: the download failed (${words(cause)})`);
    });
  }

  missing = await missingOf(missing);
  const { aptPackages } = planPackages(means.system, missing);
  if (aptPackages.length > 0 && !signal.aborted) {
    const outcome = await means
      .installPackages(aptPackages, log, signal)
      .then(() => "its packages are installed, but it does not run", words);
    for (const id of missing) reasons.set(id, outcome);
  }

  return await Promise.all(
    ids.map(async (id): Promise<Ensured<T>> => {
      const found = await find(id);
      if (found.state === "found") return { state: "ready", id, ...found.what };
      if (found.state === "unusable") {
        return {
          state: "missing",
          id,
          reason: found.reason,
          advice: "correct or unset the variable",
        };
      }
      return {
        state: "missing",
        id,
        reason: reasons.get(id) ?? "it is not installed",
        advice: planPackages(means.system, [id]).advice,
      };
    }),
  );
}

async function findBrowser(
  id: string,
  finders: readonly BrowserFinder[],
): Promise<Found<{ readonly target: BrowserTarget }>> {
  const finder = finders.find((candidate) => candidate.id === id);
  if (finder === undefined) throw new Error(`"${id}" is not a browser that can be installed.`);
  try {
    const target = await finder.find();
    return target === null ? { state: "absent" } : { state: "found", what: { target } };
  } catch (cause) {
    return { state: "unusable", reason: words(cause) };
  }
}

function words(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function realMeans(): Means {
  return { finders: browserFinders, findTool, system: thisSystem(), download, installPackages };
}

async function download(id: string): Promise<void> {
  const browser = id === "firefox" ? Browser.FIREFOX : Browser.CHROME;
  const platform = detectBrowserPlatform();
  if (platform === undefined) throw new Error("there is none for this platform");
  const noAnswer = `no answer within ${connectTimeoutMs / 1_000} s`;
  const buildId = await within(
    connectTimeoutMs,
    noAnswer,
    resolveBuildId(browser, platform, "stable"),
  );
  const executable = await within(
    downloadTimeoutMs,
    `not complete within ${downloadTimeoutMs / 60_000} minutes`,
    installWhole(browser, buildId),
  );
  if ((await askVersion(executable)) === null) {
    throw new Error(`${executable} does not run here, libraries may be missing`);
  }
}

/** Puppeteer takes half an archive or half a browser for a whole one; so, it gets a scratch directory. */
async function installWhole(browser: Browser, buildId: string): Promise<string> {
  const cache = puppeteerCache();
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, "part-"));
  const clear = (): void => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 });
  process.once("exit", clear);
  try {
    const { path, executablePath } = await install({
      browser,
      buildId,
      cacheDir: scratch,
      ...(process.stderr.isTTY ? { downloadProgressCallback: "default" as const } : {}),
    });
    const destination = join(cache, relative(scratch, path));
    await mkdir(dirname(destination), { recursive: true });
    await rm(destination, { recursive: true, force: true });
    await rename(path, destination);
    return join(destination, relative(path, executablePath));
  } finally {
    clear();
    process.off("exit", clear);
  }
}

/** `Means.installPackages` by apt-get, which has to be run as root. */
export async function installPackages(
  packages: readonly (readonly string[])[],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  log("$ apt-get update");
  const update = await apt("apt-get", ["update"], signal);
  const names: string[] = [];
  for (const alternatives of packages) names.push(await firstInApt(alternatives, signal));
  signal.throwIfAborted();
  const args = ["install", "-y", "--no-install-recommends", ...names];
  log(`$ apt-get ${args.join(" ")}`);
  const installed = await apt("apt-get", args, signal);
  signal.throwIfAborted();
  if (installed.ok) return;
  const failed = update.ok ? [installed] : [update, installed];
  for (const { output } of failed) log(output);
  throw new Error("apt-get failed, its output is above");
}

async function firstInApt(alternatives: readonly string[], signal: AbortSignal): Promise<string> {
  for (const name of alternatives) {
    if ((await apt("apt-cache", ["show", name], signal)).ok) return name;
  }
  return alternatives[0] ?? "";
}

function apt(
  command: "apt-get" | "apt-cache",
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ ok: boolean; output: string }> {
  // Somebody else may be installing: wait for the lock rather than fail.
  const patience = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2"];
  const options = {
    env: {
      ...process.env,
      DEBIAN_FRONTEND: "noninteractive",
      LC_ALL: "C",
      // Programs are wanted, not services: nginx's package would start one (https://systemd.io/ENVIRONMENT).
      SYSTEMD_OFFLINE: "1",
    },
    maxBuffer: 64 * 1024 * 1024,
    signal,
  };
  return new Promise((resolve) => {
    execFile(command, [...patience, ...args], options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      resolve({ ok: error === null, output: output || words(error) });
    });
  });
}
