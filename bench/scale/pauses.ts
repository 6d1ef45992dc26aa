import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";

/** How long a process kept what was ready waiting, in milliseconds. */
export interface Pauses {
  /** Of the event loop's delays, as Node's histogram has them, beyond the millisecond between two looks. */
  readonly longestMs: number;
  readonly p999Ms: number;
  readonly medianMs: number;
  /** What the main thread did in the longest pause. */
  readonly inTheLongest: PauseCause;
  /** What the main thread computed at the most in one pause. */
  readonly longestOwnMs: number;
  /** The longest that the garbage collector held the main thread up. */
  readonly longestCollectionMs: number;
  readonly collections: number;
}

/** Where the time of a pause went, in milliseconds. What is in neither was not the process's: others had the processor. */
export interface PauseCause {
  /** The main thread's time on a processor. */
  readonly computedMs: number;
  /** By the clock. */
  readonly collectedMs: number;
}

interface Gap extends PauseCause {
  readonly from: number;
  readonly to: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** How often the loop is looked at: the finest that Node's histogram has. */
const lookEveryMs = 1;
const gapsKept = 50;

/** Watches this process until the returned function is called. */
export function watchPauses(): () => Promise<Pauses> {
  const histogram = monitorEventLoopDelay({ resolution: lookEveryMs });
  const collections: Span[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      collections.push({ from: startTime, to: startTime + duration });
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  let gaps: (Span & { readonly computedMs: number })[] = [];
  let lookedAt = performance.now();
  let computedUntil = computedMs();
  // The histogram does not say when, nor why.
  const look = (): void => {
    const now = performance.now();
    const computed = computedMs();
    gaps.push({ from: lookedAt, to: now, computedMs: computed - computedUntil });
    if (gaps.length > 2 * gapsKept) gaps = longest(gaps);
    lookedAt = now;
    computedUntil = computed;
  };
  const timer = setInterval(look, lookEveryMs);
  histogram.enable();
  return async () => {
    look();
    histogram.disable();
    clearInterval(timer);
    // Collections are told of a turn later.
    await nextTurn();
    await nextTurn();
    observer.disconnect();
    const explained = longest(gaps).map((gap): Gap => {
      const collectedMs = collections.reduce((sum, one) => sum + overlap(gap, one), 0);
      return { ...gap, collectedMs };
    });
    const inTheLongest = explained[0] ?? { computedMs: 0, collectedMs: 0 };
    return {
      longestMs: delay(histogram.max),
      p999Ms: delay(histogram.percentile(99.9)),
      medianMs: delay(histogram.percentile(50)),
      inTheLongest,
      longestOwnMs: Math.max(0, ...explained.map((gap) => gap.computedMs)),
      longestCollectionMs: Math.max(0, ...collections.map(({ from, to }) => to - from)),
      collections: collections.length,
    };
  };
}

/** Of nanoseconds between two looks, the milliseconds that are beyond what is between them anyway. */
function delay(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1_000_000 - lookEveryMs);
}

function computedMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

function longest<Some extends Span>(gaps: readonly Some[]): Some[] {
  return gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from)).slice(0, gapsKept);
}

function overlap(a: Span, b: Span): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}
