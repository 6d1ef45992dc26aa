import { html, type SafeHtml } from "@remix-run/html-template";

/** A sentence of ours; what is between backticks is code. */
export function prose(text: string): SafeHtml {
  const parts = text.split("`");
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
