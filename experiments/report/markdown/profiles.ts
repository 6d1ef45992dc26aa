import { escapeMarkdown as escape } from "../escape-markdown.ts";
import {
  comparisonText,
  differenceText,
  type ProfileComparison,
  type ProfileDifference,
} from "../profiles.ts";

/** Where browsers with other profiles differ from themselves with the default one. */
export function profileBlocks(comparisons: readonly ProfileComparison[]): string[] {
  if (comparisons.length === 0) return [];
  const browsers = Map.groupBy(comparisons, ({ column }) => column.base);
  return [
    "### Other profiles",
    ...[...browsers].flatMap(([base, own]) => [
      `#### ${escape(base.label)}`,
      own.flatMap(profileItems).join("\n"),
    ]),
  ];
}

function profileItems(comparison: ProfileComparison): string[] {
  const { column, techniques } = comparison;
  return [
    `- **${escape(column.foldedAs)}**: ${escape(comparisonText(comparison))}`,
    ...techniques.flatMap(({ technique, differences }) => [
      `  - ${escape(technique.title)}`,
      ...differences.map(differenceItem),
    ]),
  ];
}

function differenceItem(difference: ProfileDifference): string {
  return `    - ${escape(differenceText(difference))}: ${escape(difference.reason)}`;
}
