import type { JudgedTrial, Results, Run } from "../model/results.ts";
import { placements, schemes } from "../experiments/axes.ts";
import { inOrder } from "../experiments/report/display-order.ts";
import { answerFacts } from "./answer-facts.ts";
import type { EvidenceData, RunSource, SiteData, SiteScenario, SiteTechnique } from "./data.ts";
import { packRun, type SiteLists } from "./pack.ts";

/** Where the runs of a site come from. */
export interface SiteSources {
  readonly techniques: readonly SiteTechnique[];
  readonly scenarios: readonly SiteScenario[];
  /** Each with what makes the keys of its runs differ from those of others: "", "local-2026-11-21T14-20-00-". */
  readonly files: readonly {
    readonly source: RunSource;
    readonly prefix: string;
    readonly results: Results;
  }[];
}

/** What pages show, and the evidence behind it. */
export interface DerivedSite {
  readonly data: SiteData;
  /** The run's techniques of which there is evidence, by the run's key. */
  readonly tried: ReadonlyMap<string, readonly string[]>;
  /** Undefined when there is no such run, or it did not try the technique. */
  evidence(run: string, technique: string): EvidenceData | undefined;
}

/** Derives a site from results alone. */
export function deriveSite(sources: SiteSources): DerivedSite {
  const lists = listsOf(sources);
  const runs = new Map<string, { readonly run: Run; readonly source: RunSource }>();
  for (const { source, prefix, results } of sources.files) {
    for (const run of results.runs) {
      const key = freeKey(`${prefix}${keyOf(run, source)}`, runs);
      runs.set(key, { run, source });
    }
  }
  const byTechnique = new Map(
    [...runs].map(([key, { run }]) => [key, Map.groupBy(run.trials, ({ technique }) => technique)]),
  );
  return {
    data: {
      ...lists,
      runs: [...runs].map(([key, { run, source }]) => packRun(run, key, source, lists)),
      answerFacts: sources.files.flatMap(({ results }) => answerFacts(results, sources.techniques)),
    },
    tried: new Map([...byTechnique].map(([key, groups]) => [key, [...groups.keys()]])),
    evidence(run, technique) {
      const trials = byTechnique.get(run)?.get(technique);
      return trials === undefined ? undefined : { run, technique, trials };
    },
  };
}

/** Known techniques and scenarios first, so that their indexes are the same whatever the results hold. */
function listsOf({ techniques, scenarios, files }: SiteSources): SiteLists {
  const trials = files.flatMap(({ results }) => results.runs.flatMap((run) => run.trials));
  const knownTechniques = new Map(techniques.map((one) => [one.id, one]));
  const knownScenarios = new Map(scenarios.map((one) => [one.id, one]));
  const firstTrials = new Map(
    trials.toReversed().map((trial): [string, JudgedTrial] => [trial.scenario, trial]),
  );
  return {
    techniques: [
      ...techniques,
      ...unknown(
        trials.map(({ technique }) => technique),
        knownTechniques,
      ).map((id): SiteTechnique => {
        const leftOut = "this version of the lab does not know it";
        return {
          id,
          title: id,
          stage: "handshake",
          via: "",
          folder: id,
          isProxied: false,
          leftOut,
        };
      }),
    ],
    scenarios: [
      ...scenarios,
      ...unknown([...firstTrials.keys()], knownScenarios).map((id): SiteScenario => {
        const { aspect = null, attempts = [] } = firstTrials.get(id) ?? {};
        return { id, question: "", aspect, attempts };
      }),
    ],
    placements,
    schemes,
  };
}

function unknown(ids: readonly string[], known: ReadonlyMap<string, unknown>): string[] {
  return inOrder(ids, [...known.keys()]).filter((id) => !known.has(id));
}

function keyOf({ id, browser, profile, through }: Run, source: RunSource): string {
  if (source === "visit") return `visit-${part(id, "unnamed")}`;
  const parts = [
    part(browser.id, "browser"),
    ...(profile.name === "default" ? [] : [profile.name]),
    ...(through === null ? [] : ["proxied"]),
  ];
  return parts.join(".");
}

/** A key is part of a path and of a URL, whatever a browser was called on the command line. */
function part(id: string, otherwise: string): string {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/u.test(id) ? id : otherwise;
}

function freeKey(key: string, taken: ReadonlyMap<string, unknown>): string {
  let one = key;
  for (let count = 2; taken.has(one); count += 1) one = `${key}_${count}`;
  return one;
}
