import type { Column } from "./columns.ts";
import type { TechniqueEntry } from "./catalogue.ts";
import type { Matrix, VariantSummary } from "./matrix.ts";
import { axesOf, variantsInOrder } from "./variants.ts";

/** How a technique fared at one placement over one scheme; the words say why there is no summary. */
export type AxisCell = VariantSummary | "not tried" | "left out";

/** One browser's techniques against placements and schemes. */
export interface AxisTable {
  readonly column: Column;
  /** What the columns are: placements, or schemes when there is one placement only. */
  readonly headings: readonly string[];
  readonly rows: readonly {
    readonly technique: TechniqueEntry;
    /** One per scheme; a single one with a null scheme when only one axis varies. */
    readonly lines: readonly {
      readonly scheme: string | null;
      /** One per heading. */
      readonly cells: readonly AxisCell[];
    }[];
  }[];
}

/** A table for each browser that was given more than one placement or scheme, with the techniques that it tried. */
export function axisTables({ columns, rows }: Matrix): AxisTable[] {
  return columns.flatMap((column, index) => {
    const tried = rows.flatMap(({ technique, cells }) => {
      const variants = cells[index]?.variants ?? [];
      return variants.length === 0 ? [] : [{ technique, variants }];
    });
    const names = tried.flatMap(({ variants }) => variants.map(({ variant }) => variant));
    const all = variantsInOrder(names).map(axesOf);
    if (all.length < 2) return [];
    const placements = [...new Set(all.map(({ placement }) => placement))];
    const schemes = [...new Set(all.map(({ scheme }) => scheme))];
    const lines = linesOf(placements, schemes);
    const tableRows = tried.map(({ technique, variants }) => {
      const cell = (variant: string): AxisCell =>
        variants.find((one) => one.variant === variant) ?? whyNot(column, technique, variant);
      return {
        technique,
        lines: lines.map(({ scheme, variants: line }) => ({ scheme, cells: line.map(cell) })),
      };
    });
    return [{ column, headings: placements.length > 1 ? placements : schemes, rows: tableRows }];
  });
}

/** "works 7/7" */
export function axisText(cell: AxisCell): string {
  if (typeof cell === "string") return cell;
  if (!cell.isSupported) return "unsupported";
  const { word, passed, total } = cell.summary;
  return `${word} ${passed}/${total}`;
}

function linesOf(
  placements: readonly string[],
  schemes: readonly string[],
): { scheme: string | null; variants: string[] }[] {
  const at = (scheme: string): string[] => placements.map((placement) => `${placement}, ${scheme}`);
  if (placements.length > 1 && schemes.length > 1) {
    return schemes.map((scheme) => ({ scheme, variants: at(scheme) }));
  }
  return [{ scheme: null, variants: schemes.flatMap(at) }];
}

function whyNot(
  { run }: Column,
  { id }: TechniqueEntry,
  variant: string,
): Extract<AxisCell, string> {
  const { placement, scheme } = axesOf(variant);
  const isLeftOut = run.leftOut.some(
    (one) =>
      one.technique === id &&
      (("placement" in one && one.placement === placement) ||
        ("scheme" in one && one.scheme === scheme)),
  );
  return isLeftOut ? "left out" : "not tried";
}
