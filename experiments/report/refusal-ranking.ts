import { visibleFailure } from "../risks/visible-failure.ts";
import { rank } from "../risks/drafts.ts";
import type { Risk, RiskCell } from "../risks/risk.ts";
import type { RiskTable } from "../risks/table.ts";
import { titleList } from "./catalogue.ts";

/** Techniques whose refusals are as useful as each other, and what a page sees of them. */
export interface RefusalRank {
  /** Their titles. */
  readonly techniques: string;
  /** "says why" */
  readonly word: string;
  /** What pages see of an expired token, each different view once. */
  readonly saw: readonly string[];
}

/** Which techniques give the most useful refusal, the best first, by their worst browser. */
export function refusalRanking({ risk, rows }: RiskTable): RefusalRank[] {
  const place = placesOf(risk);
  const judged = rows.flatMap(({ technique, summaries }) => {
    const cells = summaries.flatMap((summary) => summary.cells);
    const worst = cells.toSorted((a, b) => rank(a) - rank(b) || place(a) - place(b))[0];
    if (worst === undefined || worst.severity === "unknown") return [];
    const known = cells.filter(({ severity }) => severity !== "unknown");
    return [{ technique, worst, saw: [...new Set(known.flatMap(refusalSeen))] }];
  });
  const alike = Map.groupBy(judged, ({ worst, saw }) => JSON.stringify([worst.word, saw]));
  return [...alike.values()]
    .flatMap((some) => {
      const [first] = some;
      if (first === undefined) return [];
      const techniques = titleList(some.map(({ technique }) => technique.title));
      return [{ techniques, word: first.worst.word, saw: first.saw }];
    })
    .toSorted((a, b) => place(b) - place(a));
}

function placesOf({ outcomes }: Risk): (outcome: { readonly word: string }) => number {
  return ({ word }) => outcomes.findIndex((one) => one.word === word);
}

function refusalSeen({ evidence }: RiskCell): string[] {
  return evidence.flatMap(({ trial, attempt }) => {
    const seen = attempt === null ? undefined : trial.attempts[attempt];
    return seen?.present === "expired" ? [visibleFailure(seen).saw] : [];
  });
}
