import { execFile } from "node:child_process";
import { constants } from "node:fs";
import { access, glob, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether `path` is a file that may be executed. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** The first of the paths that may be executed, or null. */
export async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    if (await isExecutable(path)) return path;
  }
  return null;
}

/** Where a program of one of these names is on the `PATH`, names first. */
export function onPath(names: readonly string[]): readonly string[] {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** The executable files that match one of the glob patterns, in the order of the patterns, newest names first. */
export async function matching(patterns: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pattern of patterns) {
    const paths = await Array.fromAsync(glob(pattern));
    for (const path of paths.toSorted().toReversed()) {
      if (await isExecutable(path)) found.push(path);
    }
  }
  return found;
}

/**
 * What a program prints first when it is asked for its version, or null when it does not run: Ubuntu's
 * transitional packages install scripts that only say "use snap".
 */
export async function askVersion(path: string): Promise<string | null> {
  if (!(await isExecutable(path))) return null;
  // On Windows browsers are graphical programs: they print nothing, and Chrome opens a window.
  if (process.platform === "win32") return "";
  try {
    const { stdout } = await run(path, ["--version"], { timeout: 20_000, killSignal: "SIGKILL" });
    const [line = ""] = stdout.trim().split("\n");
    return /\d/.test(line) ? line.trim() : null;
  } catch {
    return null;
  }
}
