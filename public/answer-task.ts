import type { AttemptTask, PageReport } from "../model/lab-api.ts";
import type { PageEvent } from "../model/observation.ts";
import { describeError } from "./describe-error.ts";
import type { ImportHalf } from "./attempt.ts";
import { runTask } from "./run-task.ts";

/** What a frame or a worker tells of a task: it has begun, this happened, click here, this went wrong, the end. */
export type CallerMessage =
  | { readonly type: "begun" }
  | { readonly type: "event"; readonly event: PageEvent }
  | { readonly type: "click"; readonly box: Box }
  | { readonly type: "failure"; readonly name: string; readonly message: string }
  | { readonly type: "report"; readonly report: PageReport };

/** Where an element is in its window's viewport, in CSS pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Carries out a task in this frame or worker, and tells about it through the port. Never rejects. */
export async function answerTask(
  task: AttemptTask,
  port: MessagePort,
  importHalf?: ImportHalf,
): Promise<void> {
  const say = (message: CallerMessage): void => {
    // A port has no origin to name.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    port.postMessage(message);
  };
  const fail = (error: unknown): void => say({ type: "failure", ...describeError(error) });
  addEventListener("error", ({ error, message }) => fail(error ?? message));
  addEventListener("unhandledrejection", ({ reason }) => fail(reason));
  say({ type: "begun" });
  const report = await runTask(
    task,
    (event) => say({ type: "event", event }),
    (element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      say({ type: "click", box: { x, y, width, height } });
    },
    importHalf,
  );
  say({ type: "report", report });
}
