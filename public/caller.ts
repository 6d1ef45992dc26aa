import type { AttemptTask } from "../model/lab-api.ts";
import { answerTask } from "./answer-task.ts";

// Who may be the parent is said by the policy that this page is served with (`frame-ancestors`).
addEventListener("message", function listen({ source, data, ports }: MessageEvent<AttemptTask>) {
  const [port] = ports;
  if (source !== parent || port === undefined) return;
  removeEventListener("message", listen);
  void answerTask(data, port);
});

// It holds nothing, and a sandboxed page is not told who its parent is.
parent.postMessage("ready", "*");
