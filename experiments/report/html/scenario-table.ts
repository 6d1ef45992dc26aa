import { html, type SafeHtml } from "@remix-run/html-template";
import type { Column } from "../columns.ts";
import type { Row } from "../matrix.ts";
import type { Repetitions } from "../repetitions.ts";
import type { Anchors } from "./anchors.ts";
import { safeText } from "./safe-text.ts";
import { outcomeTag } from "./words.ts";

/** One technique's scenarios against browsers; every outcome leads to its trial. */
export function scenarioTable(
  { technique, cells, trials }: Row,
  caption: { readonly id: string; readonly hasVariants: boolean },
  anchors: Anchors,
): SafeHtml {
  return html`
    <div class="scroll" role="region" aria-labelledby="${caption.id}" tabindex="0">
      <table class="scenarios">
        <caption id="${caption.id}">
          ${safeText(technique.title)}, scenario by scenario
        </caption>
        <thead>
          <tr>
            <th scope="col">Scenario</th>
            ${cells.map(({ column }) => html`<th scope="col">${columnHeading(column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${trials.map(
            (trial) => html`
              <tr>
                <th scope="row">${scenarioHeading(trial, caption.hasVariants)}</th>
                ${cells.map((cell) => outcomeCell(cell.repetitions.find(isSame(trial)), anchors))}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function isSame(trial: Repetitions): (other: Repetitions) => boolean {
  return ({ scenario, variant }) => scenario.id === trial.scenario.id && variant === trial.variant;
}

function columnHeading({ name, version, note }: Column): SafeHtml {
  return html`${safeText(name)}${[version, note].map((line) =>
    line === null ? null : html` <span class="version">${safeText(line)}</span>`,
  )}`;
}

function scenarioHeading({ scenario, variant }: Repetitions, hasVariants: boolean): SafeHtml {
  return html`${safeText(scenario.id)}
  ${hasVariants ? html`<span class="muted">${variant}</span>` : null}
  ${
    scenario.question === ""
      ? null
      : html`<span class="question">${safeText(scenario.question)}</span>`
  }`;
}

function outcomeCell(group: Repetitions | undefined, anchors: Anchors): SafeHtml {
  const worst = group === undefined ? -1 : worstIndex(group);
  const trial = group?.trials[worst];
  if (group === undefined || trial === undefined) {
    return html`<td><span class="muted">not tried</span></td>`;
  }
  return html`
    <td>
      <a href="#${anchors.trial(group, worst)}">${outcomeTag(trial.verdict.outcome)}</a>
      ${group.unstable === null ? null : html`<span class="unstable">${group.unstable}</span>`}
    </td>
  `;
}

/** The repetition that explains most: the first `fail`, else the first inconclusive one. */
function worstIndex({ trials }: Repetitions): number {
  const outcomes = trials.map(({ verdict }) => verdict.outcome);
  const fail = outcomes.indexOf("fail");
  if (fail !== -1) return fail;
  const inconclusive = outcomes.findIndex((outcome) => outcome !== "pass");
  return Math.max(inconclusive, 0);
}
