import { fileURLToPath } from "node:url";
import bowser from "bowser";
import type { BrowserIdentity, Harness, LeftOut, Run } from "../model/results.ts";
import type { VisitFile } from "../server/app.ts";
import { concealed, publicIdOf } from "../server/visits.ts";
import type { Walk } from "../server/walks.ts";
import { profileOf, untouched } from "./browsers/profile.ts";
import { writeResults } from "./report/json.ts";
import { visitsDirectory, writeWhole } from "./results-files.ts";
import { verdict } from "./verdict.ts";
import { ownLeak, type TokenFinder } from "./write-reports.ts";

/** What a visit is made into a run with. */
export interface VisitContext {
  readonly harness: Harness;
  readonly leftOut: readonly LeftOut[];
}

/** A visit as a run, with the trials that have ended. What its browser is, only the browser has said. */
export function visitRun(walk: Walk, { harness, leftOut }: VisitContext): Run {
  return {
    id: publicIdOf(walk),
    startedAt: walk.startedAt.toISOString(),
    endedAt: (walk.endedAt ?? new Date()).toISOString(),
    harness,
    browser: identify(walk.userAgent),
    profile: profileOf(untouched),
    through: null,
    dialogs: [],
    features: walk.features,
    leftOut,
    trials: walk.ended.map((trial) => ({ ...trial, verdict: verdict(trial) })),
  };
}

/** A visit as a results file. Without `tokens` nobody could tell whether one is in it, and there is none. */
export function visitFile(
  walk: Walk,
  context: VisitContext,
  tokens: TokenFinder | undefined,
): VisitFile {
  if (tokens === undefined)
    return { problem: "this lab does not remember which tokens it has made" };
  const run = visitRun(walk, context);
  const name = `${run.startedAt.slice(0, 10)}-${slug(run.browser.name)}-${run.id}.json`;
  const results = writeResults({ schema: "websocket-auth-results/1", runs: [run], trust: [] });
  const text = concealed(walk, results);
  const problem = ownLeak(name, text, tokens);
  return problem === null ? { name, text } : { problem };
}

/** Writes a visit's file to `directory`, and says where. */
export async function saveVisit(
  file: VisitFile,
  directory: URL = visitsDirectory,
): Promise<{ readonly path: string } | { readonly problem: string }> {
  if ("problem" in file) return file;
  await writeWhole(fileURLToPath(new URL(file.name, directory)), file.text);
  return { path: `results/visits/${file.name}` };
}

/** A user agent string can say anything: letters and digits of it are good for a file's name. */
function slug(name: string): string {
  const letters = name.toLowerCase().replaceAll(/[^a-z0-9]+/gu, "-");
  return letters.replaceAll(/^-|-$/gu, "").slice(0, 40) || "browser";
}

function identify(userAgent: string | null): BrowserIdentity {
  const { browser, engine, os } = bowser.parse(userAgent || "unknown");
  return {
    id: "visit",
    // Of what it does not know, it says nothing, or "".
    name: browser.name || "Unknown browser",
    version: browser.version || null,
    engine: engine.name || "unknown",
    os: [os.name, os.version].filter(Boolean).join(" ") || "unknown",
    userAgent,
    driver: "visit",
    versionSource: browser.version ? "ua" : "none",
  };
}
