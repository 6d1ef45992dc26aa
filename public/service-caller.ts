import type { AttemptTask } from "../model/lab-api.ts";
import { answerTask } from "./answer-task.ts";
import type { BrowserHalf } from "./attempt.ts";

/** Has this service worker carry out the tasks that it is sent, with the technique's half that it was served with. */
export function answerTasks(half: BrowserHalf): void {
  addEventListener("message", (event: MessageEvent<AttemptTask>) => {
    const [port] = event.ports;
    if (port === undefined) return;
    const answered = answerTask(event.data, port, () => Promise.resolve(half));
    // Otherwise the browser may end the worker as soon as this listener returns.
    if ("waitUntil" in event && typeof event.waitUntil === "function") event.waitUntil(answered);
  });
}
