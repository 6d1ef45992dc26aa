import { axesOf } from "../report/variants.ts";
import type { RiskId } from "../risks/risk.ts";
import type { Constraints } from "./constraints.ts";
import type { BrowserFacts, ChooserCell } from "./table.ts";

/** A cell that says something about the place asked for; `measuredAt` is null when it was measured right there. */
export interface RelevantCell {
  readonly cell: ChooserCell;
  readonly measuredAt: string | null;
}

/** Placement and scheme that are asked for, as trials name them: "same-host, wss". */
export function variantAsked({ placement, scheme }: Constraints): string {
  return `${placement}, ${scheme}`;
}

/**
 * What is known of a risk at the place asked for. What was looked for there counts there only; next
 * comes the same placement over the other scheme; and what does not depend on the place counts anywhere.
 */
export function relevantCells(
  { cells }: BrowserFacts,
  risk: RiskId,
  constraints: Constraints,
): RelevantCell[] {
  const asked = variantAsked(constraints);
  return cells.flatMap((cell): RelevantCell[] => {
    if (cell.risk !== risk) return [];
    const isOfOtherTokens =
      cell.shapes.length > 0 && !cell.shapes.some((shape) => constraints.shapes.includes(shape));
    if (isOfOtherTokens) return [];
    const { variants, of } = cell.where;
    const near = of.includes(asked)
      ? asked
      : (of.find((variant) => axesOf(variant).placement === constraints.placement) ??
        (cell.isPlaceless ? variants[0] : undefined));
    if (near === undefined || !variants.includes(near)) return [];
    return [{ cell, measuredAt: near === asked ? null : near }];
  });
}
