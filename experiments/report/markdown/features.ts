import type { FeatureRow, FeatureTable } from "../feature-table.ts";
import { escapeMarkdown as escape } from "../escape-markdown.ts";
import { markdownTable } from "./table.ts";

/** What might replace all this, against browsers, and what each would mean. */
export function featureBlocks(table: FeatureTable | null): string[] {
  if (table === null) return [];
  const { browsers, rows } = table;
  const explained = rows.flatMap(({ entry }) => entry ?? []);
  return [
    "### Neighbours: what might replace this",
    markdownTable(
      ["Feature", ...browsers.map(({ name, version }) => headingText(name, version))],
      rows.map((row) => [titleText(row), ...row.cells.map(({ answer }) => answer)]),
    ),
    ...(explained.length === 0
      ? []
      : [
          explained
            .map(({ title, meaning }) => `- **${escape(title)}**: ${escape(meaning)}`)
            .join("\n"),
        ]),
  ];
}

function headingText(name: string, version: string | null): string {
  return [name, ...(version === null ? [] : [version])].map(escape).join("<br>");
}

function titleText({ id, entry }: FeatureRow): string {
  return entry === null ? escape(id) : `[${escape(entry.title)}](${entry.specification})`;
}
