import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { writeWhole } from "../experiments/results-files.ts";
import type { SiteFile } from "../server/site.ts";

/** Files of a site as they were drawn once. */
export interface KeptFiles {
  /** Undefined when it is not kept, or is not what was written. */
  read(path: string): Promise<SiteFile | undefined>;
  /** Removes what was kept under other keys. Rejects when the folder cannot be written to. */
  keep(path: string, file: SiteFile): Promise<void>;
}

/** Opens what is kept in `directory` of files that were made of all that `madeOf` says, to the letter. */
export function openKeptFiles(directory: URL, madeOf: string): KeptFiles {
  const key = digestOf(madeOf);
  const folder = new URL(`${key}/`, directory);
  // A path that somebody asks for is no path to read from.
  const placeOf = (path: string): URL => new URL(digestOf(path), folder);
  return {
    async read(path) {
      const text = await readFile(placeOf(path), "utf8").catch(() => "");
      const [digest, type] = text.split("\n", 2);
      const content = text.slice(text.indexOf("\n") + 1);
      // Half a file, after a power cut, is none.
      if (type === undefined || digest !== digestOf(content)) return undefined;
      return { type, body: content.slice(type.length + 1) };
    },
    async keep(path, { type, body }) {
      const content = `${type}\n${body}`;
      await writeWhole(fileURLToPath(placeOf(path)), `${digestOf(content)}\n${content}`);
      for (const other of await readdir(directory)) {
        if (other !== basename(folder.pathname)) {
          await rm(new URL(other, directory), { recursive: true, force: true });
        }
      }
    },
  };
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
