import stringWidth from "string-width";
import { type AxisCell, type AxisTable, axisText } from "../axes.ts";
import { type TextCell, textTable } from "../text-table.ts";
import { visible } from "../visible.ts";
import type { Screen } from "./screen.ts";
import { wordStyle } from "./word-style.ts";

/** How each technique fared at every placement over every scheme, a table for each browser. */
export function axisLines(tables: readonly AxisTable[], screen: Screen): string[] {
  return tables.flatMap((table) => [
    "",
    screen.paint("bold", visible(table.column.label)),
    ...tableLines(table, screen),
  ]);
}

function tableLines({ headings, rows }: AxisTable, screen: Screen): string[] {
  const titles = rows.map(({ technique }) => visible(technique.title));
  const width = Math.max(0, ...titles.map((title) => stringWidth(title)));
  const labels = rows.flatMap(({ lines }, row) =>
    lines.map(({ scheme }, line) => {
      const title = line === 0 ? (titles[row] ?? "") : "";
      const gap = " ".repeat(width - stringWidth(title) + 1);
      return screen.cell("bold", scheme === null ? title : `${title}${gap}${scheme}`);
    }),
  );
  const all = rows.flatMap(({ lines }) => lines);
  const columns = headings.map((heading, index) => ({
    heading: [screen.cell("dim", heading)],
    cells: all.flatMap(({ cells }) => {
      const cell = cells[index];
      return cell === undefined ? [] : [cellOf(cell, screen)];
    }),
  }));
  return textTable({ heading: [], cells: labels }, columns, screen.columns);
}

function cellOf(cell: AxisCell, screen: Screen): TextCell {
  return screen.cell(typeof cell === "string" ? "dim" : wordStyle(cell.summary), axisText(cell));
}
