import { execFile } from "node:child_process";
import { cp, mkdir, mkdtempDisposable, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const source = fileURLToPath(new URL("../../", import.meta.url));

/** What an own checkout has of its own, or what comes with none. */
const notCopied: ReadonlySet<string> = new Set([
  ".git",
  ".certificates",
  "node_modules",
  "results",
  "screenshots",
  "site-out",
]);

/** A checkout beside this one, in which nothing was started yet: no process is disturbed by it. */
export interface FreshCheckout extends AsyncDisposable {
  /** Its path. */
  readonly root: string;
  /** Takes away what starts have left behind. */
  forget(): Promise<void>;
  /** How many drawn pages are kept for the next start. */
  keptPages(): Promise<number>;
}

/** Makes one of the code as it is here, the published results, and links to what is installed. */
export async function makeFreshCheckout(): Promise<FreshCheckout> {
  await using made = new AsyncDisposableStack();
  const folder = made.use(await mkdtempDisposable(join(tmpdir(), "ws-auth-start-")));
  const root = folder.path;
  for (const name of await readdir(source)) {
    if (!notCopied.has(name)) await cp(join(source, name), join(root, name), { recursive: true });
  }
  await mkdir(join(root, "results"));
  for (const name of await readdir(join(source, "results"))) {
    if (name.endsWith(".json"))
      await cp(join(source, "results", name), join(root, "results", name));
  }
  // A folder of its own, so that what Node and the lab keep in it is not that of this checkout.
  await mkdir(join(root, "node_modules"));
  for (const name of await readdir(join(source, "node_modules"))) {
    if (name === ".cache") continue;
    const target = join(source, "node_modules", name);
    await symlink(target, join(root, "node_modules", name), "junction");
  }
  await commitAll(root);
  const disposables = made.move();
  const cache = join(root, "node_modules", ".cache");
  return {
    root,
    async forget() {
      await rm(cache, { recursive: true, force: true });
      await rm(join(root, ".certificates"), { recursive: true, force: true });
    },
    async keptPages() {
      const pages = join(cache, "websocket-auth-lab", "pages");
      const entries = await readdir(pages, { recursive: true, withFileTypes: true }).catch(
        () => [],
      );
      return entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".part")).length;
    },
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

/** The lab asks git for its revision and for changes, which takes time that belongs to a start. */
async function commitAll(root: string): Promise<void> {
  const git = async (...args: string[]): Promise<void> => {
    await promisify(execFile)("git", args, { cwd: root });
  };
  try {
    await git("init", "--quiet");
    await git("add", "--all");
    const who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
    await git(...who, "-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "Start");
  } catch {
    // Without git the lab asks in vain, here as elsewhere.
  }
}
