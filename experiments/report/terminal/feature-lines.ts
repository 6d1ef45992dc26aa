import type { FeatureCell, FeatureTable } from "../feature-table.ts";
import { textTable } from "../text-table.ts";
import { visible } from "../visible.ts";
import type { Screen, Style } from "./screen.ts";

const styles: Readonly<Record<FeatureCell["answer"], Style>> = {
  yes: "green",
  no: "dim",
  unknown: "yellow",
};

/** What might replace all this, as a table of features against browsers. */
export function featureLines({ browsers, rows }: FeatureTable, screen: Screen): string[] {
  return [
    "",
    ...textTable(
      {
        heading: [],
        cells: rows.map(({ id, entry }) => screen.cell("bold", visible(entry?.title ?? id))),
      },
      browsers.map(({ name, version }, index) => ({
        heading: [
          ...visible(name)
            .split(" ")
            .map((line) => screen.cell("bold", line)),
          ...(version === null ? [] : [screen.cell("dim", visible(version))]),
        ],
        cells: rows.flatMap(({ cells }) => {
          const cell = cells[index];
          return cell === undefined ? [] : [screen.cell(styles[cell.answer], cell.answer)];
        }),
      })),
      screen.columns,
    ),
  ];
}
