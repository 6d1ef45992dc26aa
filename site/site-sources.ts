import { readdir, readFile, stat } from "node:fs/promises";
import {
  localDirectory,
  publishedDirectory,
  visitsDirectory,
} from "../experiments/results-files.ts";
import { parseResults } from "../experiments/report/json.ts";
import type { RunSource } from "./data.ts";
import type { SiteSources } from "./derive.ts";

/** Where results are, and how many files of them are shown, newest first. */
const places: readonly {
  readonly source: RunSource;
  readonly directory: URL;
  readonly most: number;
}[] = [
  { source: "published", directory: publishedDirectory, most: 1 },
  { source: "local", directory: localDirectory, most: 3 },
  { source: "visit", directory: visitsDirectory, most: 50 },
];

interface FoundFile {
  readonly source: RunSource;
  readonly name: string;
  readonly url: URL;
  readonly state: string;
}

/** The results that a lab shows: the newest published ones, the newest of this machine, and saved visits. */
export async function readSiteSources(): Promise<SiteSources["files"]> {
  const read = (await foundFiles()).map(async ({ source, name, url }) => {
    try {
      const results = parseResults(await readFile(url, "utf8"));
      const prefix = source === "local" ? `local-${name.replace(/\.json$/u, "")}-` : "";
      return [{ source, prefix, results }];
    } catch (cause) {
      // One bad file of somebody's takes nothing from the others.
      if (source !== "published") {
        console.error(`${name} is left out: ${String(cause)}`);
        return [];
      }
      throw new Error(`results/${name} cannot be read: ${String(cause)}`, { cause });
    }
  });
  return (await Promise.all(read)).flat();
}

/** Changes whenever the results do. */
export async function sourcesState(): Promise<string> {
  return (await foundFiles()).map(({ state }) => state).join("\n");
}

async function foundFiles(): Promise<FoundFile[]> {
  const found = await Promise.all(
    places.map(async ({ source, directory, most }) => {
      const names = await jsonFilesIn(directory);
      // Names begin with dates; "2026-11-21-2.json" is newer than "2026-11-21.json".
      const newest = names.toSorted((a, b) => compareNames(b, a)).slice(0, most);
      return await Promise.all(
        newest.map(async (name): Promise<FoundFile> => {
          const url = new URL(encodeURIComponent(name), directory);
          const { mtimeMs, size } = await stat(url);
          return { source, name, url, state: `${url.href} ${mtimeMs} ${size}` };
        }),
      );
    }),
  );
  return found.flat();
}

function compareNames(a: string, b: string): number {
  const [one, other] = [a.replace(/\.json$/u, ""), b.replace(/\.json$/u, "")];
  return one < other ? -1 : one > other ? 1 : 0;
}

async function jsonFilesIn(directory: URL): Promise<string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
