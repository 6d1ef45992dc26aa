import { exitCodes } from "./exit-codes.ts";

/** Why a run ends early: somebody asked for it. */
const byUser = Symbol("interrupted");

/** Aborts at the first signal: the run ends, and what was measured is written. The second one ends at once. */
export function abortOnSignals(controller: AbortController): void {
  const interrupt = (): void => {
    if (controller.signal.reason === byUser) process.exit(exitCodes.interrupted);
    controller.abort(byUser);
    console.error("Interrupted: finishing up. Once more to stop at once.");
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
}

/** Why a run had to end early that nobody ended; null: somebody did, or it did not. */
export function whyEnded({ reason }: AbortSignal): string | null {
  const why: unknown = reason;
  return why instanceof Error ? why.message : null;
}
