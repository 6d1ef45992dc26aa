/** A technique as reports name it. */
export interface TechniqueEntry {
  readonly id: string;
  readonly title: string;
  /** Whether there is always a proxy between browser and servers. */
  readonly isProxied?: boolean;
}

/** A scenario as reports name it. */
export interface ScenarioEntry {
  readonly id: string;
  readonly question: string;
}

/** A condition of trust as reports name it. */
export interface ConditionEntry {
  readonly id: string;
  readonly question: string;
}

/** What can be tried, in display order. Whatever a run holds beyond it comes last, under its id. */
export interface Catalogue {
  readonly techniques: readonly TechniqueEntry[];
  readonly scenarios: readonly ScenarioEntry[];
  readonly conditions: readonly ConditionEntry[];
}

/** Titles in a row: they have commas of their own. */
export function titleList(titles: readonly string[]): string {
  return titles.join(" · ");
}
