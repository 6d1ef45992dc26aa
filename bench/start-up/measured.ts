/** One start of the lab, from the moment that its process is asked for. */
export interface LabStart {
  /** Until it prints that it is ready. */
  readonly readyMs: number;
  /** From there until all of its first page's document has come. */
  readonly documentMs: number;
  /** From there until all files of its first page have come, asked for at once. */
  readonly pageMs: number;
  /** What the operating system counts of the process when it is ready; null where `ps` does not tell. */
  readonly readyBytes: number | null;
  /** And when it has served its first page. */
  readonly servedBytes: number | null;
}

/** A file of the first page, as the lab sends it to somebody who takes compressed ones. */
export interface SentFile {
  readonly path: string;
  /** Of the answer, its head included. */
  readonly sentBytes: number;
  readonly bodyBytes: number;
  /** Its `Content-Encoding`; "none": as it is. */
  readonly encoding: string;
  /** Of the body under gzip, as other servers of the same site would send it. */
  readonly gzippedBytes: number;
}

/** What a browser says of one visit of the first page: milliseconds since it went there. */
export interface PagePaint {
  /** Null when what it says cannot be: WebKitGTK 2.50 tells of an earlier answer when it had the page before. */
  readonly firstByteMs: number | null;
  readonly firstPaintMs: number;
  readonly loadMs: number;
}

/** One visit of the first page. */
export interface Visit {
  /** Null with the reason, when the browser does not say it. */
  readonly paint: PagePaint | { readonly unknown: string };
  /** Of all answers that it got, their heads included. */
  readonly sentBytes: number;
}

/** What one browser was seen to do. */
export type BrowserVisits =
  | {
      readonly name: string;
      /** With nothing in its cache, as soon as the lab is ready. */
      readonly first: readonly Visit[];
      /** Once more, in the same browser. */
      readonly again: readonly Visit[];
    }
  | { readonly name: string; readonly absent: string };

/** All that is measured of starts, a figure for each round. */
export interface Measured {
  /** From asking for `node -e 0` until it has ended. */
  readonly nodeMs: readonly number[];
  /** The same of a TypeScript file without a line. */
  readonly typeScriptMs: readonly number[];
  /** `node server/main.ts` in a checkout in which nothing was ever started. */
  readonly first: readonly LabStart[];
  /** The same where it has been before. */
  readonly later: readonly LabStart[];
  /** `npm start`, likewise; or why it is not there. */
  readonly npm: readonly LabStart[] | { readonly absent: string };
  /** What the operating system counts of a Node that does nothing; null as above. */
  readonly idleBytes: number | null;
  readonly files: readonly SentFile[];
  readonly browsers: readonly BrowserVisits[];
}
