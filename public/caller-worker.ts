import type { AttemptTask } from "../model/lab-api.ts";
import { answerTask } from "./answer-task.ts";

const listen = ({ data, ports }: MessageEvent<AttemptTask | null>): void => {
  const [port] = ports;
  if (data === null) close();
  else if (port !== undefined) void answerTask(data, port);
};

// A dedicated worker is sent messages itself, a shared one by the port of whoever connects.
addEventListener("message", listen);
addEventListener("connect", (event) => {
  if (!(event instanceof MessageEvent)) return;
  const [port] = event.ports;
  port?.addEventListener("message", listen);
  port?.start();
});
