import { html, type SafeHtml } from "@remix-run/html-template";
import type { CertificateCell, CertificateTable } from "../certificates.ts";
import { attemptSection } from "./attempt-section.ts";
import { safeText, sentence } from "./safe-text.ts";

/** Conditions of trust against browsers, and below them, folded, what both ends saw. */
export function certificatesSection(table: CertificateTable | null): SafeHtml | null {
  if (table === null) return null;
  const { browsers, rows } = table;
  return html`
    <section aria-labelledby="certificates">
      <h2 id="certificates">Certificates</h2>
      <p class="lede">
        What a page sees of a good token when something is wrong with TLS, and whether it can tell
        that from a refused token.
      </p>
      <div class="scroll" role="region" aria-labelledby="certificates-caption" tabindex="0">
        <table class="plain certificates">
          <caption id="certificates-caption">
            Conditions of trust against browsers
          </caption>
          <thead>
            <tr>
              <th scope="col">Condition</th>
              ${browsers.map((browser) => html`<th scope="col">${safeText(browser)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ condition, cells }, row) => html`
                <tr>
                  <th scope="row">
                    <a href="#${anchor(row)}">${safeText(condition.question)}</a>
                  </th>
                  ${cells.map((own) => html`<td>${own.length === 0 ? notTried : own.map(cellText)}</td>`)}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      ${rows.map(
        ({ condition, cells }, row) => html`
          <h3 id="${anchor(row)}">${safeText(condition.question)}</h3>
          ${cells.map((own, index) => own.map((cell) => evidence(cell, browsers[index] ?? "")))}
        `,
      )}
    </section>
  `;
}

const notTried = html`<span class="muted">not tried</span>`;

function anchor(row: number): string {
  return `certificate.${row + 1}`;
}

const signs: Readonly<Record<CertificateCell["tone"], string>> = {
  connects: "✓",
  refused: "✕",
  open: "?",
};

function cellText({ text, tone }: CertificateCell): SafeHtml {
  return html`<p><span aria-hidden="true">${signs[tone]}</span> ${sentence(text)}</p>`;
}

function evidence(cell: CertificateCell, browser: string): SafeHtml {
  const { profile, trial } = cell.observation;
  return html`
    <details class="trial">
      <summary><strong>${safeText(browser)}</strong> ${sentence(cell.text)}</summary>
      <h4>What was set, and what both ends saw</h4>
      <p class="muted">
        Certificates:
        ${profile.certificates}${profile.means.map(
          (means) => html`, <code>${safeText(means)}</code>`,
        )};
        ${trial.scheme}, ${trial.placement}.
      </p>
      ${
        trial.attempts.length === 0
          ? html`<p class="muted">No attempt was recorded.</p>`
          : trial.attempts.map((attempt, index) => attemptSection(attempt, index, false))
      }
    </details>
  `;
}
