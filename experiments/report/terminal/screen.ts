import { styleText } from "node:util";
import type { TextCell } from "../text-table.ts";
import { wrap } from "../wrap.ts";

/** What `styleText` takes: "bold", `["bold", "red"]`. */
export type Style = Parameters<typeof styleText>[0];

/** How to write on one terminal. */
export interface Screen {
  /** How wide it is, in characters. */
  readonly columns: number;
  paint(style: Style, text: string): string;
  cell(style: Style, text: string): TextCell;
  /** Breaks a paragraph into lines that begin `indent` characters from the left. */
  indented(text: string, indent: number): string[];
}

/** A screen of that width, with colour or without. */
export function screenOf(columns: number, colour: boolean): Screen {
  const paint = (style: Style, text: string): string =>
    colour ? styleText(style, text, { validateStream: false }) : text;
  return {
    columns,
    paint,
    cell: (style, text) => ({ text, paint: (painted) => paint(style, painted) }),
    indented: (text, indent) =>
      wrap(text, Math.max(columns - indent, 20)).map((line) => " ".repeat(indent) + line),
  };
}
