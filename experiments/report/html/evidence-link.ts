import { html, type SafeHtml } from "@remix-run/html-template";
import type { JudgedTrial } from "../../../model/results.ts";
import type { Column } from "../columns.ts";
import type { Addresses } from "./addresses.ts";

/** Text that leads to what was observed in a trial; the text alone, when there is none. */
export function evidenceLink(
  text: SafeHtml,
  column: Column,
  trial: JudgedTrial | undefined,
  addresses: Addresses,
): SafeHtml {
  return trial === undefined ? text : html`<a href="${addresses.trial(column, trial)}">${text}</a>`;
}
