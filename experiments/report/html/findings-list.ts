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
import type { Anchors } from "./anchors.ts";
import { safeText, sentence } from "./safe-text.ts";
import { counted } from "./words.ts";

/** What failed and what could not be judged, in words, browser by browser. */
export function findingsSections(matrix: Matrix, anchors: Anchors): SafeHtml {
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
      ${fails.map((browser) => browserFindings(browser, anchors))}
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
              ${inconclusive.map((browser) => browserFindings(browser, anchors))}
            </section>
          `
    }
  `;
}

function browserFindings(
  { column, common, unsupported, techniques }: BrowserFindings<Verdict["outcome"]>,
  anchors: Anchors,
): SafeHtml {
  const links = techniques.map(
    ({ technique }) =>
      html`<a href="#${anchors.cell(column, technique.id)}">${safeText(technique.title)}</a>`,
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
                      ? one.findings.map((finding) => findingItem(finding, anchors))
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
  { repetitions, where, reasons }: Finding<Verdict["outcome"]>,
  anchors: Anchors,
): SafeHtml {
  const { scenario, trials, unstable } = repetitions;
  const first = trials.findIndex(({ verdict }) => verdict.outcome === reasons[0]?.outcome);
  return html`
    <dd>
      <a href="#${anchors.trial(repetitions, Math.max(first, 0))}">${safeText(scenario.id)}</a>
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
