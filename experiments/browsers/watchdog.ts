import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { fileURLToPath } from "node:url";

const sweeper = fileURLToPath(new URL("sweep.ts", import.meta.url));

let watchdog: ChildProcess | undefined;

/**
 * Sees to it that browsers do not outlive this process, however it ends. A shell waits for the end of
 * its input, which comes when whoever holds the pipe is gone, also by SIGKILL; then it sweeps. Does
 * nothing a second time, nor on Windows, where the next run sweeps.
 */
export function keepWatch(): void {
  if (watchdog !== undefined || process.platform === "win32") return;
  // In a session of its own, so that what ends our group does not end it.
  watchdog = spawn("/bin/sh", ["-c", 'read -r _; exec "$0" "$1"', process.execPath, sweeper], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell the next run sweeps.
  watchdog.on("error", () => {});
  watchdog.stdin?.on("error", () => {});
  watchdog.unref();
  // A pipe to a child is a socket, though its type does not say so.
  if (watchdog.stdin instanceof Socket) watchdog.stdin.unref();
  // A process that ends of itself has cleaned up.
  process.on("exit", () => watchdog?.kill("SIGKILL"));
}
