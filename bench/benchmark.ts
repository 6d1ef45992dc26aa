/** One measurement of speed or of safety, which `npm run bench` makes. */
export interface Benchmark {
  /** Name on the command line, and of its results file: "connections". */
  readonly id: string;
  readonly title: string;
  /** Which of the pages under docs/ shows it. */
  readonly page: "performance" | "reliability";
  /** How long it takes, in words, and what it asks of the machine; for `--help`. */
  readonly cost: string;
  /** Whether it is made when none is named. */
  readonly isUsual: boolean;
  /** Rejects when it could not be made; a goal that is missed is a result. */
  measure(around: BenchmarkSurroundings): Promise<Findings>;
}

/** What a benchmark is given. */
export interface BenchmarkSurroundings {
  /** Smaller sizes, so that a test can make it within seconds. */
  readonly size: "full" | "small";
  /** Tells people how far it has come. */
  readonly onProgress: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** What a benchmark found out. Plain data. */
export interface Findings {
  readonly goals: readonly Goal[];
  readonly tables: readonly Table[];
  readonly plots: readonly Plot[];
  /** Sentences that belong to the figures, made from what was measured: what was absent, what limits it. */
  readonly notes: readonly string[];
}

/** One claim with its figure. */
export interface Goal {
  /** What ought to be: "The matrix takes at most 1.5 times its floor". */
  readonly claim: string;
  /** The figure in words: "1.32 times (412 s against 312 s)". */
  readonly measured: string;
  readonly isMet: boolean;
  /** Why it was missed, as far as the same measurement shows it; null when met or unknown. */
  readonly why: string | null;
}

/** Rows of text under headings. Numbers come formatted, with their unit in the heading. */
export interface Table {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Lines or bars; each series has one value for each of `labels`. */
export interface Plot {
  /** Part of the picture's file name: "cost-a-trial". */
  readonly id: string;
  readonly title: string;
  readonly kind: "lines" | "bars";
  /** What is on the horizontal axis, in order. */
  readonly labels: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** Of the vertical axis, which begins at 0. */
  readonly unit: string;
}
