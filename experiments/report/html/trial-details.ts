import { html, type SafeHtml } from "@remix-run/html-template";
import type { JudgedTrial } from "../../../model/results.ts";
import type { Repetitions } from "../repetitions.ts";
import { attemptSection } from "./attempt-section.ts";
import { safeText, sentence } from "./safe-text.ts";
import { outcomeTag } from "./words.ts";

/** One trial that opens to show its attempts. `index` counts repetitions from 0. */
export function trialDetails(
  trial: JudgedTrial,
  { scenario, variant, trials }: Repetitions,
  options: {
    readonly id: string;
    readonly index: number;
    readonly isOpen: boolean;
    readonly hasVariants: boolean;
  },
): SafeHtml {
  const { verdict, attempts } = trial;
  const repetition =
    trials.length > 1 ? `repetition ${options.index + 1} of ${trials.length}` : null;
  return html`
    <details id="${options.id}" class="trial" ${options.isOpen ? html` open` : null}>
      <summary>
        ${outcomeTag(verdict.outcome)}
        <strong>${safeText(scenario.id)}</strong>
        ${options.hasVariants ? html`<span class="muted">${variant}</span>` : null}
        ${repetition === null ? null : html`<span class="muted">${repetition}</span>`}
        ${scenario.question === "" ? null : html`<span class="question">${safeText(scenario.question)}</span>`}
      </summary>
      <p class="verdict">${sentence(verdict.reason)}</p>
      ${
        attempts.length === 0
          ? html`<p class="muted">No attempt was recorded.</p>`
          : attempts.map((attempt, index) => {
              const decided = verdict.outcome === "fail" && verdict.attempt === index;
              return attemptSection(attempt, index, decided);
            })
      }
    </details>
  `;
}
