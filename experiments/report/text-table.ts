import stringWidth from "string-width";

/** Text in a table, and how to dress it up once its width is known. */
export interface TextCell {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/** A column of a table: its heading in lines, and its cells from top to bottom. */
export interface TextColumn {
  readonly heading: readonly TextCell[];
  readonly cells: readonly TextCell[];
}

const gap = "  ";

/**
 * Lays columns out in aligned lines. When they are wider than `columns`, the table goes on below,
 * and `first` is repeated at its left.
 */
export function textTable(
  first: TextColumn,
  others: readonly TextColumn[],
  columns: number,
): string[] {
  const blocks: TextColumn[][] = [];
  for (const column of others) {
    const block = blocks.at(-1);
    if (block !== undefined && totalWidth([first, ...block, column]) <= columns) block.push(column);
    else blocks.push([column]);
  }
  return blocks.flatMap((block, index) => [
    ...(index === 0 ? [] : [""]),
    ...draw([first, ...block]),
  ]);
}

function draw(columns: readonly TextColumn[]): string[] {
  const headingHeight = Math.max(0, ...columns.map(({ heading }) => heading.length));
  const full = columns.map((column) => ({
    width: widthOf(column),
    cells: [
      ...Array.from({ length: headingHeight - column.heading.length }, () => undefined),
      ...column.heading,
      ...column.cells,
    ],
  }));
  const height = Math.max(0, ...full.map(({ cells }) => cells.length));
  return Array.from({ length: height }, (_, line) =>
    full
      .map(({ width, cells }) => pad(cells[line], width))
      .join(gap)
      .trimEnd(),
  );
}

function pad(cell: TextCell | undefined, width: number): string {
  if (cell === undefined) return " ".repeat(width);
  return cell.paint(cell.text) + " ".repeat(width - stringWidth(cell.text));
}

function widthOf({ heading, cells }: TextColumn): number {
  return Math.max(0, ...[...heading, ...cells].map(({ text }) => stringWidth(text)));
}

function totalWidth(columns: readonly TextColumn[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column), gap.length * (columns.length - 1));
}
