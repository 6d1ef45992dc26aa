import { lstat, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { homePrefix, ownerFile } from "./home-names.ts";
import { ownerSchema, stateOf } from "./owner.ts";
import { endStragglers, kill, stragglers, until } from "./stragglers.ts";

/**
 * Ends the processes of homes whose owner is gone, and removes these homes; what belongs to a process
 * that runs, to another user or to nobody known is left alone. Resolves with how many homes there were.
 */
export async function sweepHomes(folder: string = tmpdir()): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const paths = names
    .filter((name) => name.startsWith(homePrefix))
    .map((name) => join(folder, name));
  const swept = await Promise.all(paths.map(sweep));
  return swept.filter(Boolean).length;
}

async function sweep(path: string): Promise<boolean> {
  if (!(await isDeserted(path))) return false;
  // X servers and nginx remove what they have outside of the home when they are asked to end.
  for (const { pid } of stragglers(path)) kill(pid, "SIGTERM");
  await until(() => stragglers(path).length === 0);
  await endStragglers(path);
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  return true;
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
