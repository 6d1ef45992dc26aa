import type { JudgedTrial } from "../../model/results.ts";
import type { Placement, Scheme } from "../../model/trial.ts";
import type { SiteData, SiteRun, SiteTechnique } from "../data.ts";

/** What the address of the evidence page asks for. An empty list means "all". */
export interface EvidenceQuery {
  /** As the address has it; the run or technique is undefined when there is none of that name. */
  readonly runKey: string;
  readonly run: SiteRun | undefined;
  readonly techniqueId: string;
  readonly technique: SiteTechnique | undefined;
  readonly placement: readonly Placement[];
  readonly scheme: readonly Scheme[];
  readonly scenario: readonly string[];
  /** The trial to open, as `trialKey` names it; "": none was asked for. */
  readonly trial: string;
  /** The attempt to show, from 0; null: none was asked for. */
  readonly attempt: number | null;
}

/** Reads the address; values that are not known are left away. Lists are separated by commas. */
export function parseEvidenceQuery(query: URLSearchParams, data: SiteData): EvidenceQuery {
  const list = (name: string): readonly string[] =>
    query
      .getAll(name)
      .flatMap((value) => value.split(","))
      .filter((value) => value !== "");
  const runKey = query.get("run") ?? "";
  const techniqueId = query.get("technique") ?? "";
  const attempt = Number(query.get("attempt") ?? "");
  const [placement, scheme, scenario] = [list("placement"), list("scheme"), list("scenario")];
  return {
    runKey,
    run: data.runs.find(({ key }) => key === runKey),
    techniqueId,
    technique: data.techniques.find(({ id }) => id === techniqueId),
    placement: data.placements.filter((one) => placement.includes(one)),
    scheme: data.schemes.filter((one) => scheme.includes(one)),
    scenario: data.scenarios.map(({ id }) => id).filter((one) => scenario.includes(one)),
    trial: query.get("trial") ?? "",
    attempt: Number.isInteger(attempt) && attempt > 0 ? attempt - 1 : null,
  };
}

/** Whether the filters let a trial through. One that the address names is always shown. */
export function isShown(
  trial: Pick<JudgedTrial, "placement" | "scheme" | "scenario">,
  { placement, scheme, scenario, trial: named }: EvidenceQuery,
): boolean {
  if (named !== "" && named.split("~")[0] === trialKey(trial)) return true;
  return (
    isAmong(placement, trial.placement) &&
    isAmong(scheme, trial.scheme) &&
    isAmong(scenario, trial.scenario)
  );
}

/** A trial's name within a technique and a run: "rotation.same-origin.wss". */
export function trialKey({
  scenario,
  placement,
  scheme,
}: Pick<JudgedTrial, "placement" | "scheme" | "scenario">): string {
  return `${scenario}.${placement}.${scheme}`;
}

function isAmong<Item>(list: readonly Item[], item: Item): boolean {
  return list.length === 0 || list.includes(item);
}
