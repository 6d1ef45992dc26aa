import { html, type SafeHtml } from "@remix-run/html-template";

/** How deep in a page a part is put. */
export type HeadingLevel = 3 | 4 | 5;

/** A heading of that level. */
export function heading(level: HeadingLevel, text: string): SafeHtml {
  switch (level) {
    case 3:
      return html`<h3>${text}</h3>`;
    case 4:
      return html`<h4>${text}</h4>`;
    case 5:
      return html`<h5>${text}</h5>`;
  }
}
