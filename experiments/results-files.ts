import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { nanoid } from "nanoid";
import type { Results } from "../model/results.ts";
import { parseResults } from "./report/json.ts";

/** Runs that are committed: what is known of each browser. */
export const publishedDirectory: URL = new URL("../results/", import.meta.url);

/** Runs that nobody commits. */
export const localDirectory: URL = new URL("local/", publishedDirectory);

/** Visits that somebody saved. */
export const visitsDirectory: URL = new URL("visits/", publishedDirectory);

/** The published runs, oldest first. Rejects when a file is not what it should be. */
export async function readPublished(): Promise<Results[]> {
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

/** Writes a file whole or not at all, making its folder if need be. A `mode` of 0o600 is for its owner's eyes only. */
export async function writeWhole(path: string, text: string, mode = 0o666): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${nanoid(8)}.part`;
  try {
    await writeFile(temporary, text, { flag: "wx", mode });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
