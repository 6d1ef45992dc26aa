import { html, type SafeHtml } from "@remix-run/html-template";
import type { LeakAnswer, LeakCard } from "../leak-card.ts";
import { safeText, sentence } from "./safe-text.ts";

/** Techniques against the places in which their tokens were looked for; what was found leads to the technique's findings. */
export function leakCardTable(
  card: LeakCard | null,
  anchorOf: (technique: string) => string,
): SafeHtml | null {
  if (card === null) return null;
  return html`
    <h4 id="leak-card">Where tokens were looked for</h4>
    <div class="scroll" role="region" aria-labelledby="leak-card" tabindex="0">
      <table class="plain tokens leaks">
        <caption>
          Techniques against places in which their tokens were looked for
        </caption>
        <thead>
          <tr>
            <th scope="col">Technique</th>
            ${card.places.map((place) => html`<th scope="col">${place}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${card.rows.map(
            ({ technique, cells }) => html`
              <tr>
                <th scope="row">${safeText(technique.title)}</th>
                ${cells.map((answers) => html`<td>${answers.map((answer) => answerText(answer, anchorOf(technique.id)))}</td>`)}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

const signs: Readonly<Record<LeakAnswer["state"], string>> = {
  found: "✕",
  clean: "✓",
  unsearched: "?",
  unknown: "?",
};

const tones: Readonly<Record<LeakAnswer["state"], string>> = {
  found: "refused",
  clean: "fits",
  unsearched: "open",
  unknown: "open",
};

function answerText({ browsers, state, text, why, excerpt }: LeakAnswer, id: string): SafeHtml {
  const sign = html`<span class="sign ${tones[state]}" aria-hidden="true">${signs[state]}</span>`;
  return html`
    <p>
      ${sign}
      ${browsers === null ? null : html`${safeText(browsers)}: `}${
        state === "found" ? html`<a href="#${id}">${safeText(text)}</a>` : safeText(text)
      }
    </p>
    ${
      why === null
        ? null
        : html`<details>
            <summary>Why</summary>
            ${sentence(why)}
          </details>`
    }
    ${
      excerpt === null
        ? null
        : html`<details>
            <summary>The line</summary>
            <code>${safeText(excerpt)}</code>
          </details>`
    }
  `;
}
