import { webkit } from "../../experiments/browsers/webkit.ts";
import { experiments } from "./command.ts";
import type { Fault, FaultOutcome } from "./fault.ts";
import { descendant } from "./processes.ts";
import { anyBrowser, askFor, count, isConclusive, reported } from "./trials.ts";

const repeat = 8;
const mainProcess = /--remote-debugging-port/u;

/** Signals a process below a run after its third trial. */
async function strike(
  scratch: string,
  browser: string,
  process_: RegExp,
  signal: NodeJS.Signals,
): Promise<FaultOutcome> {
  await using run = experiments(scratch, askFor(browser, repeat));
  await run.line(new RegExp(` 3/${repeat} `, "u"));
  const pid = descendant(run.pid, process_);
  if (pid === null) return { state: "absent", reason: `no process of the run is like ${process_}` };
  process.kill(pid, signal);
  const { exit, lines } = await run.ended;
  const results = await reported(scratch);
  return {
    state: "made",
    seen: lines.find((line) => line.includes(": expected ")) ?? "",
    exits: [exit],
    trials: count(repeat, results.filter(isConclusive), results),
  };
}

async function strikeAny(scratch: string, signal: NodeJS.Signals): Promise<FaultOutcome> {
  const browser = await anyBrowser();
  if (browser === null) {
    return { state: "absent", reason: "neither Chromium nor Firefox is installed" };
  }
  return await strike(scratch, browser, mainProcess, signal);
}

/** A browser's main process is killed. */
export const browserKilled: Fault = {
  id: "browser-killed",
  title: "A browser killed after its third trial (SIGKILL)",
  isQuick: false,
  exits: [1],
  make: (scratch) => strikeAny(scratch, "SIGKILL"),
};

/** A browser's main process hangs for good. */
export const browserHung: Fault = {
  id: "browser-hung",
  title: "A browser hung after its third trial (SIGSTOP)",
  isQuick: false,
  exits: [1],
  make: (scratch) => strikeAny(scratch, "SIGSTOP"),
};

/** Chromium and Firefox are driven without a process of the driver's. */
export const driverKilled: Fault = {
  id: "driver-killed",
  title:
    "The driver's process killed after the third trial (WebKitWebDriver; the others have none)",
  isQuick: false,
  exits: [1],
  async make(scratch) {
    if ((await webkit.find()) === null)
      return { state: "absent", reason: "WebKitGTK is not installed" };
    return await strike(scratch, "webkit", /WebKitWebDriver/u, "SIGKILL");
  },
};
