import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { Harness } from "../model/results.ts";

const root = new URL("../", import.meta.url);

/** Which code measures: package.json's version, and git's revision where this is a checkout. */
export async function readHarness(): Promise<Harness> {
  const manifest = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(new URL("package.json", root), "utf8")));
  const revision = await git("rev-parse", "HEAD");
  const status = await git("status", "--porcelain");
  return { version: manifest.version, revision, dirty: status === null ? null : status !== "" };
}

async function git(...args: string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", args, { cwd: fileURLToPath(root) });
    return stdout.trim();
  } catch {
    // Not a checkout, or no git: the revision is unknown, which the result says.
    return null;
  }
}
