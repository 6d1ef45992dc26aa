import { html as markup, type SafeHtml } from "@remix-run/html-template";
import type { Results, Run } from "../../model/results.ts";
import { axisTables } from "./axes.ts";
import type { Catalogue } from "./catalogue.ts";
import { certificateTable } from "./certificates.ts";
import { faultTable } from "./fault-table.ts";
import { featureTable } from "./feature-table.ts";
import { anchorsOf } from "./html/anchors.ts";
import { axesSection } from "./html/axes-section.ts";
import { certificatesSection } from "./html/certificates-section.ts";
import { evidenceSections } from "./html/evidence-sections.ts";
import { featuresSection } from "./html/features-section.ts";
import { findingsSections } from "./html/findings-list.ts";
import { leftOutList } from "./html/left-out-list.ts";
import { matrixTable } from "./html/matrix-table.ts";
import { page } from "./html/page.ts";
import { profilesSection } from "./html/profiles-section.ts";
import { reportCss } from "./html/report-css.ts";
import { riskSections } from "./html/risk-sections.ts";
import { runFacts } from "./html/run-facts.ts";
import { tokenShapesSection } from "./html/token-shapes-section.ts";
import { counted } from "./html/words.ts";
import { leakCard } from "./leak-card.ts";
import { leftOutLines } from "./left-out.ts";
import { type Matrix, matrixOf } from "./matrix.ts";
import { profileComparisons } from "./profiles.ts";
import type { Report } from "./report.ts";
import { riskTables } from "../risks/table.ts";
import { tokenShapeTable } from "./token-shapes.ts";

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
  return page({
    title: reportTitle,
    style: markup`<style>${markup.raw`${reportCss}`}</style>`,
    body: renderBody(results, catalogue, reportTitle),
  });
}

/** The same for one run, as a page whose style comes from a file: fit for `default-src 'self'`. */
export function renderRunPage(
  run: Run,
  catalogue: Catalogue,
  { styleHref }: { readonly styleHref: string },
): string {
  const title = "WebSocket authentication in this browser";
  const results: Results = { schema: "websocket-auth-results/1", runs: [run], trust: [] };
  return page({
    title,
    style: markup`<link rel="stylesheet" href="${styleHref}" />`,
    body: renderBody(results, catalogue, title),
  });
}

function renderBody(results: Results, catalogue: Catalogue, title: string): SafeHtml {
  const matrix = matrixOf(results, catalogue);
  const anchors = anchorsOf(matrix);
  const comparisons = profileComparisons(matrix);
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
        ${leftOutList(leftOutLines(results, catalogue))}
        ${axesSection(axisTables(matrix), anchors)}
      </section>
      ${findingsSections(matrix, anchors)}
      ${profilesSection(comparisons, anchors)}
      ${riskSections(riskTables(results, catalogue), {
        card: leakCard(results, catalogue),
        faults: faultTable(results, catalogue),
      })}
      ${tokenShapesSection(tokenShapeTable(results, catalogue))}
      ${certificatesSection(certificateTable(results, catalogue))}
      ${featuresSection(featureTable(results))}
      ${evidenceSections(matrix, comparisons, anchors)}
      ${runFacts(matrix, anchors)}
    </main>
  `;
}

function extentText({ columns, folded, rows }: Matrix): string {
  const trials = [...columns, ...folded].flatMap(({ run }) => run.trials);
  const scenarios = new Set(trials.map(({ scenario }) => scenario));
  const dates = [...columns, ...folded].map(({ run }) => run.endedAt.slice(0, 10)).toSorted();
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
