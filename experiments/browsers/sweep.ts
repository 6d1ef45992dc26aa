import { existsSync } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { homePrefix, ownerFile } from "./home-names.ts";
import { ownerSchema, stateOf } from "./owner.ts";
import { listProcesses } from "./process-table.ts";
import { removeHome } from "./remove-home.ts";
import { endStragglers, kill, stragglers, until } from "./stragglers.ts";

const lastWritesMs = 1_000;

/**
 * Ends the processes of homes whose owner is gone, and removes these homes; what belongs to a process
 * that runs, to another user or to nobody known is left alone. Resolves with how many homes were removed; which could not be, and why, is noted.
 */
export async function sweepHomes(
  folder: string = tmpdir(),
  note: (sentence: string) => void = () => {},
): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const paths = names
    .filter((name) => name.startsWith(homePrefix))
    .map((name) => join(folder, name));
  const swept = await Promise.all(paths.map((path) => sweep(path, note)));
  return swept.filter(Boolean).length;
}

async function sweep(path: string, note: (sentence: string) => void): Promise<boolean> {
  if (!(await isDeserted(path))) return false;
  try {
    // Browsers write over the environment of some of their processes; all are in the group of their first one.
    const groups = new Set(stragglers(path).map(({ group }) => group));
    // X servers and nginx remove what they have outside of the home when they are asked to end.
    for (const name of ["SIGTERM", "SIGKILL"] as const) {
      for (const group of groups) kill(-group, name);
      await until(() => !listProcesses().some(({ group }) => groups.has(group)));
    }
    await endStragglers(path);
    await removeHome(path);
    // One whose browser was gone before has neither, and writes its caches when it notices.
    await delay(lastWritesMs);
    await removeHome(path);
    return true;
  } catch (error) {
    // Its watchdog or another run may have been quicker.
    if (!existsSync(path)) return false;
    const why = error instanceof Error ? error.message : String(error);
    note(`${path} was left behind by a run that was killed, and cannot be removed: ${why}`);
    return false;
  }
}

async function isDeserted(path: string): Promise<boolean> {
  try {
    const home = await lstat(path);
    // Temporary directories are everybody's: a home of another user's making could say anything.
    if (!home.isDirectory() || home.uid !== (process.getuid?.() ?? home.uid)) return false;
    const owner = ownerSchema.parse(JSON.parse(await readFile(join(path, ownerFile), "utf8")));
    return stateOf(owner) === "gone";
  } catch {
    return false; // It went meanwhile, or says nothing of its owner.
  }
}

if (import.meta.main) await sweepHomes();
