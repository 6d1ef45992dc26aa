import { html, type SafeHtml } from "@remix-run/html-template";
import { worstFirst } from "../../risks/risk.ts";
import type { RiskRow, RiskSummary, RiskTable } from "../../risks/table.ts";
import type { FaultTable } from "../fault-table.ts";
import type { LeakCard } from "../leak-card.ts";
import { refusalRanking } from "../refusal-ranking.ts";
import { riskLines } from "../risk-cells.ts";
import { type Observed, outcomesIn, type RiskFinding, riskFindings } from "../risk-findings.ts";
import type { Addresses } from "./addresses.ts";
import { evidenceLink } from "./evidence-link.ts";
import { leakCardTable } from "./leak-card-table.ts";
import { faultTableSection, rankingList } from "./refusals.ts";
import { safeText, sentence } from "./safe-text.ts";
import { severityItems, severityTag } from "./severity-tag.ts";
import { counted } from "./words.ts";

/** What goes wrong with techniques that work: a table for each risk, and below it, folded, every finding, which leads to what both ends saw. */
export function riskSections(
  tables: readonly RiskTable[],
  { card, faults }: { readonly card: LeakCard | null; readonly faults: FaultTable | null },
  addresses: Addresses,
): SafeHtml | null {
  if (tables.length === 0) return null;
  return html`
    <section aria-labelledby="risks">
      <h2 id="risks">Risks of what works</h2>
      <p class="lede">
        Of every technique and browser the worst that was seen, derived from what both ends saw.
        Each word leads to its findings.
      </p>
      <dl class="legend" aria-label="What the severities mean">${severityItems(worstFirst)}</dl>
      ${tables.map((table) => {
        const { id } = table.risk;
        return html`
          ${riskSection(table)}
          ${id === "leaks" ? leakCardTable(card, (technique) => anchorOfTechnique(table, technique)) : null}
          ${id === "visibility" ? html`${rankingList(refusalRanking(table))} ${faultTableSection(faults, addresses)}` : null}
          ${findingsOfTable(table, addresses)}
        `;
      })}
    </section>
  `;
}

function riskSection(table: RiskTable): SafeHtml {
  const { risk, columns, rows } = table;
  const id = `risk.${risk.id}`;
  return html`
    <h3 id="${id}">${risk.title}</h3>
    <p class="lede">${risk.question}</p>
    <div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
      <table class="plain risks">
        <caption>
          ${risk.title}: techniques against browsers
        </caption>
        <thead>
          <tr>
            <th scope="col">Technique</th>
            ${columns.map((column) => html`<th scope="col">${safeText(column.label)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            (row, index) => html`
              <tr>
                <th scope="row">${safeText(row.technique.title)}</th>
                ${row.summaries.map((summary) => cell(summary, row, anchor(table, index)))}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    <dl class="advice">
      ${outcomesIn(table).map(
        ({ word, severity, advice }) => html`
          <div>
            <dt>${severityTag(severity)} ${word}</dt>
            <dd>${advice}</dd>
          </div>
        `,
      )}
    </dl>
  `;
}

function anchor({ risk }: RiskTable, row: number): string {
  return `risk.${risk.id}.${row + 1}`;
}

function anchorOfTechnique(table: RiskTable, id: string): string {
  return anchor(
    table,
    table.rows.findIndex(({ technique }) => technique.id === id),
  );
}

function cell(summary: RiskSummary, row: RiskRow, id: string): SafeHtml {
  return html`
    <td>
      ${summary.severity === null ? html`<span class="muted">${summary.word}</span>` : null}
      ${riskLines(summary, row).map(
        ({ word, severity, detail }) => html`
          <p>
            ${severityTag(severity)} <a href="#${id}">${word}</a>
            ${detail === null ? null : html`<span class="muted">${safeText(detail)}</span>`}
          </p>
        `,
      )}
    </td>
  `;
}

function findingsOfTable(table: RiskTable, addresses: Addresses): SafeHtml {
  return html`
    <details class="quiet">
      <summary>${table.risk.title}: every finding, and where it was seen</summary>
      ${table.rows.map(
        (row, index) => html`
          <h4 id="${anchor(table, index)}">${safeText(row.technique.title)}</h4>
          ${leftOutTexts(row)}
          ${riskFindings(row).map((finding) => findingBlock(finding, addresses))}
        `,
      )}
    </details>
  `;
}

function leftOutTexts({ summaries }: RiskRow): SafeHtml[] {
  return summaries.flatMap(({ column, reason }) =>
    reason === null
      ? []
      : [html`<p class="muted">${safeText(column.label)}: left out: ${sentence(reason)}</p>`],
  );
}

function findingBlock(
  { cell: found, place, browsers, observed }: RiskFinding,
  addresses: Addresses,
): SafeHtml {
  const details = [found.about, place, browsers].flatMap((part) => part ?? []).join("; ");
  // What is fine looks the same everywhere: one browser shows it.
  const shown = found.severity === "fine" ? observed.slice(0, 1) : observed;
  return html`
    <div class="risk">
      <p>
        ${severityTag(found.severity)} <strong>${found.word}</strong>
        ${details === "" ? null : html`<span class="muted">${safeText(details)}</span>`}
      </p>
      <p>${sentence(found.sentence)} ${found.advice}</p>
      ${
        observed.length === 0
          ? null
          : html`<ul class="seen">
              ${shown.map((one) => seenBy(one, addresses))}
            </ul>`
      }
    </div>
  `;
}

/** One trial is named of many that show the same. */
function seenBy({ cell: { evidence }, column }: Observed, addresses: Addresses): SafeHtml | null {
  const [first] = evidence;
  if (first === undefined) return null;
  const { trial, attempt } = first;
  const { scenario, placement, scheme, failure } = trial;
  const others = new Set(evidence.map((one) => one.trial)).size - 1;
  return html`
    <li>
      ${evidenceLink(safeText(column.label), column, trial, addresses)}
      <span class="muted"
        >${safeText(scenario)}, ${placement},
        ${scheme}${others === 0 ? "" : `; ${counted(others, "trial")} more`}${
          attempt === null
            ? html`; no attempt shows it: ${sentence(failure?.reason ?? "none was recorded")}`
            : null
        }</span
      >
    </li>
  `;
}
