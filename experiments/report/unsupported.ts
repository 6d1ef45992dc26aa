import { titleList, type TechniqueEntry } from "./catalogue.ts";
import type { Repetitions } from "./repetitions.ts";
import { whereFound } from "./variants.ts";

/** Placements and schemes at which a browser supports no trial of some techniques, for one reason. */
export interface Unsupported {
  readonly techniques: readonly TechniqueEntry[];
  /** Whether these are all techniques that were tried. */
  readonly isAll: boolean;
  /** "same-site and cross-site" */
  readonly where: string;
  readonly reason: string;
  /** What is said by this, and how many trials that is. */
  readonly repetitions: readonly Repetitions[];
  readonly trials: number;
}

/** Says once what a browser cannot be given, instead of saying it of each scenario and technique. */
export function unsupportedOf(
  tried: readonly {
    readonly technique: TechniqueEntry;
    readonly groups: readonly Repetitions[];
  }[],
): Unsupported[] {
  const found = tried.flatMap(({ technique, groups }) => {
    const byVariant = [...Map.groupBy(groups, ({ variant }) => variant)];
    const all = byVariant.map(([variant]) => variant);
    const lacking = byVariant.flatMap(([variant, own]) => {
      const reason = onlyReason(own);
      return reason === null ? [] : [{ variant, own, reason }];
    });
    return [...Map.groupBy(lacking, ({ reason }) => reason)].map(([reason, some]) => {
      const variants = some.map(({ variant }) => variant);
      return {
        technique,
        reason,
        where: whereFound(variants, all, { isComplete: false }),
        repetitions: some.flatMap(({ own }) => own),
      };
    });
  });
  const alike = Map.groupBy(found, ({ where, reason }) => JSON.stringify([where, reason]));
  return [...alike.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const repetitions = some.flatMap((one) => one.repetitions);
    return [
      {
        techniques: some.map(({ technique }) => technique),
        isAll: some.length === tried.length,
        where: first.where,
        reason: first.reason,
        repetitions,
        trials: repetitions.flatMap(({ trials }) => trials).length,
      },
    ];
  });
}

/** "all techniques", or their titles. */
export function techniquesText({ techniques, isAll }: Unsupported): string {
  return isAll && techniques.length > 1
    ? "all techniques"
    : titleList(techniques.map(({ title }) => title));
}

function onlyReason(groups: readonly Repetitions[]): string | null {
  const verdicts = groups.flatMap(({ trials }) => trials.map(({ verdict }) => verdict));
  const [first] = verdicts;
  if (first?.outcome !== "unsupported") return null;
  const isSame = verdicts.every(
    ({ outcome, reason }) => outcome === "unsupported" && reason === first.reason,
  );
  return isSame ? first.reason : null;
}
