import { webkit } from "../../experiments/browsers/webkit.ts";
import { experiments } from "./command.ts";
import type { Fault, FaultOutcome, FaultSurroundings } from "./fault.ts";
import { descendant } from "./processes.ts";
import { anyBrowser, askFor, count, measuredBy, reported } from "./trials.ts";

const repeat = 8;
const mainProcess = /--remote-debugging-port/u;

/** Signals a process below a run after its third trial. */
async function strike(
  { scratch, signal: stop }: FaultSurroundings,
  browser: string,
  process_: RegExp,
  signal: NodeJS.Signals,
): Promise<FaultOutcome> {
  await using run = experiments(scratch, askFor(browser, repeat), { signal: stop });
  await run.line(new RegExp(` 3/${repeat} `, "u"));
  const pid = descendant(run.pid, process_);
  if (pid === null) return { state: "absent", reason: `no process of the run is like ${process_}` };
  process.kill(pid, signal);
  const measured = await measuredBy(run, scratch);
  const { exit, lines } = await run.ended;
  return {
    state: "made",
    seen: lines.find((line) => line.includes(": expected ")) ?? "",
    exits: [exit],
    trials: count(repeat, measured, await reported(scratch)),
  };
}

async function strikeAny(around: FaultSurroundings, signal: NodeJS.Signals): Promise<FaultOutcome> {
  const browser = await anyBrowser();
  if (browser === null) {
    return { state: "absent", reason: "neither Chromium nor Firefox is installed" };
  }
  return await strike(around, browser, mainProcess, signal);
}

/** A browser's main process is killed. */
export const browserKilled: Fault = {
  id: "browser-killed",
  title: "A browser killed after its third trial (SIGKILL)",
  isQuick: false,
  exits: [1],
  make: (around) => strikeAny(around, "SIGKILL"),
};

/** A browser's main process hangs for good. */
export const browserHung: Fault = {
  id: "browser-hung",
  title: "A browser hung after its third trial (SIGSTOP)",
  isQuick: false,
  exits: [1],
  make: (around) => strikeAny(around, "SIGSTOP"),
};

/** Chromium and Firefox are driven without a process of the driver's. */
export const driverKilled: Fault = {
  id: "driver-killed",
  title:
    "The driver's process killed after the third trial (WebKitWebDriver; the others have none)",
  isQuick: false,
  exits: [1],
  async make(around) {
    if ((await webkit.find()) === null)
      return { state: "absent", reason: "WebKitGTK is not installed" };
    return await strike(around, "webkit", /WebKitWebDriver/u, "SIGKILL");
  },
};
