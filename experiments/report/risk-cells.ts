import { callerNames, rank } from "../risks/drafts.ts";
import type { RiskCell, Severity } from "../risks/risk.ts";
import type { RiskRow, RiskSummary } from "../risks/table.ts";
import type { FoldedColumn } from "./columns.ts";
import { inOrder } from "./display-order.ts";
import { variantsInOrder, whereFound } from "./variants.ts";

/** What a cell of the table says of one word. */
export interface RiskLine {
  readonly word: string;
  readonly severity: Severity;
  /** In which profile, about what or whom, and where: "access log, console", "another tab: cross-site"; null when there is nothing to add. */
  readonly detail: string | null;
}

/** The different words of one technique in one browser, worst first, with what other profiles of it add. */
export function riskLines(
  { column, cells }: RiskSummary,
  { folded }: Pick<RiskRow, "folded">,
): RiskLine[] {
  const own = spotsOf(cells);
  const others = folded
    .filter((one) => one.column.base === column)
    .flatMap((one) =>
      linesOf(newSpots(cells, one.cells), spotsOf(one.cells)).map((line) => ({ ...line, one })),
    )
    // That something else is fine too is worth no line.
    .filter(
      ({ cell }) => cell.severity !== "fine" || !cells.some(({ word }) => word === cell.word),
    );
  const alike = Map.groupBy(others, ({ cell, detail }) => JSON.stringify([cell.word, detail]));
  const added = [...alike.values()].flatMap((some) => {
    const [first] = some;
    if (first === undefined) return [];
    const profiles = some.map(({ one }) => one.column.foldedAs).join(", ");
    return [
      { ...first, detail: [profiles, first.detail].flatMap((part) => part ?? []).join("; ") },
    ];
  });
  return [...linesOf(own, own), ...added]
    .toSorted((a, b) => rank(a.cell) - rank(b.cell))
    .map(({ cell: { word, severity }, detail }) => ({ word, severity, detail }));
}

/** What another profile shows that the same browser with the default one does not. */
export function newCells(
  { summaries }: Pick<RiskRow, "summaries">,
  { column, cells }: RiskSummary<FoldedColumn>,
): RiskCell[] {
  const base = summaries.find((summary) => summary.column === column.base);
  return [...new Set(newSpots(base?.cells ?? [], cells).map(({ cell }) => cell))];
}

/** A word of one subject at one place. */
interface Spot {
  readonly cell: RiskCell;
  /** What or whom it is about; null when that is no question. */
  readonly subject: string | null;
  /** "same-host, wss" */
  readonly variant: string;
}

function spotsOf(cells: readonly RiskCell[]): Spot[] {
  return cells.flatMap((cell) =>
    subjectsOf(cell).flatMap((subject) =>
      cell.where.variants.map((variant) => ({ cell, subject, variant })),
    ),
  );
}

function subjectsOf({ about, where: { callers } }: RiskCell): readonly (string | null)[] {
  const names = callers.map((caller) => callerNames[caller]);
  if (names.length === 0) return [about];
  return about === null ? names : names.map((name) => `${about}: ${name}`);
}

/** What nobody could see there is no news. */
function newSpots(known: readonly RiskCell[], cells: readonly RiskCell[]): Spot[] {
  const before = new Set(spotsOf(known).map(keyOf));
  return spotsOf(cells).filter(
    (spot) => spot.cell.severity !== "unknown" && !before.has(keyOf(spot)),
  );
}

function keyOf({ cell, subject, variant }: Spot): string {
  return JSON.stringify([cell.word, subject, variant]);
}

interface Line {
  readonly cell: RiskCell;
  readonly detail: string | null;
}

/** A line for each word of `spots`; subjects and places are named where the word is not that of `all`. */
function linesOf(spots: readonly Spot[], all: readonly Spot[]): Line[] {
  const subjects = new Set(all.map(({ subject }) => subject));
  return [...Map.groupBy(spots, ({ cell }) => cell.word).values()].flatMap((some): Line[] => {
    const [first] = some;
    if (first === undefined) return [];
    const { cell } = first;
    const own = [...Map.groupBy(some, ({ subject }) => subject)];
    const places = Map.groupBy(own, ([subject, its]) => placeOf(its, all, subject));
    const isOfAll =
      own.length === subjects.size && places.size === 1 && (own.length > 1 || cell.about === null);
    const parts = [...places].flatMap(([place, its]) => {
      const names = isOfAll ? "" : namesText(its.flatMap(([subject]) => subject ?? []));
      const part = [...(names === "" ? [] : [names]), ...(place === null ? [] : [place])];
      return part.length === 0 ? [] : [part.join(": ")];
    });
    return [{ cell, detail: parts.length === 0 ? null : parts.join("; ") }];
  });
}

/** Null: wherever this was looked for, but for where there was nothing to look at, which has a line of its own. */
function placeOf(
  its: readonly Spot[],
  all: readonly Spot[],
  subject: string | null,
): string | null {
  const variants = variantsInOrder(its.map(({ variant }) => variant));
  const same = all.filter((spot) => spot.subject === subject);
  const moot = same.flatMap(({ cell, variant }) => (cell.moot === true ? [variant] : []));
  const of = variantsInOrder(same.flatMap(({ cell }) => cell.where.of)).filter(
    (variant) => variants.includes(variant) || !moot.includes(variant),
  );
  if (variants.length === of.length) return null;
  const others = of.filter((variant) => !variants.includes(variant));
  return others.length < variants.length
    ? `not ${whereFound(others, of, isIncomplete)}`
    : whereFound(variants, of, isIncomplete);
}

/** In a table "only" is understood. */
const isIncomplete = { isComplete: false };

const workers: readonly string[] = [
  callerNames["dedicated-worker"],
  callerNames["shared-worker"],
  callerNames["service-worker"],
];

/** Callers in their order, whatever was tried first; short where that is clear. */
function namesText(subjects: readonly string[]): string {
  const ordered = inOrder(subjects, Object.values(callerNames));
  const names = workers.every((worker) => ordered.includes(worker))
    ? [...ordered.filter((name) => !workers.includes(name)), "workers"]
    : ordered;
  return names.join(names.some((name) => name.includes(", ")) ? "; " : ", ");
}
