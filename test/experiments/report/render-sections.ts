import type { Results } from "../../../model/results.ts";
import type { Catalogue } from "../../../experiments/report/catalogue.ts";
import { reportSections } from "../../../experiments/report/html/report-sections.ts";
import { sampleCatalogue } from "./sample-results.ts";

/** The sections of a page, with links that say where they lead. */
export function renderSections(results: Results, catalogue: Catalogue = sampleCatalogue): string {
  const sections = reportSections(results, catalogue, {
    runId: ({ index }) => `run.${index + 1}`,
    cell: ({ run }, technique) => address(run.browser.id, technique),
    trial: ({ run }, { technique, scenario, placement, scheme }) =>
      address(run.browser.id, technique, scenario, placement, scheme),
  });
  return String(sections);
}

function address(...parts: readonly string[]): string {
  return `/${parts.map(encodeURIComponent).join("/")}`;
}
