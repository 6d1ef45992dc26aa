import { html, type SafeHtml } from "@remix-run/html-template";
import type { SourceFile, SourcesData } from "../data.ts";
import { sourceText as text } from "../text/evidence.ts";

/** The files of a technique with numbered lines; those that hand over, or read, the credential are marked. */
export function sourceCode({ files }: Pick<SourcesData, "files">): SafeHtml {
  const hasMarks = files.some(({ lines }) => lines.some(({ isMarked }) => isMarked));
  return html`
    <div class="source">
      ${hasMarks ? html`<p class="hint">${text.legend}</p>` : null} ${files.map(sourceFile)}
    </div>
  `;
}

function sourceFile({ name, role, lines }: SourceFile): SafeHtml {
  const label = `${text.roles[role]}: ${name}`;
  return html`
    <figure class="source-file" id="${name}">
      <figcaption>${text.roles[role]} <code>${name}</code></figcaption>
      <div class="scroll" role="region" tabindex="0" aria-label="${label}">
        <pre class="source-lines"><code>${withoutTrailing(lines).map(sourceLine)}</code></pre>
      </div>
    </figure>
  `;
}

/** The sign in the margin is drawn by CSS and read as text: colour is never the only sign. */
function sourceLine({ html: markup, isMarked }: SourceFile["lines"][number]): SafeHtml {
  // Escaped by highlight.js, in our own build: https://highlightjs.readthedocs.io/en/latest/api.html#highlight
  const code = html.raw`${markup}`;
  const line = isMarked
    ? html`<mark class="source-line" title="${text.marked}">${code}</mark>`
    : html`<span class="source-line">${code}</span>`;
  return html`${line}${"\n"}`;
}

function withoutTrailing(lines: SourceFile["lines"]): SourceFile["lines"] {
  return lines.at(-1)?.html === "" ? lines.slice(0, -1) : lines;
}
