import { html, type SafeHtml } from "@remix-run/html-template";
import type { ScenarioEntry } from "../catalogue.ts";
import type { Column } from "../columns.ts";
import type { Cell, Row } from "../matrix.ts";
import type { Repetitions } from "../repetitions.ts";
import { whereFound } from "../variants.ts";
import type { Anchors } from "./anchors.ts";
import { safeText } from "./safe-text.ts";
import { outcomeTag } from "./words.ts";

/** One technique's scenarios against browsers; every outcome leads to its trial. */
export function scenarioTable(
  { technique, cells, scenarios }: Row,
  { id, hasVariants }: { readonly id: string; readonly hasVariants: boolean },
  anchors: Anchors,
): SafeHtml {
  return html`
    <div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">
      <table class="scenarios">
        <caption id="${id}">
          ${safeText(technique.title)}, scenario by scenario
        </caption>
        <thead>
          <tr>
            <th scope="col">Scenario</th>
            ${cells.map(({ column }) => html`<th scope="col">${columnHeading(column)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${scenarios.map(
            (scenario) => html`
              <tr>
                <th scope="row">${scenarioHeading(scenario)}</th>
                ${cells.map((cell) => {
                  const own = supported(cell).filter((one) => one.scenario.id === scenario.id);
                  return outcomeCell(own, hasVariants, anchors);
                })}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function columnHeading({ name, version, note }: Column): SafeHtml {
  return html`${safeText(name)}${[version, note].map((line) =>
    line === null ? null : html` <span class="version">${safeText(line)}</span>`,
  )}`;
}

function scenarioHeading({ id, question }: ScenarioEntry): SafeHtml {
  return html`${safeText(id)}
  ${question === "" ? null : html`<span class="question">${safeText(question)}</span>`}`;
}

/** Without what the browser cannot be given, unless that is everything: it is said once, among the findings. */
function supported({ repetitions, variants }: Cell): readonly Repetitions[] {
  const known = new Set(
    variants.filter(({ isSupported }) => isSupported).map(({ variant }) => variant),
  );
  return known.size === 0 ? repetitions : repetitions.filter(({ variant }) => known.has(variant));
}

/** Every outcome once, with the variants that had it; each leads to the first of its trials. */
function outcomeCell(
  tried: readonly Repetitions[],
  hasVariants: boolean,
  anchors: Anchors,
): SafeHtml {
  if (tried.length === 0) return html`<td><span class="muted">not tried</span></td>`;
  const outcomes = Map.groupBy(tried, (group) =>
    JSON.stringify([group.trials[worstIndex(group)]?.verdict.outcome, group.unstable]),
  );
  const all = tried.map(({ variant }) => variant);
  return html`
    <td>
      ${[...outcomes.values()].map((groups) => {
        const [first] = groups;
        const worst = first === undefined ? -1 : worstIndex(first);
        const trial = first?.trials[worst];
        if (first === undefined || trial === undefined) return null;
        const found = groups.map(({ variant }) => variant);
        return html`<div>
          <a href="#${anchors.trial(first, worst)}">${outcomeTag(trial.verdict.outcome)}</a>
          ${first.unstable === null ? null : html`<span class="unstable">${first.unstable}</span>`}
          ${
            hasVariants && outcomes.size > 1
              ? html`<span class="muted">${whereFound(found, all)}</span>`
              : null
          }
        </div>`;
      })}
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
