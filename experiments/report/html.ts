import { html as markup, type SafeHtml } from "@remix-run/html-template";
import type { Results, Run } from "../../model/results.ts";
import type { Catalogue } from "./catalogue.ts";
import { anchorsOf } from "./html/anchors.ts";
import { evidenceSections } from "./html/evidence-sections.ts";
import { findingsSections } from "./html/findings-list.ts";
import { matrixTable } from "./html/matrix-table.ts";
import { page } from "./html/page.ts";
import { reportCss } from "./html/report-css.ts";
import { runFacts } from "./html/run-facts.ts";
import { counted } from "./html/words.ts";
import { type Matrix, matrixOf } from "./matrix.ts";
import type { Report } from "./report.ts";

/** One file that needs nothing else: the matrix, the findings, and the evidence behind every cell. */
export const html: Report = {
  flag: "html",
  extension: "html",
  description: "one self-contained page: the matrix, and the evidence behind every cell",
  render: renderHtml,
};

export { reportCss };

const reportTitle = "WebSocket authentication in browsers";

function renderHtml(results: Results, catalogue: Catalogue): string {
  const matrix = matrixOf(results, catalogue);
  return page({
    title: reportTitle,
    style: markup`<style>${markup.raw`${reportCss}`}</style>`,
    body: renderBody(matrix, reportTitle),
  });
}

/** The same for one run, as a page whose style comes from a file: fit for `default-src 'self'`. */
export function renderRunPage(
  run: Run,
  catalogue: Catalogue,
  { styleHref }: { readonly styleHref: string },
): string {
  const title = "WebSocket authentication in this browser";
  const matrix = matrixOf({ schema: "websocket-auth-results/1", runs: [run] }, catalogue);
  return page({
    title,
    style: markup`<link rel="stylesheet" href="${styleHref}" />`,
    body: renderBody(matrix, title),
  });
}

function renderBody(matrix: Matrix, title: string): SafeHtml {
  const anchors = anchorsOf(matrix);
  return markup`
    <header>
      <h1>${title}</h1>
      <p class="lede">${extentText(matrix)}</p>
    </header>
    <main>
      <section aria-labelledby="matrix">
        <h2 id="matrix">Which techniques work</h2>
        <p class="lede">Trials passed of trials made; each cell leads to its evidence.</p>
        ${matrixTable(matrix, anchors)}
      </section>
      ${findingsSections(matrix, anchors)}
      ${evidenceSections(matrix, anchors)}
      ${runFacts(matrix, anchors)}
    </main>
  `;
}

function extentText({ columns, rows }: Matrix): string {
  const trials = columns.flatMap(({ run }) => run.trials);
  const scenarios = new Set(trials.map(({ scenario }) => scenario));
  const dates = columns.map(({ run }) => run.endedAt.slice(0, 10)).toSorted();
  const when = dates[0] === dates.at(-1) ? dates[0] : `${dates[0]} to ${dates.at(-1)}`;
  const extent = [
    counted(rows.length, "technique"),
    counted(scenarios.size, "scenario"),
    counted(columns.length, columns.some(({ note }) => note !== null) ? "run" : "browser"),
  ].join(", ");
  return columns.length === 0
    ? "No browser was measured."
    : `${extent}: ${counted(trials.length, "trial")}, each judged from what both ends saw. Measured ${when}.`;
}
