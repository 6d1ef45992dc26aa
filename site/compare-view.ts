import type { ProfileName } from "../model/results.ts";
import type { Placement, Scheme } from "../model/trial.ts";
import type { RunSource, SiteData } from "./data.ts";
import type { Query } from "./links.ts";
import { compareText } from "./text/compare.ts";

/** What the matrix shows: all that is in the address of the page. An empty list means "all". */
export interface CompareView {
  /** Keys of runs that come first and are highlighted, whatever else is chosen. A visit may come later. */
  readonly run: readonly string[];
  /** Ids of browsers: "chrome". */
  readonly browser: readonly string[];
  readonly source: readonly RunSource[];
  /** Empty: the default profile alone. */
  readonly profile: readonly ProfileName[];
  readonly placement: readonly Placement[];
  readonly scheme: readonly Scheme[];
  /** Ids of scenarios. Empty: the proof that a technique works, with its verdict. */
  readonly scenario: readonly string[];
  /** Ids of techniques. */
  readonly technique: readonly string[];
  readonly stage: "handshake" | "first-message" | null;
  /** Part of a technique's title, in any case. */
  readonly search: string;
  readonly onlyDifferences: boolean;
}

/** What the page shows to who only opens it. */
export const defaultView: CompareView = {
  run: [],
  browser: [],
  source: [],
  profile: [],
  placement: [],
  scheme: [],
  scenario: [],
  technique: [],
  stage: null,
  search: "",
  onlyDifferences: false,
};

/** A view, and in sentences what in the address was not understood. */
export interface ParsedView {
  readonly view: CompareView;
  readonly problems: readonly string[];
}

/** Where runs come from, in display order. */
export const sources: readonly RunSource[] = ["published", "local", "visit"];

const stages = ["handshake", "first-message"] as const;
const parameters: ReadonlySet<string> = new Set(
  "run browser source profile placement scheme scenario technique stage search differ".split(" "),
);

/** Reads the address of the page. What it does not know is left away, and said. */
export function parseCompareQuery(query: URLSearchParams, data: SiteData): ParsedView {
  const problems: string[] = [];
  const list = <Value extends string>(name: string, known: readonly Value[]): Value[] => {
    const chosen = valuesOf(query, name);
    const strangers = chosen.filter((value) => !known.some((one) => one === value));
    problems.push(...strangers.map((value) => compareText.unknownValue(name, value, known)));
    return known.filter((value) => chosen.includes(value));
  };
  const one = <Value extends string>(name: string, known: readonly Value[]): Value | null => {
    const values = list(name, known);
    if (values.length > 1) problems.push(compareText.onlyOne(name));
    return values.length === 1 ? (values[0] ?? null) : null;
  };
  const run = valuesOf(query, "run");
  const keys = new Set(data.runs.map(({ key }) => key));
  problems.push(...run.filter((key) => !keys.has(key)).map(compareText.unknownRun));
  const view: CompareView = {
    run,
    browser: list("browser", browserIds(data)),
    source: list("source", sources),
    profile: withoutDefault(list("profile", profileNames(data))),
    placement: narrowed(list("placement", data.placements), data.placements),
    scheme: narrowed(list("scheme", data.schemes), data.schemes),
    scenario: withoutProof(
      list(
        "scenario",
        data.scenarios.map(({ id }) => id),
      ),
      data,
    ),
    technique: list(
      "technique",
      data.techniques.map(({ id }) => id),
    ),
    stage: one("stage", stages),
    search: (query.get("search") ?? "").trim().slice(0, maxSearchLength),
    onlyDifferences: one("differ", ["yes"]) === "yes",
  };
  const unknown = [...new Set(query.keys())].filter((name) => !parameters.has(name));
  problems.push(...unknown.map(compareText.unknownParameter));
  return { view, problems };
}

/** The parameters of a view's address, without those that are as they are anyway. */
export function compareQuery(view: CompareView): Query {
  return {
    run: view.run,
    browser: view.browser,
    source: view.source,
    profile: view.profile,
    placement: view.placement,
    scheme: view.scheme,
    scenario: view.scenario,
    technique: view.technique,
    stage: view.stage ?? undefined,
    search: view.search,
    differ: view.onlyDifferences ? "yes" : undefined,
  };
}

/** Ids of the browsers that there are runs of, as they come. */
export function browserIds({ runs }: SiteData): string[] {
  return [...new Set(runs.map(({ browser }) => browser.id))];
}

/** Profiles that there are runs with, the default one first. */
export function profileNames({ runs }: SiteData): ProfileName[] {
  return [...new Set<ProfileName>(["default", ...runs.map(({ profile }) => profile.name)])];
}

/** Ids of the scenarios that make up the proof that a technique works. */
export function proofOf({ scenarios }: SiteData): string[] {
  return scenarios.filter(({ aspect }) => aspect === null).map(({ id }) => id);
}

const maxSearchLength = 80;

/** `?a=1,2&a=3` is 1, 2 and 3: forms repeat the name, people write commas. */
function valuesOf(query: URLSearchParams, name: string): string[] {
  const values = query.getAll(name).flatMap((text) => text.split(","));
  return [...new Set(values.map((value) => value.trim()).filter((value) => value !== ""))];
}

function withoutDefault(profiles: ProfileName[]): ProfileName[] {
  return profiles.length === 1 && profiles[0] === "default" ? [] : profiles;
}

/** All of them restrict nothing. */
function narrowed<Value>(chosen: Value[], all: readonly Value[]): Value[] {
  return chosen.length === all.length ? [] : chosen;
}

function withoutProof(chosen: string[], data: SiteData): string[] {
  const proof = proofOf(data);
  return chosen.length === proof.length && chosen.every((id) => proof.includes(id)) ? [] : chosen;
}
