import bowser from "bowser";
import type { BrowserIdentity, Harness, Run } from "../model/results.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Laboratory } from "../server/app.ts";
import type { Walk } from "../server/walks.ts";
import { profileOf } from "./browsers/profile.ts";
import { plan } from "./plan.ts";
import type { Catalogue } from "./report/catalogue.ts";
import { renderRunPage, reportCss } from "./report/html.ts";
import { scenarios } from "./scenarios/index.ts";
import { verdict } from "./verdict.ts";

/** What the experiments lend to a lab, so that a visitor can run them and see the results. */
export function createLaboratory(
  techniques: readonly Technique[],
  techniquesDirectory: URL,
  harness: Harness,
): Laboratory {
  return {
    plan: () =>
      plan({
        techniques: techniques.map(({ id }) => id),
        techniquesDirectory,
        scenarios,
        // Two placements would double the walk; the port of its own is what the live page shows too.
        placements: ["same-host"],
        // Over TLS a visitor would have to accept a certificate for every trial's host.
        schemes: ["ws"],
        repeat: 1,
      }),
    judge: verdict,
    resultPage: (walk) =>
      renderRunPage(visit(walk, harness), catalogueOf(techniques), {
        styleHref: "/runs/style.css",
      }),
    resultStyle: reportCss,
  };
}

/** Techniques and scenarios as reports name them, in display order. */
export function catalogueOf(techniques: readonly Technique[]): Catalogue {
  return {
    techniques: techniques.map(({ id, title }) => ({ id, title })),
    scenarios: scenarios.map(({ id, question }) => ({ id, question })),
  };
}

function visit(walk: Walk, harness: Harness): Run {
  return {
    id: walk.id,
    startedAt: walk.startedAt.toISOString(),
    endedAt: (walk.endedAt ?? new Date()).toISOString(),
    harness,
    browser: identify(walk.userAgent),
    profile: profileOf({ headless: false, acceptInsecureCerts: false }),
    trials: [...walk.observed.values()].map((trial) => ({ ...trial, verdict: verdict(trial) })),
  };
}

function identify(userAgent: string | null): BrowserIdentity {
  const { browser, engine, os } = bowser.parse(userAgent ?? "unknown");
  return {
    id: "visit",
    name: browser.name ?? "Unknown browser",
    version: browser.version ?? null,
    engine: engine.name ?? "unknown",
    os: [os.name, os.version].filter((part) => part !== undefined).join(" ") || "unknown",
    userAgent,
    driver: "visit",
    versionSource: browser.version === undefined ? "none" : "ua",
  };
}
