import { flushCompileCache } from "node:module";
import { parentPort } from "node:worker_threads";
import { keepCompiled, keptDirectory } from "../experiments/compile-cache.ts";
import type { SiteFile } from "../server/site.ts";
import { codeDigest } from "./code-digest.ts";
import { type DrawnFiles, openKeptSite } from "./kept-site.ts";
import { messageOf } from "./message-of.ts";
import { readSiteSources, sourcesState } from "./site-sources.ts";

keepCompiled();

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

/** Loads what draws pages, which a site that was drawn before does without. */
async function loadDrawing(): Promise<() => DrawnFiles> {
  const { createSiteFiles } = await import("./site-files.ts");
  flushCompileCache();
  return () => {
    let isWhole = true;
    const site = createSiteFiles({
      isLab: true,
      readResults: () =>
        readSiteSources((sentence) => {
          isWhole = false;
          console.error(sentence);
        }),
    });
    return { file: (path) => site.file(path), isWhole: () => isWhole };
  };
}

const site = openKeptSite({
  directory: new URL("pages/", keptDirectory),
  codeState: codeDigest,
  resultsState: sourcesState,
  load: loadDrawing,
  onProblem: console.error,
});

async function answer({ id, path }: SiteRequest): Promise<SiteAnswer> {
  try {
    return { id, file: await site.file(path) };
  } catch (error) {
    return { id, error: messageOf(error) };
  }
}

parentPort?.on("message", (request: SiteRequest) => {
  void answer(request).then((one) => {
    parentPort?.postMessage(one, []);
    return site.keepDrawn();
  });
});
