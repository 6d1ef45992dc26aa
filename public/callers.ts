import type { AttemptTask, PageReport } from "../model/lab-api.ts";
import type { AttemptEnd, PageEvent } from "../model/observation.ts";
import type { WantClick } from "../techniques/connect.ts";
import { type Box, type CallerMessage } from "./answer-task.ts";
import { describeError } from "./describe-error.ts";
import { callerFrame } from "./caller-frame.ts";
import { dedicatedWorker, serviceWorker, sharedWorker } from "./caller-workers.ts";
import { runTask } from "./run-task.ts";

/** A frame or a worker, which is about to be there. */
export interface FarCaller {
  /** Rejects when it will never be ready for a task. */
  readonly ready: Promise<void>;
  /** Gives it the task, and the port to tell about it. */
  hand(task: AttemptTask, port: MessagePort): void;
  /** Where it is in this window's viewport; absent: nowhere. */
  place?(): Pick<Box, "x" | "y">;
  remove(): void;
}

/** Makes a caller. `onFailure` is told of what goes wrong in it and does not reach its own code. */
export type MakeCaller = (task: AttemptTask, onFailure: (error: unknown) => void) => FarCaller;

/** How long a frame or worker may take to load, on top of the attempt's own deadline. */
const loadingMs = 3_000;

/** Carries out a task where it is to be: in this window, in a frame, or in a worker. Never rejects. */
export function runFrom(
  task: AttemptTask,
  onEvent: (event: PageEvent) => void = () => {},
  onWantClick: WantClick = () => {},
): Promise<PageReport> {
  const far = (make: MakeCaller): Promise<PageReport> => runFar(make, task, onEvent, onWantClick);
  switch (task.from) {
    case "page":
    case "tab":
    case "restarted":
    case "cross-site-page":
    case "sibling-page":
    case "other-port-page":
      return runTask(task, onEvent, onWantClick);
    case "frame":
    case "cross-site-frame":
      return far(callerFrame("open"));
    case "sandboxed-frame":
    case "cross-site-sandbox":
      return far(callerFrame("sandboxed"));
    case "dedicated-worker":
      return far(dedicatedWorker);
    case "shared-worker":
      return far(sharedWorker);
    case "service-worker":
      return far(serviceWorker);
    case "program": {
      const message = "a program is not for a page to play";
      const event = { at: 0, type: "exception", name: "Error", message } as const;
      return Promise.resolve({ end: "harness-error", events: [event] });
    }
  }
}

async function runFar(
  make: MakeCaller,
  task: AttemptTask,
  onEvent: (event: PageEvent) => void,
  onWantClick: WantClick,
): Promise<PageReport> {
  const { promise, resolve } = Promise.withResolvers<PageReport>();
  const { port1: port, port2 } = new MessageChannel();
  const startedAt = performance.now();
  const events: PageEvent[] = [];
  let hasBegun = false;
  let isOver = false;
  let stray: unknown;
  const end = (how: AttemptEnd, error: unknown): void => {
    resolve({ end: how, events: [...events, exception(error, startedAt)] });
  };
  // What has begun comes to an end by itself, and what went wrong aside may not matter to it.
  const onFailure = (error: unknown): void => {
    if (hasBegun) stray ??= error;
    else end("threw", error);
  };
  const timer = setTimeout(() => {
    const message = `the ${task.from} ${hasBegun ? "did not come to an end" : "never answered"}`;
    end("timeout", stray ?? new DOMException(message, "TimeoutError"));
  }, task.deadlineMs + loadingMs);

  let caller: FarCaller | undefined;
  const showElement = (box: Box): void => {
    const shown = { getBoundingClientRect: () => inThisWindow(isOver ? nowhere : box, caller) };
    onWantClick(shown);
  };
  port.addEventListener("message", ({ data }: MessageEvent<CallerMessage>) => {
    switch (data.type) {
      case "begun":
        hasBegun = true;
        return;
      case "event":
        events.push(data.event);
        return onEvent(data.event);
      case "click":
        return showElement(data.box);
      case "failure":
        return onFailure(data);
      case "report": {
        const { report } = data;
        if (report.end !== "timeout" || stray === undefined) return resolve(report);
        return resolve({ ...report, events: [...report.events, exception(stray, startedAt)] });
      }
    }
  });
  port.start();
  try {
    const made = make(task, onFailure);
    caller = made;
    made.ready.then(() => made.hand(task, port2)).catch(onFailure);
  } catch (error) {
    onFailure(error);
  }
  try {
    return await promise;
  } finally {
    isOver = true;
    clearTimeout(timer);
    port.close();
    caller?.remove();
  }
}

const nowhere: Box = { x: 0, y: 0, width: 0, height: 0 };

function inThisWindow(box: Box, caller: FarCaller | undefined): Box {
  const { x, y } = caller?.place?.() ?? nowhere;
  return { ...box, x: box.x + x, y: box.y + y };
}

function exception(error: unknown, startedAt: number): PageEvent {
  const at = Math.round((performance.now() - startedAt) * 10) / 10;
  return { at, type: "exception", ...describeError(error) };
}
