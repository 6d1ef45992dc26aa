import { html, type SafeHtml } from "@remix-run/html-template";
import type { Verdict } from "../../../model/results.ts";
import {
  type BrowserFindings,
  type CommonReason,
  countTrials,
  type Finding,
  findingsOf,
} from "../findings.ts";
import type { Matrix } from "../matrix.ts";
import { techniquesText } from "../unsupported.ts";
import type { Column } from "../columns.ts";
import type { Addresses } from "./addresses.ts";
import { evidenceLink } from "./evidence-link.ts";
import { safeText, sentence } from "./safe-text.ts";
import { counted } from "./words.ts";

/** What failed and what could not be judged, in words, browser by browser. */
export function findingsSections(matrix: Matrix, addresses: Addresses): SafeHtml {
  const { fails, inconclusive } = findingsOf(matrix);
  return html`
    <section aria-labelledby="findings">
      <h2 id="findings">What failed</h2>
      ${
        fails.length === 0
          ? html`<p>Nothing: no trial shows a fault.</p>`
          : html`<p class="lede">
              ${counted(countTrials(fails), "trial")} did not go as an engineer would want.
            </p>`
      }
      ${fails.map((browser) => browserFindings(browser, addresses))}
    </section>
    ${
      inconclusive.length === 0
        ? null
        : html`
            <section aria-labelledby="inconclusive">
              <h2 id="inconclusive">What could not be judged</h2>
              <p class="lede">
                ${counted(countTrials(inconclusive), "trial")} that count neither for nor against a
                technique.
              </p>
              ${inconclusive.map((browser) => browserFindings(browser, addresses))}
            </section>
          `
    }
  `;
}

function browserFindings(
  { column, common, unsupported, techniques }: BrowserFindings<Verdict["outcome"]>,
  addresses: Addresses,
): SafeHtml {
  const links = techniques.map(
    ({ technique }) =>
      html`<a href="${addresses.cell(column, technique.id)}">${safeText(technique.title)}</a>`,
  );
  return html`
    <h3>${safeText(column.label)}</h3>
    <dl class="findings">
      ${unsupported.map(
        (one) => html`
          <div>
            <dt>${safeText(techniquesText(one))}</dt>
            <dd>${one.where}: <span class="reason">unsupported: ${sentence(one.reason)}</span></dd>
          </div>
        `,
      )}
      ${
        common !== null
          ? html`<div>
              <dt>${links.map((link, index) => html`${index === 0 ? "" : ", "}${link}`)}</dt>
              ${commonItem(common)}
            </div>`
          : techniques.map(
              (one, index) => html`
                <div>
                  <dt>${links[index]}</dt>
                  ${
                    one.common === null
                      ? one.findings.map((finding) => findingItem(column, finding, addresses))
                      : commonItem(one.common)
                  }
                </div>
              `,
            )
      }
    </dl>
  `;
}

function commonItem({ extent, outcome, reason }: CommonReason): SafeHtml {
  return html`<dd>${extent}: <span class="reason">${outcome}: ${sentence(reason)}</span></dd>`;
}

function findingItem(
  column: Column,
  { repetitions, where, reasons }: Finding<Verdict["outcome"]>,
  addresses: Addresses,
): SafeHtml {
  const { scenario, trials, unstable } = repetitions;
  const first = trials.find(({ verdict }) => verdict.outcome === reasons[0]?.outcome) ?? trials[0];
  return html`
    <dd>
      ${evidenceLink(safeText(scenario.id), column, first, addresses)}
      ${where === null ? null : html`<span class="muted">${where}</span>`}
      ${unstable === null ? null : html`<span class="unstable">${unstable}</span>`}
      ${reasons.map(({ outcome, reason, count }) => {
        const times = trials.length > 1 ? `${count}× ` : "";
        const what = outcome === "fail" ? "" : `${outcome}: `;
        return html`<span class="reason">${times}${what}${sentence(reason)}</span>`;
      })}
    </dd>
  `;
}
