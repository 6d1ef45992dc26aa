import { readdir, readFile, stat } from "node:fs/promises";
import {
  localDirectory,
  publishedDirectory,
  visitsDirectory,
} from "../experiments/results-files.ts";
import { errorCode } from "../model/error-code.ts";
import type { RunSource } from "./data.ts";
import type { SiteSources } from "./derive.ts";

/** Where results of one kind are, and how many files of them are shown, newest first. */
interface Place {
  readonly source: RunSource;
  readonly directory: URL;
  readonly most: number;
}

const places: readonly Place[] = [
  { source: "published", directory: publishedDirectory, most: 1 },
  { source: "local", directory: localDirectory, most: 3 },
  { source: "visit", directory: visitsDirectory, most: 50 },
];

/** Of a file that nobody reviewed: larger ones than a whole run are left out. */
const maxBytes = 128 * 1_024 * 1_024;

interface FoundFile {
  readonly source: RunSource;
  readonly name: string;
  readonly url: URL;
  readonly state: string;
}

/**
 * The results that a lab shows: the newest published ones, the newest of this machine, and saved visits.
 * `onLeftOut` is told of each file that cannot be read, in a sentence; a published one that cannot rejects.
 */
export async function readSiteSources(
  onLeftOut: (sentence: string) => void,
  from: readonly Place[] = places,
): Promise<SiteSources["files"]> {
  // Schemas take long to load, and who asks for the state alone needs none.
  const { parseResults } = await import("../experiments/report/json.ts");
  const read = (await foundFiles(from)).map(async ({ source, name, url }) => {
    try {
      const results = parseResults(await readFile(url, "utf8"));
      const prefix = source === "local" ? `local-${name.replace(/\.json$/u, "")}-` : "";
      return [{ source, prefix, results }];
    } catch (cause) {
      // One bad file of somebody's takes nothing from the others.
      if (source !== "published") {
        onLeftOut(`${name} is left out: ${String(cause)}`);
        return [];
      }
      throw new Error(`results/${name} cannot be read: ${String(cause)}`, { cause });
    }
  });
  return (await Promise.all(read)).flat();
}

/** Changes whenever the results do. */
export async function sourcesState(from: readonly Place[] = places): Promise<string> {
  return (await foundFiles(from)).map(({ state }) => state).join("\n");
}

async function foundFiles(from: readonly Place[]): Promise<FoundFile[]> {
  const found = await Promise.all(
    from.map(async ({ source, directory, most }) => {
      const names = await jsonFilesIn(directory);
      // Names begin with dates; "2026-11-21-2.json" is newer than "2026-11-21.json".
      const newest = names.toSorted((a, b) => compareNames(b, a)).slice(0, most);
      const files = await Promise.all(
        newest.map(async (name): Promise<FoundFile | null> => {
          const url = new URL(encodeURIComponent(name), directory);
          // Gone since the folder was read: it is not there.
          const file = await stat(url).catch(() => null);
          if (file === null || !file.isFile()) return null;
          if (source !== "published" && file.size > maxBytes) return null;
          // Tools can set the time of a change of content, and not that of a change of anything: `ctime`.
          const { size, mtimeMs, ctimeMs, ino } = file;
          const state = `${url.href} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
          return { source, name, url, state };
        }),
      );
      return files.filter((one) => one !== null);
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
    // Editors keep locks and drafts in files that begin with a dot.
    return (await readdir(directory)).filter((name) => /^[^.].*\.json$/u.test(name));
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
}
