import { html, type SafeHtml } from "@remix-run/html-template";
import type { LeftOutLine } from "../left-out.ts";
import { safeText, sentence } from "./safe-text.ts";

/** What was not tried, and why. */
export function leftOutList(lines: readonly LeftOutLine[]): SafeHtml[] {
  return lines.map(
    ({ techniques, where, reason }) => html`
      <p class="muted">Left out: ${safeText(techniques)} ${safeText(where)}: ${sentence(reason)}</p>
    `,
  );
}
