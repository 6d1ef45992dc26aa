import { html, type SafeHtml } from "@remix-run/html-template";
import type { Results } from "../../../model/results.ts";
import { riskTables } from "../../risks/table.ts";
import { axisTables } from "../axes.ts";
import type { Catalogue } from "../catalogue.ts";
import { certificateTable } from "../certificates.ts";
import { faultTable } from "../fault-table.ts";
import { featureTable } from "../feature-table.ts";
import { leakCard } from "../leak-card.ts";
import { leftOutLines } from "../left-out.ts";
import { matrixOf } from "../matrix.ts";
import { profileComparisons } from "../profiles.ts";
import { tokenShapeTable } from "../token-shapes.ts";
import type { Addresses } from "./addresses.ts";
import { axesSection } from "./axes-section.ts";
import { certificatesSection } from "./certificates-section.ts";
import { featuresSection } from "./features-section.ts";
import { findingsSections } from "./findings-list.ts";
import { leftOutList } from "./left-out-list.ts";
import { profilesSection } from "./profiles-section.ts";
import { riskSections } from "./risk-sections.ts";
import { runFacts } from "./run-facts.ts";
import { tokenShapesSection } from "./token-shapes-section.ts";

/** Everything that reports say but for the matrix and the evidence, to which it links. */
export function reportSections(
  results: Results,
  catalogue: Catalogue,
  addresses: Addresses,
): SafeHtml {
  const matrix = matrixOf(results, catalogue);
  const axes = axesSection(axisTables(matrix), addresses);
  const omitted = leftOutList(leftOutLines(results, catalogue));
  return html`
    ${riskSections(
      riskTables(results, catalogue),
      { card: leakCard(results, catalogue), faults: faultTable(results, catalogue) },
      addresses,
    )}
    ${findingsSections(matrix, addresses)} ${profilesSection(profileComparisons(matrix), addresses)}
    ${tokenShapesSection(tokenShapeTable(results, catalogue), addresses)}
    ${certificatesSection(certificateTable(results, catalogue))}
    ${featuresSection(featureTable(results))}
    ${
      axes === null && omitted.length === 0
        ? null
        : html`
            <section aria-labelledby="placements">
              <h2 id="placements">By placement and scheme</h2>
              ${omitted} ${axes}
            </section>
          `
    }
    ${runFacts(matrix, addresses)}
  `;
}
