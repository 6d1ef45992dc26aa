import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { LeftOut } from "../model/results.ts";
import type { Placement, Scheme, Trial } from "../model/trial.ts";
import { folderOf } from "../techniques/folder.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** What is to be tried. Each list is in the order in which it is tried and shown. */
export interface Selection {
  readonly techniques: readonly PlannedTechnique[];
  /** The folder that holds a folder for each technique. */
  readonly techniquesDirectory: URL;
  readonly scenarios: readonly Scenario[];
  readonly placements: readonly Placement[];
  readonly schemes: readonly Scheme[];
  /** Whether the placements were asked for: then scenarios that one is enough for are tried at all of them. */
  readonly choosesPlacements?: boolean;
  /** How often each trial is made. */
  readonly repeat: number;
}

type PlannedTechnique = Pick<
  Technique,
  "id" | "folder" | "leavesOut" | "renews" | "logsOut" | "cookie"
>;

/** Every trial of the selection, technique by technique, but for what has no meaning for a technique. */
export function plan(selection: Selection): Trial[] {
  const trials = selection.techniques.flatMap((one) => {
    const { id: technique } = one;
    const code = readTechnique(folderOf(one, selection.techniquesDirectory));
    const scenarios = selection.scenarios.filter(
      (scenario) => whyLeftOut(scenario, one) === undefined,
    );
    return scenarios.flatMap((scenario) =>
      placesOf(scenario, one, selection).map(({ placement, scheme }): Trial => {
        const { id, attempts, aspect } = scenario;
        const tried = { technique, scenario: id, placement, scheme, attempts };
        const definition = hash({ ...tried, code });
        return { ...tried, ...(aspect !== undefined && { aspect }), definition };
      }),
    );
  });
  return Array.from({ length: selection.repeat }, () => trials).flat();
}

/** Where a scenario that one placement is enough for is tried, if that makes sense. */
const usualPlacement: Placement = "same-host";

function placesOf(
  scenario: Scenario,
  { leavesOut }: PlannedTechnique,
  selection: Selection,
): Pick<Trial, "placement" | "scheme">[] {
  const placements = selection.placements.filter(
    (one) => leavesOut?.[one] === undefined && (scenario.placements?.includes(one) ?? true),
  );
  const possible = selection.schemes.filter((one) => leavesOut?.[one] === undefined);
  const secure = possible.filter((one) => one === "wss");
  const schemes =
    scenario.schemes !== "secure" ? possible : secure.length > 0 ? secure : possible.slice(0, 1);
  const usual = placements.includes(usualPlacement) ? [usualPlacement] : placements.slice(0, 1);
  const isEnough = scenario.places === "one";
  const chosen = isEnough && selection.choosesPlacements !== true ? usual : placements;
  return chosen.flatMap((placement) =>
    (isEnough ? schemes.slice(0, 1) : schemes).map((scheme) => ({ placement, scheme })),
  );
}

/** What `plan` leaves out of the selection, and why; but for what is tried with others that stand for all. */
export function leftOut({ techniques, scenarios, placements, schemes }: Selection): LeftOut[] {
  return techniques.flatMap((one): LeftOut[] => {
    const { id: technique, leavesOut } = one;
    return [
      ...placements.map((placement) => ({ placement, reason: leavesOut?.[placement] })),
      ...schemes.map((scheme) => ({ scheme, reason: leavesOut?.[scheme] })),
      ...scenarios.map((scenario) => {
        const ids = scenario.techniques?.ids ?? [];
        const isStoodFor =
          !ids.includes(technique) && techniques.some(({ id }) => ids.includes(id));
        const reason = isStoodFor ? undefined : whyLeftOut(scenario, one);
        return { scenario: scenario.id, reason };
      }),
    ].flatMap(({ reason, ...what }) =>
      reason === undefined ? [] : [{ technique, ...what, reason }],
    );
  });
}

/** Why a scenario has no meaning for a technique; undefined: it has one. */
function whyLeftOut(
  { id, needs, techniques, attempts }: Scenario,
  technique: PlannedTechnique,
): string | undefined {
  if (needs !== undefined && (technique[needs.ability] ?? false) === false) return needs.otherwise;
  if (techniques?.ids.includes(technique.id) === false) return techniques.otherwise;
  // Who cannot be handed a shape of token is left out wherever there is one.
  const shapes = attempts.flatMap(({ shape }) => (shape === undefined ? [] : [`token-${shape}`]));
  return [id, ...shapes].map((one) => technique.leavesOut?.[one]).find((why) => why !== undefined);
}

/** The code of a technique that browsers meet, by file name: a change in it makes earlier results incomparable. */
function readTechnique(directory: URL): Record<string, string> {
  const files = readdirSync(directory).filter(
    (name) => /\.(?:ts|html)$/u.test(name) && !/^program(?:-.*)?\.ts$/u.test(name),
  );
  return Object.fromEntries(
    files.toSorted().map((name) => [name, readFileSync(new URL(name, directory), "utf8")]),
  );
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
