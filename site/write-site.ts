import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../experiments/results-files.ts";
import { errorCode } from "../model/error-code.ts";
import type { SiteFiles } from "./site-files.ts";

/** How much was written. */
export interface Written {
  readonly files: number;
  readonly bytes: number;
}

/** Says that a folder is a site of ours, and which files of it we may remove. */
const markerName = ".websocket-auth-lab-site";

/** What a file of a site may be called: results can name techniques in any way. */
const safePath = /^(?:[a-z0-9][a-z0-9._-]*\/)*[a-z0-9][a-z0-9._-]*$/iu;

/**
 * Writes every file of a site, each whole or not at all, and removes those of the site that was there.
 * Rejects, before it writes anything, with a sentence when the folder holds something else.
 */
export async function writeSite(
  site: SiteFiles,
  directory: string,
  onFile: (done: number, total: number) => void = () => {},
): Promise<Written> {
  const former = await formerFiles(directory);
  const paths = await site.paths();
  const unsafe = paths.find((path) => !safePath.test(path));
  if (unsafe !== undefined) {
    throw new Error(`the results name something that cannot be a file's name: ${unsafe}`);
  }
  const marker = join(directory, markerName);
  // First, so that an interrupted build leaves a folder that the next one may write to.
  await writeWhole(marker, markerText([...new Set([...former, ...paths])]));
  let bytes = 0;
  for (const [index, path] of paths.entries()) {
    const file = await site.file(path);
    if (file === undefined) throw new Error(`the site has no ${path}, which it listed`);
    await writeWhole(join(directory, path), file.body);
    bytes += Buffer.byteLength(file.body);
    onFile(index + 1, paths.length);
  }
  const current = new Set(paths);
  for (const path of former) {
    if (!current.has(path)) await rm(join(directory, path), { force: true });
  }
  await writeWhole(marker, markerText(paths));
  return { files: paths.length, bytes };
}

function markerText(paths: readonly string[]): string {
  return `${JSON.stringify(paths, null, 1)}\n`;
}

/** The files of the site that is there; none when nothing is. */
async function formerFiles(directory: string): Promise<string[]> {
  const names: readonly string[] = await readdir(directory).catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return [];
    throw new Error(`${directory} cannot be written to: ${String(error)}`, { cause: error });
  });
  if (names.length === 0) return [];
  if (!names.includes(markerName)) {
    throw new Error(
      `${directory} is not empty and no site of ours: give --out a folder that is empty or does not exist`,
    );
  }
  const marker = join(directory, markerName);
  let listed: unknown;
  try {
    listed = JSON.parse(await readFile(marker, "utf8"));
  } catch (cause) {
    throw new Error(`${marker} cannot be read: remove the folder, or give --out another one`, {
      cause,
    });
  }
  if (!Array.isArray(listed)) return [];
  return listed.filter((path): path is string => typeof path === "string" && safePath.test(path));
}
