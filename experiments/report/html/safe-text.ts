import { html, type SafeHtml } from "@remix-run/html-template";
import { visible } from "../visible.ts";

/** Text from anywhere, shown as itself: escaped, and unable to change the direction of its surroundings. */
export function safeText(text: string): SafeHtml {
  return html`<bdi>${visible(text)}</bdi>`;
}

/** A sentence of ours with somebody else's words in it; serials are set apart. */
export function sentence(text: string): SafeHtml {
  const parts = visible(text).split(/(#\d+\b)/);
  return html`<bdi
    >${parts.map((part, index) => (index % 2 === 1 ? html`<b class="serial">${part}</b>` : part))}</bdi
  >`;
}
