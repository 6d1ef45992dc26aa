import type { Results, Run } from "../../../model/results.ts";
import { riskTables } from "../../risks/table.ts";
import type { Catalogue } from "../catalogue.ts";
import { escapeMarkdown as escape } from "../escape-markdown.ts";
import { countTrials, findingsOf } from "../findings.ts";
import { leakCard } from "../leak-card.ts";
import { leftOutLines } from "../left-out.ts";
import { measuredText, section } from "../markdown.ts";
import { matrixOf } from "../matrix.ts";
import { profileComparisons } from "../profiles.ts";
import { tokenShapeTable } from "../token-shapes.ts";
import { variantsInOrder } from "../variants.ts";
import { cellText } from "./axes.ts";
import { profileBlocks } from "./profiles.ts";
import { techniqueRiskBlocks } from "./risks.ts";
import { markdownTable } from "./table.ts";
import { tokenShapeBlocks } from "./token-shapes.ts";

/** What results show of some techniques, one after the other: placements and schemes against browsers, and every failure. */
export function renderTechniques(
  results: Results,
  catalogue: Catalogue,
  ids: readonly string[],
): string {
  const [first, ...others] = ids;
  if (first !== undefined && others.length === 0) {
    return renderTechnique(results, catalogue, first);
  }
  const titles = new Map(catalogue.techniques.map(({ id, title }) => [id, title]));
  return ids
    .map(
      (id) => `### ${escape(titles.get(id) ?? id)}\n\n${renderTechnique(results, catalogue, id)}`,
    )
    .join("\n");
}

function renderTechnique(results: Results, catalogue: Catalogue, id: string): string {
  const own = { ...results, runs: results.runs.map((run) => only(id, run)), trust: [] };
  const matrix = matrixOf(own, catalogue);
  const cells = matrix.rows.flatMap((row) => row.cells);
  if (cells.length === 0) return "Not measured yet.\n";
  const variants = variantsInOrder(
    cells.flatMap((cell) => cell.variants.map(({ variant }) => variant)),
  );
  const rows = variants.map((variant) => [
    escape(variant),
    ...cells.map((cell) =>
      cellText(cell.variants.find((one) => one.variant === variant) ?? "not tried"),
    ),
  ]);
  const { fails, inconclusive } = findingsOf(matrix);
  const blocks = [
    markdownTable(["Placement, scheme", ...cells.map(({ column }) => escape(column.label))], rows),
    "Trials passed of trials made.",
    ...leftOutLines(own, catalogue).map(({ where, reason }) =>
      escape(`Left out ${where}: ${reason}`),
    ),
    measuredText(own),
    ...section(`${countTrials(fails)} failed`, fails),
    ...section(`${countTrials(inconclusive)} inconclusive`, inconclusive),
    ...profileBlocks(profileComparisons(matrix)),
    ...techniqueRiskBlocks(riskTables(own, catalogue), leakCard(own, catalogue)),
    ...tokenShapeBlocks(tokenShapeTable(own, catalogue)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function only(id: string, run: Run): Run {
  return {
    ...run,
    trials: run.trials.filter(({ technique }) => technique === id),
    leftOut: run.leftOut.filter(({ technique }) => technique === id),
  };
}
