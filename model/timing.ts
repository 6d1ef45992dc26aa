/**
 * What a browser's time goes into, one at any moment. `launch`: until the browser is ready. `preflight`:
 * from opening its first page until that has reported. `navigation`: from a trial's end, or from opening
 * a page, until the next page of a trial posts. `lab`: from a post until its answer, in which evidence is
 * gathered and programs make attempts of their own. `attempts`: from handing one out until its report.
 * `restarts`, `close`: of the browser. `other`: what belongs to none of these.
 */
export type Phase =
  | "launch"
  | "preflight"
  | "navigation"
  | "lab"
  | "attempts"
  | "restarts"
  | "close"
  | "other";

/** How much time went into one phase, in whole milliseconds, and how often it began. */
export interface PhaseTime {
  readonly ms: number;
  readonly count: number;
}

/** Where a run's wall-clock time went. `tookMs` is the sum of its phases. */
export interface RunTiming {
  readonly tookMs: number;
  readonly phases: Readonly<Record<Phase, PhaseTime>>;
}
