import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { LeftOut } from "../model/results.ts";
import type { Placement, Scheme, Trial } from "../model/trial.ts";
import { folderOf } from "../techniques/folder.ts";
import type { Technique } from "../techniques/technique.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** What is to be tried. Each list is in the order in which it is tried and shown. */
export interface Selection {
  readonly techniques: readonly Pick<Technique, "id" | "folder" | "leavesOut">[];
  /** The folder that holds a folder for each technique. */
  readonly techniquesDirectory: URL;
  readonly scenarios: readonly Scenario[];
  readonly placements: readonly Placement[];
  readonly schemes: readonly Scheme[];
  /** How often each trial is made. */
  readonly repeat: number;
}

/** Every trial of the selection, technique by technique, but for placements that a technique leaves out. */
export function plan(selection: Selection): Trial[] {
  const trials = selection.techniques.flatMap((one) => {
    const { id: technique, leavesOut = {} } = one;
    const code = readTechnique(folderOf(one, selection.techniquesDirectory));
    const sensible = selection.placements.filter((placement) => leavesOut[placement] === undefined);
    return selection.scenarios.flatMap(({ id: scenario, attempts }) =>
      sensible.flatMap((placement) =>
        selection.schemes.map((scheme): Trial => {
          const tried = { technique, scenario, placement, scheme, attempts };
          return { ...tried, definition: hash({ ...tried, code }) };
        }),
      ),
    );
  });
  return Array.from({ length: selection.repeat }, () => trials).flat();
}

/** What `plan` leaves out of the selection, and why. */
export function leftOut({ techniques, placements: chosen }: Selection): LeftOut[] {
  return techniques.flatMap(({ id: technique, leavesOut = {} }) =>
    chosen.flatMap((placement) => {
      const reason = leavesOut[placement];
      return reason === undefined ? [] : [{ technique, placement, reason }];
    }),
  );
}

/** The code of a technique that browsers meet, by file name: a change in it makes earlier results incomparable. */
function readTechnique(directory: URL): Record<string, string> {
  const files = readdirSync(directory).filter(
    (name) => /\.(?:ts|html)$/u.test(name) && name !== "program.ts",
  );
  return Object.fromEntries(
    files.toSorted().map((name) => [name, readFileSync(new URL(name, directory), "utf8")]),
  );
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
