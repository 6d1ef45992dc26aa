import { comparisonText, differenceText, type ProfileComparison } from "../profiles.ts";
import { visible } from "../visible.ts";
import type { Screen } from "./screen.ts";

/** Where browsers with other profiles differ from themselves with the default one. */
export function profileLines(comparisons: readonly ProfileComparison[], screen: Screen): string[] {
  const browsers = Map.groupBy(comparisons, ({ column }) => column.base);
  return [...browsers].flatMap(([base, own]) => [
    "",
    screen.paint("bold", visible(base.label)),
    ...own.flatMap((comparison) => [
      ...screen.indented(
        visible(`${comparison.column.foldedAs}: ${comparisonText(comparison)}`),
        2,
      ),
      ...comparison.techniques.flatMap(({ technique, differences }) => [
        ...screen.indented(visible(technique.title), 4),
        ...differences.flatMap((difference) => [
          ...screen
            .indented(visible(differenceText(difference)), 6)
            .map((line) => screen.paint("cyan", line)),
          ...screen.indented(visible(difference.reason), 8),
        ]),
      ]),
    ]),
  ]);
}
