import type { PackedTrial, SiteRun } from "../../site/data.ts";

/** A run of a browser as it comes, of which only its name, its source and its trials matter. */
export function siteRun(
  key: string,
  source: SiteRun["source"],
  trials: readonly PackedTrial[],
): SiteRun {
  return {
    key,
    source,
    trials,
    id: key,
    startedAt: "2026-01-01T00:00:00.000Z",
    endedAt: "2026-01-01T00:00:00.000Z",
    harness: { version: "1", revision: null, dirty: null },
    browser: {
      id: key,
      name: key,
      version: "1.2.3",
      engine: key,
      os: "test",
      userAgent: null,
      driver: "test",
      versionSource: "driver",
    },
    profile: {
      name: "default",
      means: [],
      headless: true,
      reconnectBackoff: "off",
      certificates: "accept-any",
    },
    through: null,
    dialogs: [],
    features: [],
    leftOut: [{ technique: "ticket", scenario: "forged", reason: "it has no meaning" }],
  };
}
