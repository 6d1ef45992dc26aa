import type { Phase, PhaseTime, RunTiming } from "../model/timing.ts";

/** The phases that belong to a trial: the others are the browser's. */
const ofTrials: ReadonlySet<Phase> = new Set(["navigation", "lab", "attempts", "restarts"]);

/** Tells the phases of a walk apart by a monotonic clock. It runs from the beginning, in `other`. */
export class Stopwatch {
  readonly #now: () => number;
  readonly #spent: Readonly<Record<Phase, { ms: number; count: number }>> = {
    launch: { ms: 0, count: 0 },
    preflight: { ms: 0, count: 0 },
    navigation: { ms: 0, count: 0 },
    lab: { ms: 0, count: 0 },
    attempts: { ms: 0, count: 0 },
    restarts: { ms: 0, count: 0 },
    close: { ms: 0, count: 0 },
    other: { ms: 0, count: 0 },
  };
  #phase: Phase = "other";
  #since: number;
  #lapMs = 0;

  /** `now`: milliseconds that never run backwards. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** The phase whose time it is. */
  get phase(): Phase {
    return this.#phase;
  }

  /** Ends the phase that it was, and begins this one, which may be the same. */
  enter(phase: Phase): void {
    this.#account();
    this.#phase = phase;
    this.#spent[phase].count += 1;
  }

  /** The whole milliseconds that went into trials since the last call. */
  lap(): number {
    this.#account();
    const lapMs = this.#lapMs;
    this.#lapMs = 0;
    return Math.round(lapMs);
  }

  /** Where the time has gone up to now. */
  read(): RunTiming {
    this.#account();
    return timingOf((phase) => {
      const { ms, count } = this.#spent[phase];
      return { ms: Math.round(ms), count };
    });
  }

  #account(): void {
    const now = this.#now();
    const ms = now - this.#since;
    this.#since = now;
    this.#spent[this.#phase].ms += ms;
    if (ofTrials.has(this.#phase)) this.#lapMs += ms;
  }
}

/** Several timings as one of what came one after another within `tookMs`: what lies between them is `other`. */
export function joinTimings(timings: readonly RunTiming[], tookMs: number): RunTiming {
  const betweenMs = tookMs - timings.reduce((sum, timing) => sum + timing.tookMs, 0);
  return timingOf((phase) => ({
    ms: timings.reduce(
      (ms, { phases }) => ms + phases[phase].ms,
      phase === "other" ? Math.max(0, Math.round(betweenMs)) : 0,
    ),
    count: timings.reduce((count, { phases }) => count + phases[phase].count, 0),
  }));
}

function timingOf(timeOf: (phase: Phase) => PhaseTime): RunTiming {
  const phases = {
    launch: timeOf("launch"),
    preflight: timeOf("preflight"),
    navigation: timeOf("navigation"),
    lab: timeOf("lab"),
    attempts: timeOf("attempts"),
    restarts: timeOf("restarts"),
    close: timeOf("close"),
    other: timeOf("other"),
  };
  return { phases, tookMs: Object.values(phases).reduce((sum, { ms }) => sum + ms, 0) };
}
