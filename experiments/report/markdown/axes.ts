import { type AxisCell, type AxisTable, axisText } from "../axes.ts";
import { escapeMarkdown as escape } from "../escape-markdown.ts";
import { markdownTable } from "./table.ts";

/** How each technique fared at every placement over every scheme, folded. */
export function axesBlocks(tables: readonly AxisTable[]): string[] {
  if (tables.length === 0) return [];
  return [
    "<details>\n<summary>By placement and scheme</summary>",
    ...tables.flatMap((table) => [`**${escape(table.column.label)}**`, axisTable(table)]),
    "</details>",
  ];
}

function axisTable({ headings, rows }: AxisTable): string {
  return markdownTable(
    ["Technique", ...headings.map(escape)],
    rows.flatMap(({ technique, lines }) =>
      lines.map(({ scheme, cells }) => {
        const title = scheme === null ? technique.title : `${technique.title}, ${scheme}`;
        return [escape(title), ...cells.map(cellText)];
      }),
    ),
  );
}

/** "works 7/7", "**broken** 1/7" */
export function cellText(cell: AxisCell): string {
  const text = axisText(cell);
  const isPlain = typeof cell === "string" || !cell.isSupported || cell.summary.word === "works";
  return isPlain ? text : text.replace(/^\w+/, "**$&**");
}
