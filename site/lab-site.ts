import { Worker } from "node:worker_threads";
import type { Site, SiteFile } from "../server/site.ts";
import type { SiteAnswer, SiteRequest } from "./site-worker.ts";

/** All that a browser asks for to show the first page. */
export const firstPage = [
  "index.html",
  "style.css",
  "scripts/index.js",
  "data/site.js",
  "favicon.svg",
] as const;

/**
 * The site of a lab. Results are tens of megabytes: another thread reads them and draws the pages,
 * while this one goes on measuring. The thread starts with the first file that is asked for.
 */
export function createLabSite(): Site {
  let worker: Worker | undefined;
  let count = 0;
  const waiting = new Map<number, PromiseWithResolvers<SiteFile | null>>();
  const failAll = (failed: Worker, reason: string): void => {
    // It may have been replaced since: its end is told after its error.
    if (failed !== worker) return;
    worker = undefined;
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  const start = (): Worker => {
    const started = new Worker(new URL("site-worker.ts", import.meta.url));
    // The lab's ports keep the process alive, and not its pages.
    started.unref();
    started.on("message", (answer: SiteAnswer) => {
      const waiter = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("error" in answer) waiter?.reject(new Error(answer.error));
      else waiter?.resolve(answer.file);
    });
    started.on("error", (error) => failAll(started, `the site's thread failed: ${String(error)}`));
    started.on("exit", () => failAll(started, "the site's thread ended"));
    return started;
  };
  return {
    async file(path) {
      worker ??= start();
      count += 1;
      const waiter = Promise.withResolvers<SiteFile | null>();
      waiting.set(count, waiter);
      const request: SiteRequest = { id: count, path };
      worker.postMessage(request, []);
      return await waiter.promise;
    },
    async [Symbol.asyncDispose]() {
      await worker?.terminate();
    },
  };
}
