import bowser from "bowser";
import type { BrowserIdentity, Harness, Run } from "../model/results.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Laboratory } from "../server/app.ts";
import type { Walk } from "../server/walks.ts";
import { profileOf, untouched } from "./browsers/profile.ts";
import { placements } from "./axes.ts";
import { plan } from "./plan.ts";
import type { Catalogue } from "./report/catalogue.ts";
import { renderRunPage, reportCss } from "./report/html.ts";
import { scenarios } from "./scenarios/index.ts";
import { trustConditions } from "./trust/conditions.ts";
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
        techniques,
        techniquesDirectory,
        scenarios,
        placements,
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
    conditions: trustConditions.map(({ id, question }) => ({ id, question })),
  };
}

function visit(walk: Walk, harness: Harness): Run {
  return {
    id: walk.id,
    startedAt: walk.startedAt.toISOString(),
    endedAt: (walk.endedAt ?? new Date()).toISOString(),
    harness,
    browser: identify(walk.userAgent),
    profile: profileOf(untouched),
    through: null,
    dialogs: [],
    leftOut: [],
    trials: walk.ended.map((trial) => ({ ...trial, verdict: verdict(trial) })),
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
