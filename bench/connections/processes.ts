import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { kill, tellTo, type Orders, type Tell } from "../orders.ts";

/** A process of the benchmark. Disposing of it kills it. */
export interface Running<All extends Orders> extends AsyncDisposable {
  /** What it announced when it was ready, in JSON. */
  readonly ready: string;
  readonly ask: Tell<All>;
  /** What all its threads have used of the processor so far, in milliseconds; null where the system does not tell. */
  processorMs(): number | null;
}

/** What is to be started. */
export interface Start {
  /** For messages: "the bare server". */
  readonly name: string;
  /** A program, found by its name; Node by default. */
  readonly program?: string;
  readonly file: string;
  readonly parameters?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Which core to stay on, where that can be chosen. */
  readonly core: number;
}

const startMs = 30_000;
/** Where there is one core, threads that help to collect garbage make everybody wait for them to get their turn on it. */
const oneCoreFlags = ["--single-threaded-gc"];

/** Whether processes can be kept on a core of their own: with `taskset`, where there are two of them. */
export const staysOnCore: boolean = availableParallelism() > 1 && canPin();

/** Starts a process that announces with one line of JSON that it is ready. Rejects when it does not. */
export async function startProcess<All extends Orders = Orders>(
  start: Start,
): Promise<Running<All>> {
  const { name, program = process.execPath, file, parameters = [], environment = {} } = start;
  const flags = program === process.execPath && staysOnCore ? oneCoreFlags : [];
  const command = [program, ...flags, fileURLToPath(new URL(file, import.meta.url)), ...parameters];
  const [first = program, ...others] = staysOnCore
    ? ["taskset", "-c", String(start.core), ...command]
    : command;
  const child = spawn(first, others, {
    stdio: ["pipe", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...environment },
  });
  let words = "";
  child.stderr?.on("data", (data: Buffer) => (words = `${words}${data.toString()}`.slice(-1_000)));
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("error", (cause) => reject(new Error(`${name} cannot be started`, { cause })));
    child.once("exit", (code, signal) => {
      reject(new Error(`${name} has ended with ${signal ?? code}: ${words.trim()}`));
    });
  });
  const ask = tellTo<All>(name, child, ended);
  const ready = await Promise.race([announcement(child, ended), tooLate(name)]).catch(
    (error: unknown) => {
      child.kill("SIGKILL");
      throw error;
    },
  );
  return {
    ready,
    ask,
    processorMs: () => processorMs(child.pid ?? 0),
    [Symbol.asyncDispose]: () => kill(child),
  };
}

async function announcement({ stdout }: ChildProcess, ended: Promise<never>): Promise<string> {
  if (stdout === null) throw new Error("a process without output announces nothing");
  for await (const line of createInterface(stdout)) return line;
  return await ended;
}

async function tooLate(name: string): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  setTimeout(
    () => reject(new Error(`${name} was not ready within ${startMs / 1_000} s`)),
    startMs,
  ).unref();
  return await promise;
}

/** https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat: nanoseconds on a processor come first. */
function processorMs(pid: number): number | null {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8"))
      .reduce((sum, text) => sum + Number(text.split(" ")[0]) / 1_000_000, 0);
  } catch {
    return null;
  }
}

function canPin(): boolean {
  try {
    execFileSync("taskset", ["-c", "0,1", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
