import bowser from "bowser";
import type { BrowserIdentity, Harness, LeftOut, Run } from "../model/results.ts";
import { needsProxy } from "../techniques/needs-proxy.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Laboratory } from "../server/app.ts";
import type { Walk } from "../server/walks.ts";
import { profileOf, untouched } from "./browsers/profile.ts";
import { placements } from "./axes.ts";
import { renderChoicePage } from "./chooser/choice-page.ts";
import { chooserCss } from "./chooser/chooser-css.ts";
import { createPublishedTable } from "./chooser/published-table.ts";
import { snippetsOf } from "./chooser/snippets.ts";
import { leftOut, plan, type Selection } from "./plan.ts";
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
  const selection: Selection = {
    techniques: techniques.map((technique) => {
      const reason = needsProxy(technique);
      if (reason === null) return technique;
      const leavesOut = Object.fromEntries(placements.map((placement) => [placement, reason]));
      return { ...technique, leavesOut };
    }),
    techniquesDirectory,
    // Somebody waits: what a token looks like, and what goes wrong, is left to runs that nobody looks at.
    scenarios: scenarios.filter(({ aspect }) => aspect === undefined || aspect === "hijacking"),
    placements,
    // Over TLS a visitor would have to accept a certificate for every trial's host.
    schemes: ["ws"],
    repeat: 1,
  };
  const publishedTable = createPublishedTable();
  const readSnippets = snippetsOf(techniques, techniquesDirectory);
  return {
    plan: () => plan(selection),
    judge: verdict,
    resultPage: (walk) =>
      renderRunPage(visit(walk, harness, leftOut(selection)), catalogueOf(techniques), {
        styleHref: "/runs/style.css",
      }),
    resultStyle: reportCss,
    choicePage: async (query) =>
      renderChoicePage(query, await publishedTable(), readSnippets, {
        styleHref: "/choose/style.css",
      }),
    choiceStyle: chooserCss,
  };
}

/** Techniques and scenarios as reports name them, in display order. */
export function catalogueOf(techniques: readonly Technique[]): Catalogue {
  return {
    techniques: techniques.map(({ id, title, proxied }) => {
      return { id, title, isProxied: proxied !== undefined };
    }),
    scenarios: scenarios.map(({ id, question }) => ({ id, question })),
    conditions: trustConditions.map(({ id, question }) => ({ id, question })),
  };
}

function visit(walk: Walk, harness: Harness, omitted: readonly LeftOut[]): Run {
  return {
    id: walk.id,
    startedAt: walk.startedAt.toISOString(),
    endedAt: (walk.endedAt ?? new Date()).toISOString(),
    harness,
    browser: identify(walk.userAgent),
    profile: profileOf(untouched),
    through: null,
    dialogs: [],
    features: walk.features,
    leftOut: omitted,
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
