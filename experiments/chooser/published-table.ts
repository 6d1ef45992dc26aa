import { Worker } from "node:worker_threads";
import type { ChooserTable } from "./table.ts";

/** What the newest published results say, or that there are none. */
export type PublishedTable = ChooserTable | null;

/**
 * Reads the newest published results when they are first asked for, and once. They are tens of
 * megabytes: another thread parses them, while this one goes on answering.
 */
export function createPublishedTable(): () => Promise<PublishedTable> {
  let table: Promise<PublishedTable> | undefined;
  return () => {
    table ??= readInWorker().catch((error: unknown) => {
      // A file that was being written is whole the next time.
      table = undefined;
      throw error;
    });
    return table;
  };
}

async function readInWorker(): Promise<PublishedTable> {
  const { promise, resolve, reject } = Promise.withResolvers<PublishedTable>();
  const worker = new Worker(new URL("published-worker.ts", import.meta.url));
  worker.once("message", resolve);
  worker.once("error", (cause) => {
    reject(new Error(`the published results cannot be read: ${String(cause)}`, { cause }));
  });
  worker.once("exit", () => reject(new Error("the published results were not read to their end")));
  return await promise;
}
