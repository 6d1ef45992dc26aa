import { parentPort } from "node:worker_threads";
import { readSiteSources, sourcesState } from "./site-sources.ts";
import type { SiteFile } from "../server/site.ts";
import { messageOf } from "./message-of.ts";
import { createSiteFiles, type SiteFiles } from "./site-files.ts";

/** What the worker is asked for. */
export interface SiteRequest {
  readonly id: number;
  readonly path: string;
}

/** Its answer; `file` is null when there is no such file. */
export type SiteAnswer = { readonly id: number } & (
  | { readonly file: SiteFile | null }
  | { readonly error: string }
);

let made: { readonly state: string; readonly files: SiteFiles } | undefined;

/** The site of the results as they are now: runs that have ended since are in it. */
async function siteFiles(): Promise<SiteFiles> {
  const state = await sourcesState();
  if (made?.state !== state) {
    made = { state, files: createSiteFiles({ isLab: true, readResults: readSiteSources }) };
  }
  return made.files;
}

async function answer({ id, path }: SiteRequest): Promise<SiteAnswer> {
  try {
    return { id, file: (await (await siteFiles()).file(path)) ?? null };
  } catch (error) {
    // What could not be read now may be whole the next time.
    made = undefined;
    return { id, error: messageOf(error) };
  }
}

parentPort?.on("message", (request: SiteRequest) => {
  void answer(request).then((one) => parentPort?.postMessage(one, []));
});
