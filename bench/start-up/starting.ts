import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";

/** A program, with its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** A process that has said that it is ready. */
export interface RunningLab extends AsyncDisposable {
  readonly url: URL;
  /** From asking for the process until it said so. */
  readonly readyMs: number;
  /** What the operating system counts of it; null where `ps` does not tell. */
  memoryBytes(): Promise<number | null>;
}

/** Where a process starts, and what ends it early. */
export interface Around {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** How long it takes from asking for a process until it has ended. Rejects when it fails. */
export async function timeToEnd([program, ...args]: Command, around: Around): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(program, args, { ...around, env: usualEnvironment(), stdio: "ignore" });
  const [code]: unknown[] = await once(child, "close");
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${String(code)}`);
  return performance.now() - startedAt;
}

/** Starts the lab, and resolves as soon as it says that it is ready. Rejects with what it printed otherwise. */
export async function startLab(command: Command, { cwd, signal }: Around): Promise<RunningLab> {
  const [program, ...args] = command;
  signal.throwIfAborted();
  // What npm starts ends with npm only where it is a group of its own that ends.
  const detached = process.platform !== "win32";
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd,
    detached,
    env: usualEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  const stop = (): void => {
    const { pid } = child;
    if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    if (detached) process.kill(-pid, "SIGTERM");
    else child.kill();
  };
  signal.addEventListener("abort", stop, { once: true });
  let printed = "";
  const ready = Promise.withResolvers<{ url: URL; readyMs: number }>();
  child.stderr.on("data", (chunk) => (printed += String(chunk)));
  child.stdout.on("data", (chunk) => {
    printed += String(chunk);
    const url = /^WebSocket Auth Lab is ready: (?<url>\S+)$/mu.exec(printed)?.groups?.["url"];
    if (url === undefined) return;
    ready.resolve({ url: new URL(url), readyMs: performance.now() - startedAt });
  });
  closed.then(
    () => ready.reject(new Error(`${command.join(" ")} ended before it was ready: ${printed}`)),
    ready.reject,
  );
  const { url, readyMs } = await ready.promise;
  return {
    url,
    readyMs,
    memoryBytes: () => memoryOf(child.pid),
    async [Symbol.asyncDispose]() {
      signal.removeEventListener("abort", stop);
      stop();
      await closed;
    },
  };
}

/** What the operating system counts of a Node that does nothing; null where `ps` does not tell. */
export async function idleNodeBytes({ cwd, signal }: Around): Promise<number | null> {
  const script = 'console.log("ready"); setInterval(() => {}, 1e6)';
  const child = spawn(process.execPath, ["-e", script], {
    cwd,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const closed = once(child, "close");
  await Promise.race([once(child.stdout, "data", { signal }), closed]);
  const bytes = await memoryOf(child.pid);
  child.kill();
  await closed;
  return bytes;
}

/**
 * As a user has it who asked Node for nothing, and without what npm, which runs this, tells its children:
 * another npm would start the lab of this checkout.
 */
function usualEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(?:npm|NODE)_/iu.test(name)),
  );
}

async function memoryOf(pid: number | undefined): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
    const kibibytes = Number.parseInt(stdout, 10);
    return Number.isNaN(kibibytes) ? null : kibibytes * 1_024;
  } catch {
    // Windows has no `ps`.
    return null;
  }
}
