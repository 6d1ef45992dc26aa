import { html, type SafeHtml } from "@remix-run/html-template";
import type { FeatureCell, FeatureRow, FeatureTable } from "../feature-table.ts";
import { safeText } from "./safe-text.ts";

/** What might replace all this, against browsers, and what each would mean. */
export function featuresSection(table: FeatureTable | null): SafeHtml | null {
  if (table === null) return null;
  const { browsers, rows } = table;
  return html`
    <section aria-labelledby="neighbours">
      <h2 id="neighbours">Neighbours: what might replace this</h2>
      <p class="lede">
        What the first page of each run found by trying; below, what each would mean for
        authentication.
      </p>
      <div class="scroll" role="region" aria-labelledby="neighbours-caption" tabindex="0">
        <table class="plain certificates">
          <caption id="neighbours-caption">
            Features against browsers
          </caption>
          <thead>
            <tr>
              <th scope="col">Feature</th>
              ${browsers.map(
                ({ name, version }) =>
                  html`<th scope="col">${safeText([name, version ?? ""].join(" ").trim())}</th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              (row) => html`
                <tr>
                  <th scope="row">${title(row)}</th>
                  ${row.cells.map((cell) => html`<td>${answer(cell)}</td>`)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      <dl class="findings">
        ${rows.map(({ entry }) =>
          entry === null
            ? null
            : html`<div>
                <dt>${entry.title}</dt>
                <dd>${entry.meaning}</dd>
              </div>`,
        )}
      </dl>
    </section>
  `;
}

function title({ id, entry }: FeatureRow): SafeHtml {
  return entry === null
    ? safeText(id)
    : html`<a href="${entry.specification}">${safeText(entry.title)}</a>`;
}

const signs: Readonly<Record<FeatureCell["answer"], string>> = { yes: "✓", no: "✕", unknown: "?" };

function answer({ answer: word, detail }: FeatureCell): SafeHtml {
  return html`<p><span aria-hidden="true">${signs[word]}</span> ${word}</p>
    <p class="muted">${safeText(detail)}</p>`;
}
