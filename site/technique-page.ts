import { readFile } from "node:fs/promises";
import { html, type SafeHtml } from "@remix-run/html-template";
import markdownIt from "markdown-it";
import { safeText } from "../experiments/report/html/safe-text.ts";
import type { Technique } from "../techniques/technique.ts";
import { highlight } from "./highlight.ts";
import type { Links } from "./links.ts";
import { sourceFilesOf } from "./sources.ts";
import { techniqueText } from "./text/technique.ts";
import { sourceCode } from "./views/source-code.ts";

/**
 * The content of a technique's page: what it is, in the words of its README.md, and the very sources
 * that run. `directory` is the technique's folder and ends with a slash.
 */
export async function techniquePage(
  technique: Technique,
  directory: URL,
  links: Links,
  isLab: boolean,
): Promise<SafeHtml> {
  const readme = await readFile(new URL("README.md", directory), "utf8");
  const files = await sourceFilesOf(technique, directory);
  return html`<div class="technique">
    <h1>${technique.title}</h1>
    <p class="facts">
      <span>${techniqueText.stage[technique.stage]}</span>
      <span>${techniqueText.foundIn(technique.via)}</span>
    </p>
    <p class="actions">
      ${isLab ? html`<a class="button" href="${links.page("try", { technique: technique.id })}">${techniqueText.tryIt}</a>` : null}
      <a class="button" href="${links.page("index", { technique: technique.id })}"
        >${techniqueText.inMatrix}</a
      >
    </p>
    <article class="prose">
      ${renderReadme(readme, technique, new Set(files.map(({ name }) => name)))}
    </article>
    ${sourceCode({ files })}
  </div>`;
}

/** The page of a technique that results tell of, and that is not, or no longer, in this checkout. */
export function unknownTechniquePage(title: string, id: string, links: Links): SafeHtml {
  return html`<div class="technique">
    <h1>${safeText(title)}</h1>
    <p>${techniqueText.unknown}</p>
    <p class="actions">
      <a class="button" href="${links.page("index", { technique: id })}"
        >${techniqueText.inMatrix}</a
      >
    </p>
  </div>`;
}

/** Renders a README for the page, which has its own h1, a policy against `style`, and other addresses. */
function renderReadme(
  markdown: string,
  technique: Technique,
  shown: ReadonlySet<string>,
): SafeHtml {
  const renderer = markdownIt({
    html: false,
    highlight: (source, language) =>
      ["ts", "typescript", "js", "javascript", "html"].includes(language)
        ? highlight(language === "html" ? "a.html" : "a.ts", source)
            .map((line) => line.html)
            .join("\n")
        : "",
  });
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
      if (href === null) continue;
      const address = pageAddress(String(href), technique, shown);
      if (address === null) child.attrs = null;
      else child.attrSet("href", address);
    }
  }
  let tables = 0;
  renderer.renderer.rules["table_open"] = () => {
    tables += 1;
    const label = techniqueText.table(tables);
    return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>`;
  };
  renderer.renderer.rules["table_close"] = () => `</table></div>`;
  return html.raw`${renderer.renderer.render(tokens, renderer.options, {})}`;
}

/**
 * A README links to its neighbours as files; on the page they are sections and other pages. Null: it
 * is a file that no page shows.
 */
function pageAddress(
  href: string,
  { id, folder = id }: Technique,
  shown: ReadonlySet<string>,
): string | null {
  const base = new URL(`http://page/techniques/${folder}/README.md`);
  const target = URL.parse(href, base);
  if (target === null || target.origin !== base.origin) return href;
  const [, other, file = ""] = /^\/techniques\/([^/]+)\/([^/]*)$/u.exec(target.pathname) ?? [];
  if (other === folder && shown.has(file)) return `#${file}`;
  if (other !== undefined && (file === "" || file === "README.md")) {
    // Headings of pages have no ids.
    return `${other}.html`;
  }
  return null;
}
