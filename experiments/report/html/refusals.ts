import { html, type SafeHtml } from "@remix-run/html-template";
import type { FaultCell, FaultTable } from "../fault-table.ts";
import type { RefusalRank } from "../refusal-ranking.ts";
import { attemptSection } from "./attempt-section.ts";
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
export function faultTableSection(table: FaultTable | null): SafeHtml | null {
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
            ({ question, technique, cells }, row) => html`
              <tr>
                <th scope="row">
                  ${safeText(question)} <span class="muted">${safeText(technique.title)}</span>
                </th>
                ${cells.map((cell, column) => html`<td>${faultCell(cell, anchor(row, column))}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${evidence(table)}
  `;
}

function anchor(row: number, column: number): string {
  return `risk.fault.${row + 1}.${column + 1}`;
}

function faultCell({ text, attempt }: FaultCell, id: string): SafeHtml {
  return attempt === null
    ? html`<p class="muted">${sentence(text)}</p>`
    : html`<p><a href="#${id}">${sentence(text)}</a></p>`;
}

function evidence({ columns, rows }: FaultTable): SafeHtml {
  return html`
    <details class="quiet">
      <summary>What both ends saw of each way to fail</summary>
      ${rows.map(({ question, cells }, row) =>
        cells.map(({ attempt }, column) =>
          attempt === null
            ? null
            : html`
                <h4 id="${anchor(row, column)}">
                  ${safeText(question)}
                  <span class="muted">${safeText(columns[column]?.label ?? "")}</span>
                </h4>
                ${attemptSection(attempt, 0, false)}
              `,
        ),
      )}
    </details>
  `;
}
