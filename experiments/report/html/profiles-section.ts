import { html, type SafeHtml } from "@remix-run/html-template";
import {
  comparisonText,
  differenceText,
  type ProfileComparison,
  type ProfileDifference,
} from "../profiles.ts";
import type { Column } from "../columns.ts";
import type { Addresses } from "./addresses.ts";
import { evidenceLink } from "./evidence-link.ts";
import { safeText, sentence } from "./safe-text.ts";

/** Where browsers with other profiles differ from themselves with the default one. */
export function profilesSection(
  comparisons: readonly ProfileComparison[],
  addresses: Addresses,
): SafeHtml | null {
  if (comparisons.length === 0) return null;
  const browsers = Map.groupBy(comparisons, ({ column }) => column.base);
  return html`
    <section aria-labelledby="profiles">
      <h2 id="profiles">Other profiles</h2>
      <p class="lede">
        The same browsers set up in another way, each compared with itself as it comes.
      </p>
      ${[...browsers].map(
        ([base, own]) => html`
          <h3>${safeText(base.label)}</h3>
          <dl class="findings">
            ${own.map(
              (comparison) => html`
                <div>
                  <dt>
                    <a href="#${addresses.runId(comparison.column)}"
                      >${safeText(comparison.column.foldedAs)}</a
                    >
                  </dt>
                  <dd>${sentence(comparisonText(comparison))}</dd>
                  ${comparison.techniques.map(({ technique, differences }) =>
                    differences.map(
                      (difference) => html`
                        <dd>
                          ${safeText(technique.title)},
                          ${differenceItem(comparison.column, difference, addresses)}
                        </dd>
                      `,
                    ),
                  )}
                </div>
              `,
            )}
          </dl>
        `,
      )}
    </section>
  `;
}

function differenceItem(
  column: Column,
  difference: ProfileDifference,
  addresses: Addresses,
): SafeHtml {
  const text = safeText(differenceText(difference));
  const [first] = difference.repetitions;
  return html`${evidenceLink(text, column, first?.trials[0], addresses)}
    <span class="reason">${sentence(difference.reason)}</span>`;
}
