import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A command of ours that runs. Disposing of it kills it, if it still does. */
export interface Command extends AsyncDisposable {
  readonly pid: number;
  /** The first line that it prints, or has printed, with a match. Rejects with all that it printed when it ends without. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** What it has printed so far, to both streams, in order. */
  readonly lines: readonly string[];
  /** It is killed when it takes longer than `deadlineMs`, or when nobody waits for it any more. */
  readonly ended: Promise<Ended>;
}

/** An exit code, the signal that ended it, or that it was killed because it took too long. */
export type Exit = number | NodeJS.Signals | "overdue";

/** How a command ended. */
export interface Ended {
  readonly exit: Exit;
  /** What it printed, to both streams, in order. */
  readonly lines: readonly string[];
}

/** How long a command of a fault may take, in milliseconds: several times what it does take. */
export const usualDeadlineMs = 180_000;

/** Where a command runs, and with what. */
export interface CommandSurroundings {
  /** Its temporary directory. */
  readonly temporary: string;
  /** Once it is aborted, the command is killed. */
  readonly signal: AbortSignal;
  /** How long the command may take. Absent: `usualDeadlineMs`. */
  readonly deadlineMs?: number;
  /** A module that is loaded before. */
  readonly before?: URL;
  /** A program that starts it, with its arguments: ["setpriv", "--reuid=65534"]. */
  readonly through?: readonly string[];
}

/** Starts one of our programs, named by its path: "experiments/main.ts". */
export function start(
  program: string,
  args: readonly string[],
  { temporary, signal, deadlineMs = usualDeadlineMs, before, through = [] }: CommandSurroundings,
): Command {
  const main = fileURLToPath(new URL(`../../${program}`, import.meta.url));
  const words = [
    ...through,
    process.execPath,
    ...(before === undefined ? [] : ["--import", before.href]),
    main,
    ...args,
  ];
  const [command = "", ...rest] = words;
  const child = spawn(command, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: temporary, NODE_TEST_CONTEXT: undefined },
  });
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      lines.push(line);
      for (const listener of listeners) listener(line);
    });
  }
  const kill = (): void => void child.kill("SIGKILL");
  let isOverdue = false;
  const deadline = setTimeout(() => {
    isOverdue = true;
    kill();
  }, deadlineMs);
  signal.addEventListener("abort", kill);
  if (signal.aborted) kill();
  const ended = once(child, "close")
    .then(([code, endedBy]): Ended => {
      const exit = typeof code === "number" ? code : signalOf(endedBy);
      return { exit: isOverdue ? "overdue" : exit, lines };
    })
    .finally(() => {
      clearTimeout(deadline);
      signal.removeEventListener("abort", kill);
    });
  return {
    pid: child.pid ?? 0,
    lines,
    ended,
    async line(pattern) {
      const found = Promise.withResolvers<RegExpExecArray>();
      const look = (line: string): void => {
        const match = pattern.exec(line);
        if (match !== null) found.resolve(match);
      };
      lines.forEach(look);
      listeners.add(look);
      const never = ended.then(({ exit }) => {
        throw new Error(`it ended with ${exit} and never said ${pattern}:\n${lines.join("\n")}`);
      });
      return await Promise.race([found.promise, never]).finally(() => listeners.delete(look));
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Measures with the real command, in a folder of its own: one technique and scenario, so often. */
export function experiments(
  folder: string,
  args: readonly string[],
  around: Partial<CommandSurroundings> & Pick<CommandSurroundings, "signal">,
): Command {
  return start("experiments/main.ts", ["--folder", folder, ...args], {
    temporary: folder,
    ...around,
  });
}

function signalOf(signal: unknown): NodeJS.Signals {
  return signal === "SIGINT" || signal === "SIGTERM" ? signal : "SIGKILL";
}
