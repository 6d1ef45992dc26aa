import { existsSync, readdirSync, rmSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ownerFile } from "./home-names.ts";

const persistently = { recursive: true, force: true, maxRetries: 10 } as const;

/** Removes a home. What says whose it is goes last, so that a later run finds what could not be removed. */
export async function removeHome(path: string): Promise<void> {
  const options = { ...persistently, retryDelay: 50 };
  // It may be gone already.
  const names = await readdir(path).catch(() => []);
  for (const name of contents(names)) await rm(join(path, name), options);
  await rm(path, options);
}

/** The same, where nothing asynchronous can run any more. */
export function removeHomeSync(path: string): void {
  const options = { ...persistently, retryDelay: 20 };
  if (!existsSync(path)) return;
  for (const name of contents(readdirSync(path))) rmSync(join(path, name), options);
  rmSync(path, options);
}

function contents(names: readonly string[]): readonly string[] {
  return names.filter((name) => name !== ownerFile);
}
