import { html, type SafeHtml } from "@remix-run/html-template";
import type { LeftOutLine } from "../left-out.ts";
import { safeText, sentence } from "./safe-text.ts";

/** What was not tried, and why. */
export function leftOutList(lines: readonly LeftOutLine[]): SafeHtml[] {
  return lines.map(
    ({ technique, where, reason }) => html`
      <p class="muted">Left out: ${safeText(technique)} at ${where}: ${sentence(reason)}</p>
    `,
  );
}
