import { html, type SafeHtml } from "@remix-run/html-template";

/** A whole document around `body`. `style` is a `<style>` or a `<link>`. */
export function page(parts: {
  readonly title: string;
  readonly style: SafeHtml;
  readonly body: SafeHtml;
}): string {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${parts.title}</title>
        ${parts.style}
      </head>
      <body class="report">
        ${parts.body}
      </body>
    </html> `;
  return `${String(document).replace(/^\s+/gm, "").trimEnd()}\n`;
}
