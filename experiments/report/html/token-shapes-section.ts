import { html, type SafeHtml } from "@remix-run/html-template";
import {
  fitText,
  pointlessTexts,
  type TokenAnswer,
  type TokenShapeTable,
  tokenShapesLegend,
} from "../token-shapes.ts";
import type { Addresses } from "./addresses.ts";
import { evidenceLink } from "./evidence-link.ts";
import { safeText, sentence } from "./safe-text.ts";
import { outcomeTag } from "./words.ts";

/** Techniques against shapes of tokens; whatever does not fit leads to the trials that show it, folded below. */
export function tokenShapesSection(
  table: TokenShapeTable | null,
  addresses: Addresses,
): SafeHtml | null {
  if (table === null) return null;
  const { shapes, rows } = table;
  const refused = rows.flatMap(({ technique, cells }, row) =>
    cells.flatMap((answers, shape) =>
      answers.flatMap((answer, index) => {
        const name = `${technique.title}, ${shapes[shape] ?? ""}`;
        return answer.fit.state === "fits" || answer.observed.length === 0
          ? []
          : [evidence(answer, name, anchor({ row, shape, index }), addresses)];
      }),
    ),
  );
  return html`
    <section aria-labelledby="tokens">
      <h2 id="tokens">Which token fits</h2>
      <p class="lede">${tokenShapesLegend}</p>
      <div class="scroll" role="region" aria-labelledby="tokens-caption" tabindex="0">
        <table class="plain tokens">
          <caption id="tokens-caption">
            Techniques against shapes of tokens, and who refused
          </caption>
          <thead>
            <tr>
              <th scope="col">Technique</th>
              ${shapes.map((shape) => html`<th scope="col">${shape}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ technique, cells }, row) => html`
                <tr>
                  <th scope="row">${safeText(technique.title)}</th>
                  ${cells.map(
                    (answers, shape) => html`
                      <td>
                        ${answers.map((answer, index) => answerText(answer, anchor({ row, shape, index })))}
                      </td>
                    `,
                  )}
                </tr>
              `,
            )}
          </tbody>
        </table>
      </div>
      ${pointlessTexts(table).map((text) => html`<p class="muted">${sentence(text)}</p>`)}
      ${
        refused.length === 0
          ? null
          : html`
              <details class="quiet">
                <summary>Tokens that do not fit, one by one</summary>
                ${refused}
              </details>
            `
      }
    </section>
  `;
}

function anchor(place: { row: number; shape: number; index: number }): string {
  return `token.${place.row + 1}.${place.shape + 1}.${place.index + 1}`;
}

const signs: Readonly<Record<TokenAnswer["fit"]["state"], string>> = {
  fits: "✓",
  refused: "✕",
  open: "?",
};

function answerText({ browsers, fit, observed }: TokenAnswer, id: string): SafeHtml {
  if (observed.length === 0) return html`<p class="muted">${fitText(fit)}</p>`;
  const sign = html`<span class="sign ${fit.state}" aria-hidden="true">${signs[fit.state]}</span>`;
  const text = safeText(fitText(fit));
  return html`<p>
    ${sign}
    ${browsers === null ? null : html`${safeText(browsers)}: `}${
      fit.state === "fits" ? text : html`<a href="#${id}">${text}</a>`
    }
  </p>`;
}

function evidence(
  { observed }: TokenAnswer,
  name: string,
  id: string,
  addresses: Addresses,
): SafeHtml {
  return html`
    <h3 id="${id}">${safeText(name)}</h3>
    <ul class="seen">
      ${observed.map(
        ({ column, trial }) => html`
          <li>
            ${outcomeTag(trial.verdict.outcome)}
            ${evidenceLink(safeText(column.label), column, trial, addresses)}
            <span class="muted">${trial.placement}, ${trial.scheme}</span>
            <span class="reason">${sentence(trial.verdict.reason)}</span>
          </li>
        `,
      )}
    </ul>
  `;
}
