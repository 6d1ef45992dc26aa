import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { experiments, start, usualDeadlineMs } from "./command.ts";
import { noTrials, type Fault } from "./fault.ts";
import { brokenAndResumed } from "./resumed.ts";
import { anyBrowser, askFor, count, measuredBy, reported, saidIn } from "./trials.ts";

const repeat = 8;
const absent = { state: "absent", reason: "neither Chromium nor Firefox is installed" } as const;

/** Ends a run after its third trial by a signal, and goes on with it. */
function endedBy(signal: "SIGKILL" | "SIGINT", about: Omit<Fault, "make" | "isQuick">): Fault {
  return {
    ...about,
    isQuick: false,
    async make(around) {
      const browser = await anyBrowser();
      if (browser === null) return absent;
      return await brokenAndResumed(around, {
        flags: askFor(browser, repeat),
        repeat,
        after: 3,
        strike: ({ pid }) => struck(pid, signal),
        seen: /to go on|going on/iu,
      });
    },
  };
}

function struck(pid: number, signal: NodeJS.Signals): null {
  process.kill(pid, signal);
  return null;
}

/** The lab's process, in which all WebSocket servers are, is killed. */
export const labKilled: Fault = endedBy("SIGKILL", {
  id: "lab-killed",
  title: "The lab, all its servers with it, killed after its third trial (SIGKILL); then --resume",
  exits: ["SIGKILL", 0],
});

/** The user ends the run. */
export const interrupted: Fault = endedBy("SIGINT", {
  id: "interrupted",
  title: "The run interrupted after its third trial (Ctrl+C); then --resume",
  exits: [130, 0],
});

/** The harness has a bug that nothing catches. */
export const labThrows: Fault = {
  id: "lab-throws",
  title: "An error that nothing catches, thrown in the lab after its third trial; then --resume",
  isQuick: false,
  exits: [2, 0],
  async make(around) {
    const browser = await anyBrowser();
    if (browser === null) return absent;
    return await brokenAndResumed(around, {
      flags: askFor(browser, repeat),
      repeat,
      after: 3,
      before: new URL("throwing.ts", import.meta.url),
      strike: ({ pid }) => struck(pid, "SIGUSR2"),
      seen: /to go on/iu,
    });
  },
};

/** Two runs begin in the same folder; one is killed and goes on while the other still runs. */
export const twoAtOnce: Fault = {
  id: "two-at-once",
  title:
    "Two runs at once in one folder, one of them killed (SIGKILL); then --resume, while the other runs",
  isQuick: false,
  exits: [0, "SIGKILL", 0],
  async make({ scratch, signal }) {
    const browser = await anyBrowser();
    if (browser === null) return absent;
    const long = repeat * 12;
    await using living = experiments(scratch, askFor(browser, long), {
      signal,
      deadlineMs: 3 * usualDeadlineMs,
    });
    await using killed = experiments(scratch, askFor(browser, repeat), { signal });
    await killed.line(new RegExp(` 3/${repeat} `, "u"));
    process.kill(killed.pid, "SIGKILL");
    const two = await killed.ended;
    await living.line(/ \d+\/\d+ /u);
    await using resumed = experiments(scratch, ["--resume"], { signal });
    const going = await resumed.line(/^Going on with /u);
    const { said, trials } = await measuredBy(living, scratch);
    const three = await resumed.ended;
    const one = await living.ended;
    return {
      state: "made",
      seen: going.input,
      exits: [one.exit, two.exit, three.exit],
      trials: count(
        long + repeat,
        { said: said + saidIn(two.lines), trials },
        await reported(scratch),
      ),
    };
  },
};

/** The wall clock jumps while tokens, pages and connections have their deadlines. */
export const clockJump: Fault = {
  id: "clock-jump",
  title: "The lab's clock jumps a day ahead and back, every second",
  isQuick: false,
  exits: [0],
  async make({ scratch, signal }) {
    const browser = await anyBrowser();
    if (browser === null) return absent;
    const before = new URL("jumping-clock.ts", import.meta.url);
    await using run = experiments(scratch, askFor(browser, repeat), { signal, before });
    await run.line(new RegExp(` 3/${repeat} `, "u"));
    const measured = await measuredBy(run, scratch);
    const { exit, lines } = await run.ended;
    return {
      state: "made",
      seen: lines.find((line) => line.startsWith("Query parameter ")) ?? "",
      exits: [exit],
      trials: count(repeat, measured, await reported(scratch)),
    };
  },
};

/** Another program took a port of the lab's block since it ran last. */
export const portTaken: Fault = {
  id: "port-taken",
  title: "A port in the lab's block is taken when it is started again (npm start)",
  isQuick: true,
  exits: [2],
  async make({ scratch, signal }) {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    if (typeof address !== "object" || address === null) throw new Error("it has no port");
    try {
      // The app's own port is free, and that of the third server is not.
      const port = String(address.port - 2);
      const temporary = join(scratch, "tmp");
      await mkdir(temporary);
      await using lab = start("server/main.ts", ["--port", port, "--no-tls"], {
        temporary,
        signal,
      });
      const { exit, lines } = await lab.ended;
      return { state: "made", seen: lines.at(-1) ?? "", exits: [exit], trials: noTrials };
    } finally {
      other.close();
    }
  },
};
