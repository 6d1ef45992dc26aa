import { html, type SafeHtml } from "@remix-run/html-template";
import { linksFrom, type Links, type PageName } from "./links.ts";
import { pageTitles, shellText } from "./text/shell.ts";

/** A page before it is wrapped. */
export interface ShellParts {
  /** "technique" and "live" have no script that brings them to life. */
  readonly name: PageName | "technique" | "live";
  readonly title: string;
  readonly root: "" | "../";
  readonly isLab: boolean;
  /** The content of `<main>`. */
  readonly body: SafeHtml;
}

/** Pages that need a lab behind them. */
const labPages: ReadonlySet<PageName> = new Set(["try", "join"]);

const navigation: readonly PageName[] = [
  "index",
  "learn",
  "try",
  "answers",
  "choose",
  "risks",
  "join",
];

/** A page that a script of its own brings to life. */
export type ScriptedPage = Exclude<PageName, "risks">;

/** Whether a page is more than its text. */
export function isScripted(name: ShellParts["name"]): name is ScriptedPage {
  return name !== "risks" && name !== "technique" && name !== "live";
}

/** Where a page's script is: it brings nothing of other pages along. */
export function scriptPath(name: ScriptedPage): string {
  return `scripts/${name}.js`;
}

/** The pages that a lab has, or a site without one. */
export function pagesOf(isLab: boolean): readonly PageName[] {
  return [...navigation, "evidence" as const].filter((name) => isLab || !labPages.has(name));
}

/**
 * Scripts and styles come from files next to the page, and nothing comes from anywhere else. In a lab
 * the same is said by a header, which lets connections out: trying them is what a lab is for.
 */
export const sitePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";

/** A whole page. */
export function renderShell({ name, title, root, isLab, body }: ShellParts): string {
  const links = linksFrom(root);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${isLab ? null : html`<meta http-equiv="Content-Security-Policy" content="${sitePolicy}" />`}
        <title>${name === "index" ? title : `${title} · ${shellText.brand}`}</title>
        <link rel="icon" href="${root}favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${root}style.css" />
        ${name === "risks" ? html`<link rel="stylesheet" href="${root}report.css" />` : null}
        ${
          isScripted(name)
            ? html`<script src="${root}${scriptPath(name)}" defer></script>
                <script src="${root}data/site.js" defer></script>`
            : null
        }
        ${name === "live" ? html`<script type="module" src="/assets/live.ts"></script>` : null}
      </head>
      <body class="page page-${name}" data-lab="${String(isLab)}">
        <a class="skip" href="#content">${shellText.skip}</a>
        ${siteHeader(name, links, isLab)}
        <main id="content" tabindex="-1">${body}</main>
      </body>
    </html>`;
  return `${String(page)}\n`;
}

/** What every page begins with: whose it is, and the way to the others. */
export function siteHeader(
  current: ShellParts["name"],
  links: Links,
  isLab: boolean,
  icon: string = `${links.root}favicon.svg`,
): SafeHtml {
  const pages = pagesOf(isLab);
  return html`<header class="site">
    <a class="brand" href="${links.page("index")}">
      <img src="${icon}" alt="" width="28" height="28" />
      ${shellText.brand}
    </a>
    <nav aria-label="${shellText.navigation}">
      <ul class="pages">
        ${navigation
          .filter((name) => pages.includes(name))
          .map(
            (name) =>
              html`<li>
                <a
                  href="${links.page(name)}"
                  ${name === current ? html.raw` aria-current="page"` : null}
                  >${pageTitles[name].nav}</a
                >
              </li> `,
          )}
      </ul>
    </nav>
  </header>`;
}
