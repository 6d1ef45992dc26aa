import { spawnSync } from "node:child_process";
import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { journalEnd } from "../../experiments/journal-format.ts";
import { experiments, type Command } from "./command.ts";
import { noTrials, type Fault, type FaultOutcome } from "./fault.ts";
import { brokenAndResumed } from "./resumed.ts";
import {
  anyBrowser,
  askFor,
  count,
  filesIn,
  isConclusive,
  journaled,
  reported,
  saidIn,
} from "./trials.ts";

const repeat = 8;
const noBrowser = { state: "absent", reason: "neither Chromium nor Firefox is installed" } as const;

/** There is room for the journal and not for the page, the largest report. */
export const diskFullAtTheEnd: Fault = {
  id: "disk-full-at-the-end",
  title: "The disk is full when the reports are written; then room is made, and --resume",
  isQuick: false,
  exits: [2, 0],
  async make(around) {
    const browser = await anyBrowser();
    if (browser === null) return noBrowser;
    return await brokenAndResumed(around, {
      flags: askFor(browser, repeat),
      repeat,
      after: repeat - 1,
      strike: async (run) => limit(run, (await journalSize(around.scratch)) + 100_000),
      seen: /^error: /u,
    });
  },
};

/** The journal has no room for a while. */
export const diskFullMeanwhile: Fault = {
  id: "disk-full-meanwhile",
  title: "The disk is full from the third trial to the sixth; then room is made",
  isQuick: false,
  exits: [0],
  async make({ scratch, signal }) {
    const browser = await anyBrowser();
    if (browser === null) return noBrowser;
    await using run = experiments(scratch, askFor(browser, repeat), { signal });
    await run.line(new RegExp(` 3/${repeat} `, "u"));
    const problem = limit(run, (await journalSize(scratch)) + 10);
    if (problem !== null) return problem;
    const recorded = await journaled(scratch);
    const told = await run.line(/journal\.jsonl cannot be written/u);
    await run.line(new RegExp(` 6/${repeat} `, "u"));
    const said = saidIn(run.lines);
    limit(run, "unlimited");
    const { exit } = await run.ended;
    const results = await reported(scratch);
    // What was measured while nothing could be recorded can be in the results alone, next in order.
    const texts = new Set(recorded.map((trial) => JSON.stringify(trial)));
    const others = results.filter(
      (trial) => isConclusive(trial) && !texts.has(JSON.stringify(trial)),
    );
    const trials = [...recorded, ...others.slice(0, Math.max(0, said - recorded.length))];
    return {
      state: "made",
      seen: told.input,
      exits: [exit],
      trials: count(repeat, { said, trials }, results),
    };
  },
};

/** Nothing may be written where results go. */
export const readOnlyFolder: Fault = {
  id: "read-only-folder",
  title: "The results' folder may not be written to",
  isQuick: true,
  exits: [2],
  async make({ scratch, signal }) {
    const folder = join(scratch, "results");
    const temporary = join(scratch, "tmp");
    await mkdir(folder);
    await mkdir(temporary);
    await chmod(folder, 0o555);
    const somebody = unprivileged();
    if (somebody === null) return { state: "absent", reason: "nobody else can be had to try it" };
    // Whoever tries has to come there.
    for (let path = folder; path !== dirname(path); path = dirname(path)) {
      if (somebody.length > 0 && ((await stat(path)).mode & 0o001) === 0) await chmod(path, 0o755);
      if (path === scratch) break;
    }
    await using run = experiments(folder, ["--repeat", "2"], {
      temporary,
      signal,
      through: somebody,
    });
    const { exit, lines } = await run.ended;
    return { state: "made", seen: lines.at(-1) ?? "", exits: [exit], trials: noTrials };
  },
};

/**
 * Lets files of a process grow to so many bytes, as a full disk would (RLIMIT_FSIZE; Node ignores the
 * signal that comes with it, so that writing fails): what happens, or why it cannot be done.
 */
function limit({ pid }: Command, bytes: number | "unlimited"): FaultOutcome | null {
  const { status, error } = spawnSync("prlimit", [`--pid=${pid}`, `--fsize=${bytes}:unlimited`]);
  if (status === 0) return null;
  return {
    state: "absent",
    reason: `prlimit cannot be used: ${error?.message ?? `it ended with ${status}`}`,
  };
}

async function journalSize(folder: string): Promise<number> {
  const [path] = await filesIn(folder, journalEnd);
  if (path === undefined) throw new Error("there is no journal");
  return (await stat(path)).size;
}

/** What runs a command as somebody who is not root, whom no permissions hold back; null: there is no such thing. */
function unprivileged(): readonly string[] | null {
  if (process.getuid?.() !== 0) return process.platform === "win32" ? null : [];
  const through = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
  const [command = "", ...args] = through;
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { status } = spawnSync(command, [...args, "test", "-r", join(root, "package.json")]);
  return status === 0 ? through : null;
}
