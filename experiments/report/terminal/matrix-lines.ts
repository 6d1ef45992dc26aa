import type { Cell, Matrix } from "../matrix.ts";
import { type TextCell, type TextColumn, textTable } from "../text-table.ts";
import { visible } from "../visible.ts";
import { wrap } from "../wrap.ts";
import type { Screen } from "./screen.ts";
import { wordStyle } from "./word-style.ts";

/** Narrow enough for three browsers beside the techniques in 80 columns. */
const noteWidth = 16;

/** The matrix as a table; below a cell, where its technique is broken. */
export function matrixLines({ columns, rows }: Matrix, screen: Screen): string[] {
  const blocks = rows.map(({ technique, cells }) => {
    const own = cells.map((cell) => cellLines(cell, screen));
    const height = Math.max(1, ...own.map(({ length }) => length));
    const fill = (lines: readonly TextCell[]): TextCell[] =>
      Array.from({ length: height }, (_, line) => lines[line] ?? screen.cell("reset", ""));
    return {
      title: fill([screen.cell("bold", visible(technique.title))]),
      cells: own.map(fill),
    };
  });
  const first: TextColumn = { heading: [], cells: blocks.flatMap(({ title }) => title) };
  const others = columns.map(({ name, version, note }, index): TextColumn => ({
    heading: [
      ...visible(name)
        .split(" ")
        .map((line) => screen.cell("bold", line)),
      ...(version === null ? [] : [screen.cell("dim", visible(version))]),
      ...(note === null
        ? []
        : wrap(visible(note), noteWidth).map((line) => screen.cell("dim", line))),
    ],
    cells: blocks.flatMap(({ cells }) => cells[index] ?? []),
  }));
  return textTable(first, others, screen.columns);
}

function cellLines({ summary, brokenWhere }: Cell, screen: Screen): TextCell[] {
  const { word, passed, total } = summary;
  const style = wordStyle(summary);
  if (total === 0) return [screen.cell(style, "not tried")];
  const note = brokenWhere === null ? [] : wrap(`broken ${brokenWhere}`, noteWidth);
  return [`${word} ${passed}/${total}`, ...note].map((line) => screen.cell(style, line));
}
