import type { CertificateTable } from "../certificates.ts";
import { escapeMarkdown as escape } from "../escape-markdown.ts";
import { markdownTable } from "./table.ts";

/** Conditions of trust against browsers. */
export function certificateBlocks(table: CertificateTable | null): string[] {
  if (table === null) return [];
  return [
    "### Certificates",
    markdownTable(
      ["Condition", ...table.browsers.map(escape)],
      table.rows.map(({ condition, cells }) => [
        escape(condition.question),
        ...cells.map((own) => own.map(({ text }) => escape(text)).join("<br>") || "not tried"),
      ]),
    ),
  ];
}
