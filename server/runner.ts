import { fileURLToPath } from "node:url";

const publicDirectory = new URL("../public/", import.meta.url);

/** Our own code that a page, a frame or a worker begins with, by the name of its file. */
export type RunnerEntry = "trial" | "caller" | "caller-worker" | "service-caller";

/** Our own browser code, each entry as one module with all that it imports of ours. */
export type Runner = (entry: RunnerEntry) => Promise<string>;

/** Whether a file is one that pages, frames or workers begin with. */
export function isRunnerEntry(name: string): name is RunnerEntry {
  return ["trial", "caller", "caller-worker", "service-caller"].includes(name);
}

/**
 * Bundles entries when they are first asked for: every trial has a host that its browser has never met,
 * and would fetch each file of ours again. Techniques' halves stay out: those are served as learners
 * read them. Names are kept, for errors that a page reports tell them.
 */
export function createRunner(make: Runner = bundle): Runner {
  const bundles = new Map<RunnerEntry, Promise<string>>();
  return (entry) => {
    const known = bundles.get(entry);
    if (known !== undefined) return known;
    const made = make(entry);
    bundles.set(entry, made);
    // What failed once, as without a free file descriptor, may succeed the next time.
    made.catch(() => bundles.delete(entry));
    return made;
  };
}

async function bundle(entry: RunnerEntry): Promise<string> {
  // Only labs that make trials need it.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(`${entry}.ts`, publicDirectory))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2023",
    charset: "utf8",
    minifyWhitespace: true,
    minifySyntax: true,
    external: ["/assets/*", "/techniques/*"],
    legalComments: "none",
    logLevel: "silent",
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error(`esbuild made no script of ${entry}.ts`);
  return script.text;
}
