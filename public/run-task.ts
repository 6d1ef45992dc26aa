import type { AttemptTask, PageReport } from "../model/lab-api.ts";
import type { PageEvent } from "../model/observation.ts";
import type { ChannelSocket, WantClick } from "../techniques/connect.ts";
import { runAttempt, type ImportHalf } from "./attempt.ts";
import { plant } from "./plant.ts";
import { searchHere } from "./search-here.ts";

/** Does what the lab wants of whoever runs this: plants a cookie, or connects and says what is left of it. Never rejects. */
export async function runTask(
  task: AttemptTask,
  onEvent: (event: PageEvent) => void,
  onWantClick: WantClick,
  importHalf?: ImportHalf,
): Promise<PageReport> {
  if (task.plants !== null) return plant(task.plants, task.credential?.token ?? "");
  const sockets: ChannelSocket[] = [];
  const report = await runAttempt(task, onEvent, onWantClick, {
    ...(importHalf && { importHalf }),
    onSocket: (socket) => void sockets.push(socket),
  });
  return task.searched ? { ...report, traces: await searchHere(task, sockets) } : report;
}
