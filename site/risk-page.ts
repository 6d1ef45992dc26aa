import { readFileSync } from "node:fs";
import { html, type SafeHtml } from "@remix-run/html-template";
import type { Results } from "../model/results.ts";
import type { Catalogue } from "../experiments/report/catalogue.ts";
import type { Addresses } from "../experiments/report/html/addresses.ts";
import { extentText } from "../experiments/report/html/extent.ts";
import { reportSections } from "../experiments/report/html/report-sections.ts";
import type { Links } from "./links.ts";
import { riskText } from "./text/risks.ts";

/** What of results is drawn, with the keys of their runs, in the order of the runs. */
export interface RiskParts {
  readonly results: Results;
  readonly keys: readonly string[];
  readonly catalogue: Catalogue;
}

/** The style of the page, which comes after that of all pages. */
export const riskStyle: string = readFileSync(new URL("style/report.css", import.meta.url), "utf8");

/** Everything that reports say but for the matrix and the evidence, to which it links. */
export function riskBody(parts: RiskParts | undefined, links: Links): SafeHtml {
  if (parts === undefined) {
    return html`<h1>${riskText.title}</h1>
      <p>${riskText.nothing}</p>`;
  }
  const { results, keys, catalogue } = parts;
  const sections = reportSections(results, catalogue, addressesOf(keys, links));
  return compact(
    html`<div class="report">
      <h1>${riskText.title}</h1>
      <p class="lede">${extentText(results)}</p>
      ${contents(sections)} ${sections}
    </div>`,
  );
}

function addressesOf(keys: readonly string[], links: Links): Addresses {
  return {
    runId: ({ index }) => `run.${keys[index] ?? index + 1}`,
    cell: ({ index }, technique) => links.page("evidence", { run: keys[index], technique }),
    trial: ({ index }, { technique, scenario, placement, scheme }) =>
      links.page("evidence", { run: keys[index], technique, scenario, placement, scheme }),
  };
}

/** The headings of sections and of single risks, whose markup is our own. */
function contents(sections: SafeHtml): SafeHtml {
  const headings = String(sections).matchAll(
    /<h(?<level>[23]) id="(?<id>[a-z-]+|risk\.[a-z-]+)">(?<title>[^<]+)<\/h/gu,
  );
  const items = [...headings].map(
    ({ groups }) =>
      html`<li class="level-${groups?.["level"]}">
        <a href="#${groups?.["id"]}">${html.raw`${groups?.["title"]}`}</a>
      </li>`,
  );
  return html`<nav class="contents" aria-label="${riskText.contents}">
    <ul>
      ${items}
    </ul>
  </nav>`;
}

/** Indentation is a third of such a page. */
function compact(markup: SafeHtml): SafeHtml {
  return html.raw`${String(markup).replaceAll(/^\s+/gmu, "")}`;
}
