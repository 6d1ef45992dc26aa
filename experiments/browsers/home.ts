import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

import { homePrefix, ownerFile } from "./home-names.ts";
import { thisProcess } from "./owner.ts";
import { listProcesses } from "./process-table.ts";
import { removeHome, removeHomeSync } from "./remove-home.ts";
import { endStragglers, kill, stragglers, until } from "./stragglers.ts";
import { keepWatch } from "./watchdog.ts";

const lastWordsCount = 5;

/** A scratch directory and the processes that live in it. Disposing ends the processes, then removes the directory. */
export interface Home extends AsyncDisposable {
  readonly path: string;
  /** Starts a program in a process group of its own. Never throws: a failure to start is an exit. */
  spawn(command: string, args: readonly string[], options?: SpawnOptions): Resident;
}

export interface SpawnOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** How to end the group. Default: SIGKILL, for what holds nothing outside of the home. */
  readonly end?: Signal;
}

type Signal = "SIGKILL" | "SIGTERM";

/** A program in a home. */
export interface Resident {
  /** Undefined when it could not be started at all. */
  readonly pid: number | undefined;
  /** Resolves, with how it ended in words, when the program ends. Never rejects. */
  readonly exited: Promise<string>;
  /** The first match among the lines that it prints. Rejects, with its last words, if it ends before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** What it printed last, to explain a failure; empty when it was silent. */
  lastWords(): string;
}

const homes = new Set<{ abandon(): void }>();

// Before any watchdog's handler, which ends it: it backs this up.
process.on("exit", abandonAll);

/**
 * Creates a home for one browser, which says whose it is. What is left of it when the process exits is
 * removed then; when the process is killed, by a watchdog, or else by the next run.
 */
export async function openHome(): Promise<Home> {
  // Short, because Chrome puts a Unix socket below it, whose path may have 107 bytes (unix(7)).
  // Synchronously, so that an exit cannot come between the directory and its registration.
  const path = mkdtempSync(join(tmpdir(), homePrefix));
  writeFileSync(join(path, ownerFile), JSON.stringify(thisProcess()));
  keepWatch();
  const groups: Group[] = [];
  let disposal: Promise<void> | undefined;

  const home = {
    /** The last resort: nothing asynchronous can run any more. */
    abandon(): void {
      for (const group of groups.toReversed()) signal(group, group.end);
      const asked = groups.filter((group) => group.end === "SIGTERM").map(({ pid }) => pid);
      for (const { pid } of stragglers(path)) if (!asked.includes(pid)) kill(pid, "SIGKILL");
      removeHomeSync(path);
    },
  };
  homes.add(home);

  async function dispose(): Promise<void> {
    for (const group of groups.toReversed()) await endGroup(group);
    await endStragglers(path);
    await removeHome(path);
    homes.delete(home);
  }

  return {
    path,
    spawn(command, args, { environment = {}, end = "SIGKILL" } = {}) {
      if (disposal !== undefined)
        throw new Error(`${command} was started too late: its home is gone.`);
      const { resident, ended } = start(command, args, { ...environmentIn(path), ...environment });
      if (resident.pid !== undefined) groups.push({ pid: resident.pid, end, ended });
      return resident;
    },
    [Symbol.asyncDispose]: () => (disposal ??= dispose()),
  };
}

function abandonAll(): void {
  for (const home of homes) {
    try {
      home.abandon();
    } catch {
      // The others are to go nevertheless; the next run sweeps this one.
    }
  }
}

interface Group {
  /** Of the program that leads the group, which is the group's id too. */
  readonly pid: number;
  readonly end: Signal;
  readonly ended: () => boolean;
}

function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): { resident: Resident; ended: () => boolean } {
  const child = spawn(command, args, {
    env,
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true,
  });
  const recent: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      recent.push(line);
      if (recent.length > 100) recent.shift();
      for (const listener of listeners) listener(line);
    });
  }
  const exit = Promise.withResolvers<string>();
  let ended = false;
  const settle = (how: string): void => {
    ended = true;
    exit.resolve(how);
  };
  child.once("error", (error) => settle(`could not be started (${error.message})`));
  child.once("exit", (code, signalName) =>
    settle(signalName === null ? `ended with exit code ${code}` : `was ended by ${signalName}`),
  );
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));

  const resident: Resident = {
    pid: child.pid,
    exited: exit.promise,
    async line(pattern) {
      const found = Promise.withResolvers<RegExpExecArray>();
      const listener = (line: string): void => {
        const match = pattern.exec(line);
        if (match !== null) found.resolve(match);
      };
      recent.forEach(listener);
      listeners.add(listener);
      try {
        return await Promise.race([found.promise, failure()]);
      } finally {
        listeners.delete(listener);
      }
    },
    lastWords: () => recent.slice(-lastWordsCount).join("\n"),
  };
  async function failure(): Promise<never> {
    const how = await exit.promise;
    // What it printed may still be on its way, and its children may hold the pipe open.
    await Promise.race([closed, delay(200, undefined, { ref: false })]);
    const words = resident.lastWords();
    throw new Error(`${command} ${how}${words === "" ? "." : `:\n${words}`}`);
  }
  return { resident, ended: () => ended };
}

function signal({ pid, ended }: Group, name: Signal): void {
  if (process.platform !== "win32") kill(-pid, name);
  else if (!ended()) spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"]);
}

function isAlive({ pid, ended }: Group): boolean {
  // A signal reaches zombies too, and where process 1 is busy or does not care they stay for long.
  if (process.platform === "linux") return listProcesses().some(({ group }) => group === pid);
  return process.platform === "win32" ? !ended() : kill(-pid, 0);
}

async function endGroup(group: Group): Promise<void> {
  for (const name of [group.end, "SIGKILL"] as const) {
    signal(group, name);
    await until(() => !isAlive(group));
  }
}

/** The environment that keeps what a program writes inside of its home. */
function environmentIn(path: string): NodeJS.ProcessEnv {
  // The lab is on this machine, but not every engine exempts *.localhost from a proxy.
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(https?|ftp|all)_proxy$/i.test(name)),
  );
  if (process.platform === "win32") return { ...inherited, TEMP: path, TMP: path };
  // The keychain is found through HOME, and the system's long TMPDIR leaves no room for a socket below ours.
  if (process.platform === "darwin") return inherited;
  return {
    ...inherited,
    HOME: path,
    TMPDIR: path,
    XDG_CONFIG_HOME: undefined,
    XDG_CACHE_HOME: undefined,
    XDG_DATA_HOME: undefined,
    XDG_STATE_HOME: undefined,
    XDG_RUNTIME_DIR: process.env["XDG_RUNTIME_DIR"] ?? path,
    // Where X clients look by default is below the HOME that was just replaced.
    XAUTHORITY: process.env["XAUTHORITY"] ?? join(homedir(), ".Xauthority"),
  };
}
