import type { WriteStream } from "node:tty";
import { createLogUpdate } from "log-update";
import type { Verdict } from "../model/results.ts";
import { visible } from "./report/visible.ts";
import type { Progress } from "./run-browser.ts";

/** Tells people how far each browser has come: a line a browser on a terminal, a line a trial elsewhere. */
export interface ProgressDisplay {
  /** A sentence about a browser, or about everything. */
  note(text: string): void;
  trial(browser: string, progress: Progress): void;
  /** Leaves the last state on the terminal. */
  done(): void;
}

const marks: Readonly<Record<Verdict["outcome"], string>> = {
  pass: "✓",
  fail: "✗",
  timeout: "?",
  crash: "!",
  "harness-error": "!",
  unsupported: "–",
};

/** A display for `stream`: it redraws lines on a terminal, and only appends to a pipe or a file. */
export function progressOn(stream: WriteStream): ProgressDisplay {
  return stream.isTTY ? liveDisplay(stream) : plainDisplay(stream);
}

function plainDisplay(stream: NodeJS.WritableStream): ProgressDisplay {
  return {
    note: (text) => void stream.write(`${visible(text)}\n`),
    trial: (browser, { done, total, trial }) =>
      void stream.write(
        `${browser} ${done}/${total} ${trial.technique}, ${trial.scenario}: ${trial.verdict.outcome}\n`,
      ),
    done: () => {},
  };
}

function liveDisplay(stream: WriteStream): ProgressDisplay {
  const update = createLogUpdate(stream);
  const lines = new Map<string, string>();
  const counts = new Map<string, Map<string, number>>();
  const draw = (): void => update([...lines.values()].join("\n"));
  return {
    note(text) {
      update.clear();
      stream.write(`${visible(text)}\n`);
      draw();
    },
    trial(browser, { done, total, trial }) {
      const seen = counts.get(browser) ?? new Map<string, number>();
      counts.set(browser, seen);
      const mark = marks[trial.verdict.outcome];
      seen.set(mark, (seen.get(mark) ?? 0) + 1);
      const width = 20;
      const filled = Math.round((done / total) * width);
      const bar = "█".repeat(filled) + "░".repeat(width - filled);
      const tally = [...seen].map(([symbol, count]) => `${symbol}${count}`).join(" ");
      const now = done === total ? "done" : `${trial.technique}, ${trial.scenario}`;
      lines.set(browser, `${browser.padEnd(10)} ${bar} ${done}/${total} ${tally}  ${now}`);
      draw();
    },
    done: () => update.done(),
  };
}
