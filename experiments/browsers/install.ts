import { execFile } from "node:child_process";

import { Browser, detectBrowserPlatform, install, resolveBuildId } from "@puppeteer/browsers";

import type { BrowserFinder, BrowserTarget } from "./browser.ts";
import { puppeteerCache } from "./candidates.ts";
import { within } from "./deadline.ts";
import { askVersion } from "./executable.ts";
import { browserFinders } from "./index.ts";
import { downloadable, planPackages, type System } from "./install-plan.ts";
import { readOsRelease } from "./operating-system.ts";

const connectTimeoutMs = 5_000;
const downloadTimeoutMs = 600_000;

/** A browser that was found or installed, or why it was not and what a person can do. */
export type EnsuredBrowser =
  | { readonly state: "ready"; readonly id: string; readonly target: BrowserTarget }
  | {
      readonly state: "missing";
      readonly id: string;
      readonly reason: string;
      readonly advice: string;
    };

/** What reaches out of this process; tests bring their own. */
export interface Means {
  readonly finders: readonly BrowserFinder[];
  readonly system: System;
  /** Downloads a browser that works. Rejects with why not. */
  download(id: string): Promise<void>;
  /** Installs packages, each by the first of its names that exists. Rejects with what apt-get said. */
  installPackages(packages: readonly (readonly string[])[], log: Log): Promise<void>;
}

type Log = (line: string) => void;

/** Finds the browsers and installs the missing ones, if it can. Says in `log` what takes time. Never rejects for want of a browser. */
export async function ensureBrowsers(
  ids: readonly string[],
  log: Log,
  means: Means = realMeans(),
): Promise<readonly EnsuredBrowser[]> {
  const reasons = new Map<string, string>();

  async function missingOf(candidates: readonly string[]): Promise<readonly string[]> {
    const found = await Promise.all(candidates.map((id) => find(id, means.finders)));
    return candidates.filter((_, index) => found[index]?.state === "absent");
  }

  let missing = await missingOf(ids);
  for (const id of missing.filter((candidate) => downloadable.includes(candidate))) {
    log(`${id} is missing: downloading it to ${puppeteerCache()}`);
    await means.download(id).catch((cause: unknown) => {
      reasons.set(id, `the download failed (${words(cause)})`);
      log(`${id}: the download failed (${words(cause)})`);
    });
  }

  missing = await missingOf(missing);
  const { aptPackages } = planPackages(means.system, missing);
  if (aptPackages.length > 0) {
    const outcome = await means
      .installPackages(aptPackages, log)
      .then(() => "its packages are installed, but it does not run", words);
    for (const id of missing) reasons.set(id, outcome);
  }

  return await Promise.all(
    ids.map(async (id): Promise<EnsuredBrowser> => {
      const found = await find(id, means.finders);
      if (found.state === "found") return { state: "ready", id, target: found.target };
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

type Found =
  | { readonly state: "found"; readonly target: BrowserTarget }
  | { readonly state: "absent" }
  /** An environment variable names something that is no browser: nothing to be installed. */
  | { readonly state: "unusable"; readonly reason: string };

async function find(id: string, finders: readonly BrowserFinder[]): Promise<Found> {
  const finder = finders.find((candidate) => candidate.id === id);
  if (finder === undefined) throw new Error(`"${id}" is not a browser that can be installed.`);
  try {
    const target = await finder.find();
    return target === null ? { state: "absent" } : { state: "found", target };
  } catch (cause) {
    return { state: "unusable", reason: words(cause) };
  }
}

function words(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function realMeans(): Means {
  const { platform } = process;
  const isRoot = process.getuid?.() === 0;
  const system = { platform, isRoot, osRelease: readOsRelease() };
  return { finders: browserFinders, system, download, installPackages };
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
  const installed = await within(
    downloadTimeoutMs,
    `not complete within ${downloadTimeoutMs / 60_000} minutes`,
    install({
      browser,
      buildId,
      cacheDir: puppeteerCache(),
      ...(process.stderr.isTTY ? { downloadProgressCallback: "default" as const } : {}),
    }),
  );
  if ((await askVersion(installed.executablePath)) === null) {
    throw new Error(`${installed.executablePath} does not run here, libraries may be missing`);
  }
}

async function installPackages(packages: readonly (readonly string[])[], log: Log): Promise<void> {
  log("$ apt-get update");
  const update = await apt("apt-get", ["update"]);
  const names: string[] = [];
  for (const alternatives of packages) names.push(await firstInApt(alternatives));
  const args = ["install", "-y", "--no-install-recommends", ...names];
  log(`$ apt-get ${args.join(" ")}`);
  const installed = await apt("apt-get", args);
  if (installed.ok) return;
  const failed = update.ok ? [installed] : [update, installed];
  for (const { output } of failed) log(output);
  throw new Error("apt-get failed, its output is above");
}

async function firstInApt(alternatives: readonly string[]): Promise<string> {
  for (const name of alternatives) {
    if ((await apt("apt-cache", ["show", name])).ok) return name;
  }
  return alternatives[0] ?? "";
}

function apt(
  command: "apt-get" | "apt-cache",
  args: readonly string[],
): Promise<{ ok: boolean; output: string }> {
  // Somebody else may be installing: wait for the lock rather than fail.
  const patience = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=2"];
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise((resolve) => {
    execFile(command, [...patience, ...args], options, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      resolve({ ok: error === null, output: output || words(error) });
    });
  });
}
