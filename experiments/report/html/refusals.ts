import { html, type SafeHtml } from "@remix-run/html-template";
import type { Column } from "../columns.ts";
import type { FaultCell, FaultTable } from "../fault-table.ts";
import type { RefusalRank } from "../refusal-ranking.ts";
import type { Addresses } from "./addresses.ts";
import { evidenceLink } from "./evidence-link.ts";
import { safeText, sentence } from "./safe-text.ts";

/** Which techniques give the most useful refusal, the best first. */
export function rankingList(ranking: readonly RefusalRank[]): SafeHtml | null {
  if (ranking.length === 0) return null;
  return html`
    <h4>Whose refusal is most useful, the best first</h4>
    <ol class="ranking">
      ${ranking.map(
        ({ techniques, word, saw }) => html`
          <li>
            <strong>${word}</strong>: ${safeText(techniques)}
            <span class="muted">page sees ${sentence(saw.join(" or "))}</span>
          </li>
        `,
      )}
    </ol>
  `;
}

/** What pages see of servers that fail in ways of their own. */
export function faultTableSection(table: FaultTable | null, addresses: Addresses): SafeHtml | null {
  if (table === null) return null;
  return html`
    <h4 id="faults">What a page sees of each way to fail</h4>
    <div class="scroll" role="region" aria-labelledby="faults" tabindex="0">
      <table class="plain certificates">
        <caption>
          Ways to fail against browsers
        </caption>
        <thead>
          <tr>
            <th scope="col">What the server does</th>
            ${table.columns.map(({ label }) => html`<th scope="col">${safeText(label)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${table.rows.map(
            ({ question, technique, cells }) => html`
              <tr>
                <th scope="row">
                  ${safeText(question)} <span class="muted">${safeText(technique.title)}</span>
                </th>
                ${cells.map((cell, index) => html`<td>${faultCell(cell, table.columns[index], addresses)}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function faultCell(
  { text, trial }: FaultCell,
  column: Column | undefined,
  addresses: Addresses,
): SafeHtml {
  return trial === null || column === undefined
    ? html`<p class="muted">${sentence(text)}</p>`
    : html`<p>${evidenceLink(sentence(text), column, trial, addresses)}</p>`;
}
