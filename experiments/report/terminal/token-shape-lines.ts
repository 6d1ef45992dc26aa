import { titleList } from "../catalogue.ts";
import {
  fitText,
  pointlessTexts,
  type TokenAnswer,
  type TokenShapeRow,
  type TokenShapeTable,
  tokenShapesLegend,
} from "../token-shapes.ts";
import { listed } from "../variants.ts";
import { visible } from "../visible.ts";
import type { Screen } from "./screen.ts";

/** Every technique with the tokens that do not fit: most do, and the table is too wide for a screen. */
export function tokenShapeLines(table: TokenShapeTable, screen: Screen): string[] {
  const lines = table.rows.map((row) => ({ row, misfits: misfitsOf(row, table) }));
  const fitting = lines.filter(({ misfits }) => misfits.length === 0);
  const titles = fitting.map(({ row }) => row.technique.title);
  return [
    "",
    ...screen.indented(tokenShapesLegend, 0).map((line) => screen.paint("dim", line)),
    "",
    ...(titles.length === 0
      ? []
      : screen.indented(visible(`Every shape that was tried fits: ${titleList(titles)}`), 0)),
    ...lines.flatMap(({ row, misfits }) =>
      misfits.length === 0
        ? []
        : [
            ...screen.indented(visible(row.technique.title), 0),
            ...misfits.flatMap((text) =>
              screen.indented(visible(text), 2).map((line) => screen.paint("cyan", line)),
            ),
          ],
    ),
    ...pointlessTexts(table).flatMap((text) => screen.indented(visible(text), 0)),
  ];
}

/** Shapes with the same to say are one: "4k, 8k and 16k: Firefox: browser: left the token out". */
function misfitsOf({ cells }: TokenShapeRow, { shapes }: TokenShapeTable): string[] {
  const found = cells.flatMap((answers, index) => {
    const said = answers.filter(({ fit, observed }) => fit.state !== "fits" && observed.length > 0);
    return said.length === 0 ? [] : [{ shape: shapes[index] ?? "", text: cellText(answers) }];
  });
  return [...Map.groupBy(found, ({ text }) => text)].map(
    ([text, some]) => `${listed(some.map(({ shape }) => shape))}: ${text}`,
  );
}

function cellText(answers: readonly TokenAnswer[]): string {
  return answers
    .map(({ browsers, fit }) => `${browsers === null ? "" : `${browsers}: `}${fitText(fit)}`)
    .join("; ");
}
