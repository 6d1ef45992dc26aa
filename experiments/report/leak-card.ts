import type { LeakPlace } from "../../model/observation.ts";
import type { Results } from "../../model/results.ts";
import { type LeakFinding, leakFindings, leakPlaces } from "../risks/leaks.ts";
import type { Catalogue, TechniqueEntry } from "./catalogue.ts";
import { type Column, columnsOf, nameAmong } from "./columns.ts";
import { inOrder } from "./display-order.ts";
import { listed } from "./variants.ts";

/** What browsers with the same to say leave in one place. */
export interface LeakAnswer {
  /** "Chromium and Firefox"; null: all that the row speaks of. */
  readonly browsers: string | null;
  readonly state: LeakFinding["state"];
  /** "found, raw", "clean", "not searched". */
  readonly text: string;
  /** Why nothing is known; null when something is. */
  readonly why: string | null;
  /** A line that the token was found in, shortened; null when there is none. */
  readonly excerpt: string | null;
}

/** Techniques against the places in which their tokens were looked for. */
export interface LeakCard {
  readonly places: readonly LeakPlace[];
  readonly rows: readonly {
    readonly technique: TechniqueEntry;
    /** One per place, with every different answer once. */
    readonly cells: readonly (readonly LeakAnswer[])[];
  }[];
}

/** The scorecard of leaks; null when nobody searched. */
export function leakCard(results: Results, { techniques }: Catalogue): LeakCard | null {
  const { columns } = columnsOf(results);
  const searched = columns.flatMap((column) =>
    [...Map.groupBy(column.run.trials.filter(isAboutLeaks), ({ technique }) => technique)].map(
      ([technique, trials]) => ({ column, technique, findings: leakFindings(trials) }),
    ),
  );
  const found = searched.flatMap(({ findings }) => findings.map(({ place }) => place));
  const places = leakPlaces.filter((place) => found.includes(place));
  if (places.length === 0) return null;
  const titles = new Map(techniques.map((technique) => [technique.id, technique]));
  const ids = inOrder(
    searched.map(({ technique }) => technique),
    [...titles.keys()],
  );
  return {
    places,
    rows: ids.map((id) => {
      const own = searched.filter(({ technique }) => technique === id);
      return {
        technique: titles.get(id) ?? { id, title: id },
        cells: places.map((place) => answersOf(own, place, nameAmong(columns))),
      };
    }),
  };
}

/** For each place where a token was found the first line that shows it, and in whose row. */
export function foundLines({
  places,
  rows,
}: LeakCard): { readonly place: LeakPlace; readonly technique: string; readonly line: string }[] {
  return places.flatMap((place, index) =>
    rows
      .flatMap(({ technique, cells }) =>
        (cells[index] ?? []).flatMap(({ excerpt }) =>
          excerpt === null ? [] : [{ place, technique: technique.title, line: excerpt }],
        ),
      )
      .slice(0, 1),
  );
}

function isAboutLeaks({ aspect }: { readonly aspect?: string }): boolean {
  return aspect === "leaks";
}

function answersOf(
  own: readonly { readonly column: Column; readonly findings: readonly LeakFinding[] }[],
  place: LeakPlace,
  nameOf: (column: Column) => string,
): LeakAnswer[] {
  const found = own.flatMap(({ column, findings }) =>
    findings
      .filter((finding) => finding.place === place)
      .map((finding) => ({ column, finding, text: textOf(finding) })),
  );
  const alike = [
    ...Map.groupBy(found, ({ text, finding }) => JSON.stringify([text, finding.why])).values(),
  ];
  return alike.flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const browsers =
      alike.length === 1 && some.length === own.length
        ? null
        : listed([...new Set(some.map(({ column }) => nameOf(column)))]);
    const { state, why, excerpts } = first.finding;
    return [{ browsers, state, text: first.text, why, excerpt: excerpts[0] ?? null }];
  });
}

function textOf({ state, encodings }: LeakFinding): string {
  switch (state) {
    case "found":
      return `found, ${encodings.join(" and ")}`;
    case "clean":
      return "clean";
    case "unsearched":
      return "not searched";
    case "unknown":
      return "unknown";
  }
}
