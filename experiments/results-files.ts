import { access, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nanoid } from "nanoid";
import type { Results } from "../model/results.ts";
import { errorCode } from "../model/error-code.ts";

/** Runs that are committed: what is known of each browser. */
export const publishedDirectory: URL = new URL("../results/", import.meta.url);

/** Runs that nobody commits. */
export const localDirectory: URL = new URL("local/", publishedDirectory);

/** Visits that somebody saved. */
export const visitsDirectory: URL = new URL("visits/", publishedDirectory);

/** The published runs, oldest first. Rejects when a file is not what it should be. */
export async function readPublished(): Promise<Results[]> {
  // Schemas take long to load, and who writes a file or asks for its folder needs none.
  const { parseResults } = await import("./report/json.ts");
  const names = (await readdir(publishedDirectory)).filter((name) => name.endsWith(".json"));
  const published = await Promise.all(
    names.map(async (name) => {
      try {
        return parseResults(await readFile(new URL(name, publishedDirectory), "utf8"));
      } catch (cause) {
        throw new Error(`results/${name} cannot be read: ${String(cause)}`, { cause });
      }
    }),
  );
  return published.toSorted((a, b) => startOf(a) - startOf(b));
}

function startOf({ runs: [first] }: Results): number {
  return Date.parse(first?.startedAt ?? "");
}

/**
 * Writes a file whole or not at all, making its folder if need be; when it resolves, a power cut takes
 * nothing any more. A `mode` of 0o600 is for its owner's eyes only. Whoever is killed meanwhile leaves a
 * file behind whose name ends with `.part`, which nobody reads.
 */
export async function writeWhole(path: string, text: string, mode = 0o666): Promise<void> {
  const folder = dirname(path);
  await makeFolder(folder);
  const temporary = `${path}.${nanoid(8)}.part`;
  try {
    await writeToDisk(temporary, text, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Rejects when no file can be written in a folder, which is made if need be. */
export async function assertWritable(folder: string): Promise<void> {
  await makeFolder(folder);
  const trial = join(folder, `.${nanoid(8)}.part`);
  await using _ = await open(trial, "wx");
  await rm(trial);
}

/**
 * Makes a folder and those that it is in. Node's own recursive way never ends where the system says of a
 * folder in one that is there that something is missing, as Linux does in /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code === "EEXIST") return;
    const parent = dirname(folder);
    if (code !== "ENOENT" || (await isThere(parent))) throw error;
    await makeFolder(parent);
    await makeFolder(folder);
  }
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** What a system said of a file, in one line: "ENOSPC: no space left on device, write". */
export function describeFailure(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/gu, " ");
}

async function writeToDisk(path: string, text: string, mode: number): Promise<void> {
  await using file = await open(path, "wx", mode);
  await file.writeFile(text);
  await file.sync();
}

/** A new name is safe once its folder is. Windows, which opens no folders, sees to that itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  await using handle = await open(folder, "r");
  await handle.sync();
}
