import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Placement, Scheme, Trial } from "../model/trial.ts";
import type { Scenario } from "./scenarios/scenario.ts";

/** What is to be tried. Each list is in the order in which it is tried and shown. */
export interface Selection {
  /** Technique ids. */
  readonly techniques: readonly string[];
  /** The folder that holds a folder for each technique. */
  readonly techniquesDirectory: URL;
  readonly scenarios: readonly Scenario[];
  readonly placements: readonly Placement[];
  readonly schemes: readonly Scheme[];
  /** How often each trial is made. */
  readonly repeat: number;
}

export const placements: readonly Placement[] = ["same-origin", "same-host"];
export const schemes: readonly Scheme[] = ["ws", "wss"];

/** Every trial of the selection, technique by technique. */
export function plan(selection: Selection): Trial[] {
  const trials = selection.techniques.flatMap((technique) => {
    const code = readTechnique(new URL(`${technique}/`, selection.techniquesDirectory));
    return selection.scenarios.flatMap(({ id: scenario, attempts }) =>
      selection.placements.flatMap((placement) =>
        selection.schemes.map((scheme): Trial => {
          const tried = { technique, scenario, placement, scheme, attempts };
          return { ...tried, definition: hash({ ...tried, code }) };
        }),
      ),
    );
  });
  return Array.from({ length: selection.repeat }, () => trials).flat();
}

/** The code of a technique, by file name: a change in it makes earlier results incomparable. */
function readTechnique(directory: URL): Record<string, string> {
  const files = readdirSync(directory).filter((name) => /\.(?:ts|html)$/u.test(name));
  return Object.fromEntries(
    files.toSorted().map((name) => [name, readFileSync(new URL(name, directory), "utf8")]),
  );
}

function hash(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
