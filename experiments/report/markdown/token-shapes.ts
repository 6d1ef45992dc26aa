import { escapeMarkdown as escape } from "../escape-markdown.ts";
import {
  fitText,
  pointlessTexts,
  type TokenAnswer,
  type TokenShapeTable,
  tokenShapesLegend,
} from "../token-shapes.ts";
import { markdownTable } from "./table.ts";

/** Techniques against shapes of tokens, and who refused those that do not fit. */
export function tokenShapeBlocks(table: TokenShapeTable | null): string[] {
  if (table === null) return [];
  return [
    "### Which token fits",
    markdownTable(
      ["Technique", ...table.shapes],
      table.rows.map(({ technique, cells }) => [escape(technique.title), ...cells.map(cellText)]),
    ),
    tokenShapesLegend,
    ...pointlessTexts(table).map(escape),
  ];
}

function cellText(answers: readonly TokenAnswer[]): string {
  return answers.map(answerText).join("<br>");
}

function answerText({ browsers, fit }: TokenAnswer): string {
  const text = escape(fitText(fit));
  const shown = fit.state === "refused" ? text.replace(/^[^:]+/u, "**$&**") : text;
  return browsers === null ? shown : `${escape(browsers)}: ${shown}`;
}
