import { readdir, readFile } from "node:fs/promises";
import { html, type SafeHtml } from "@remix-run/html-template";
import markdownIt from "markdown-it";
import type { Technique } from "../techniques/technique.ts";

interface ShownFile {
  readonly name: string;
  readonly role: string;
}

/** The files of a technique that its page shows, in this order, with what each is for. */
function shownFiles({
  browser = "browser.ts",
  program = "program.ts",
}: Technique): readonly ShownFile[] {
  return [
    { name: "server.ts", role: "The server's half: where the credential is read." },
    { name: browser, role: "The browser's half: how the page presents it." },
    { name: program, role: "How a program, which can set headers, presents it (Node, ws)." },
    { name: "frame.html", role: "The frame, loaded from the WebSocket server's own origin." },
    { name: "frame.ts", role: "The script inside the frame." },
  ];
}

/**
 * The HTML of `/techniques/<id>`: what the technique is, in the words of its README.md, and the
 * very sources that run. `directory` is the technique's folder and ends with a slash.
 */
export async function techniquePage(technique: Technique, directory: URL): Promise<string> {
  const present = new Set(await readdir(directory));
  const readme = await readFile(new URL("README.md", directory), "utf8");
  const sources = await Promise.all(
    shownFiles(technique)
      .filter(({ name }) => present.has(name))
      .map(async ({ name, role }) =>
        sourceSection(name, role, await readFile(new URL(name, directory), "utf8")),
      ),
  );
  const judged =
    technique.stage === "handshake" ? "Judged during the handshake" : "Judged by the first message";
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${technique.title} · WebSocket Auth Lab</title>
        <link rel="icon" href="/assets/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/style.css" />
        <script type="module" src="/assets/technique-list.ts"></script>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the text</a>
        <header class="site">
          <a class="brand" href="/">
            <img src="/assets/favicon.svg" alt="" width="28" height="28" />
            WebSocket Auth Lab
          </a>
        </header>
        <main id="content" class="technique">
          <h1>${technique.title}</h1>
          <p class="facts">
            <span>${judged}</span>
            <span>Found in: ${technique.via}</span>
          </p>
          <article class="prose">${renderReadme(readme, technique)}</article>
          ${sources}
          <nav class="others" aria-labelledby="techniques">
            <h2 id="techniques">All techniques</h2>
            <ul class="technique-list" data-techniques></ul>
            <p><a href="/">Back to the lab</a></p>
          </nav>
        </main>
      </body>
    </html> `;
  return String(page);
}

/** Line numbers are CSS counters, so that copying the code copies nothing else. */
function sourceSection(name: string, role: string, source: string): SafeHtml {
  const lines = source.split(/(?<=\n)/u).map((line) => html`<span class="line">${line}</span>`);
  return html`<section class="source" aria-labelledby="${name}">
    <h2 id="${name}"><code>${name}</code></h2>
    <p class="hint">${role}</p>
    <pre tabindex="0" role="region" aria-labelledby="${name}"><code>${lines}</code></pre>
  </section>`;
}

/** Renders a README for the page, which has its own h1, a policy against `style`, and other addresses. */
function renderReadme(markdown: string, technique: Technique): SafeHtml {
  const renderer = markdownIt({ html: false });
  // Comments mark the results for the program that writes them.
  const text = markdown.replaceAll(/^<!--.*-->$/gmu, "");
  // An image is a request to wherever it points.
  renderer.disable("image");
  const tokens = renderer.parse(text, {});
  if (tokens[0]?.type === "heading_open" && tokens[0].tag === "h1") tokens.splice(0, 3);
  for (const token of tokens) {
    if (token.tag === "h1") token.tag = "h2";
    const alignment = /^text-align:(?<side>center|right|left)$/u.exec(
      String(token.attrGet("style")),
    );
    if (alignment?.groups?.["side"] !== undefined) {
      token.attrs = [["class", alignment.groups["side"]]];
    }
    for (const child of token.children ?? []) {
      const href = child.attrGet("href");
      if (href !== null) child.attrSet("href", pageAddress(String(href), technique));
    }
  }
  renderer.renderer.rules["table_open"] = () => `<div class="scroll" tabindex="0"><table>`;
  renderer.renderer.rules["table_close"] = () => `</table></div>`;
  return html.raw`${renderer.renderer.render(tokens, renderer.options, {})}`;
}

/** A README links to its neighbours as files; on the page they are sections and other pages. */
function pageAddress(href: string, technique: Technique): string {
  const base = new URL(`http://page/techniques/${technique.id}/README.md`);
  const target = URL.parse(href, base);
  if (target === null || target.origin !== base.origin) return href;
  const [, folder, file] = /^\/techniques\/([^/]+)\/([^/]*)$/u.exec(target.pathname) ?? [];
  if (folder === technique.id && shownFiles(technique).some(({ name }) => name === file))
    return `#${file}`;
  if (folder !== undefined && (file === "" || file === "README.md")) {
    return `/techniques/${folder}${target.hash}`;
  }
  return href;
}
