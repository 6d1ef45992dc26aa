import type { BrowserTarget } from "./browser.ts";
import { askVersion, isExecutable } from "./executable.ts";

/** Makes a target of a binary that runs, from its path and what `--version` prints. */
export type MakeTarget = (path: string, versionLine: string) => BrowserTarget;

/**
 * The binary that the environment variable names, else the first candidate that runs, else null.
 * Rejects when the variable names something that does not run.
 */
export async function findFirst(
  variable: string,
  candidates: () => Promise<readonly string[]>,
  makeTarget: MakeTarget,
): Promise<BrowserTarget | null> {
  const named = process.env[variable];
  if (named !== undefined && named !== "") return await openBinary(named, makeTarget, variable);
  for (const path of await candidates()) {
    const versionLine = await askVersion(path);
    if (versionLine !== null) return makeTarget(path, versionLine);
  }
  return null;
}

/** A target for a binary that somebody named. Rejects when it does not run. */
export async function openBinary(
  path: string,
  makeTarget: MakeTarget,
  origin = "The path",
): Promise<BrowserTarget> {
  if (!(await isExecutable(path))) {
    throw new Error(`${origin} "${path}" is not an executable file. Name the browser's binary.`);
  }
  const versionLine = await askVersion(path);
  if (versionLine === null) {
    throw new Error(`${origin} "${path}" does not answer to --version. Name a browser's binary.`);
  }
  return makeTarget(path, versionLine);
}
