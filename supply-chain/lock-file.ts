import { readFile } from "node:fs/promises";
import { z } from "zod";

/** Ranges of versions, by the name of the package. */
export type Ranges = Readonly<Record<string, string>>;

/** What this project reads of its package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Ranges;
  readonly devDependencies: Ranges;
  /** Whose install scripts npm may run: https://docs.npmjs.com/cli/v11/commands/npm-approve-scripts */
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

/** What this project reads of its package-lock.json: https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json */
export interface LockFile {
  readonly name: string;
  readonly version: string;
  /** What package.json asked for when the lock file was written. */
  readonly root: Pick<Manifest, "dependencies" | "devDependencies">;
  /** All but the project itself. */
  readonly packages: readonly LockedPackage[];
}

/** A package that an installation may have. */
export interface LockedPackage extends LockedEntry {
  /** Where it is installed: "node_modules/a/node_modules/b". */
  readonly path: string;
  readonly name: string;
}

interface LockedEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link: boolean;
  readonly dev: boolean;
  readonly optional: boolean;
  readonly hasInstallScript: boolean;
}

const names: z.ZodType<Ranges> = z.record(z.string(), z.string()).default({});
const flag: z.ZodType<boolean> = z.boolean().default(false);

const manifestSchema: z.ZodType<Manifest> = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: names,
  devDependencies: names,
  allowScripts: z.record(z.string(), z.boolean()).default({}),
});

const entrySchema: z.ZodType<LockedEntry> = z.object({
  version: z.string().exactOptional(),
  resolved: z.string().exactOptional(),
  integrity: z.string().exactOptional(),
  license: z.string().exactOptional(),
  link: flag,
  dev: flag,
  optional: flag,
  hasInstallScript: flag,
});

const formatSchema: z.ZodType<{ lockfileVersion: number }> = z.object({
  lockfileVersion: z.number(),
});

const lockSchema: z.ZodType<
  Pick<LockFile, "name" | "version"> & { packages: Readonly<Record<string, LockedEntry>> }
> = z.object({
  name: z.string(),
  version: z.string(),
  packages: z.record(z.string(), entrySchema),
});

const rootSchema: z.ZodType<{ packages: { "": LockFile["root"] } }> = z.object({
  packages: z.object({ "": z.object({ dependencies: names, devDependencies: names }) }),
});

/** Reads both files of a project. Rejects when one is missing, or is something else. */
export async function readSupplies(
  project: URL,
): Promise<{ readonly manifest: Manifest; readonly lock: LockFile }> {
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(new URL(name, project), "utf8"));
  return {
    manifest: manifestSchema.parse(await read("package.json")),
    lock: parseLock(await read("package-lock.json")),
  };
}

/** Reads a lock file's value. Throws when it is something else. */
export function parseLock(value: unknown): LockFile {
  const { lockfileVersion } = formatSchema.parse(value);
  if (lockfileVersion !== 3) {
    throw new Error(
      `package-lock.json has version ${lockfileVersion}: let npm 7 or later write it`,
    );
  }
  const { name, version, packages } = lockSchema.parse(value);
  const root = rootSchema.parse(value).packages[""];
  const entries = Object.entries(packages).filter(([path]) => path !== "");
  const locked = entries.map(([path, one]) => ({ ...one, path, name: nameOf(path) }));
  return { name, version, root, packages: locked };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}
