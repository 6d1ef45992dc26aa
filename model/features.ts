/** Whether a browser has a feature, as a page found out by trying; `detail` says what it saw. */
export interface FeatureFinding {
  readonly supported: boolean;
  readonly detail: string;
}

/** What a browser's first page found out about an API that might replace what techniques make do with. */
export interface FeatureObservation extends FeatureFinding {
  /** As in public/features.ts: "websocket-stream". */
  readonly id: string;
}
