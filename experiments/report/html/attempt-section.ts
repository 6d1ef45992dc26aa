import { html, type SafeHtml } from "@remix-run/html-template";
import type { Attempt } from "../../../model/observation.ts";
import { endText, planText, searchList } from "./attempt-words.ts";
import { timelines } from "./timelines.ts";

/** One attempt as planned and as both ends saw it. `index` counts from 0. */
export function attemptSection(attempt: Attempt, index: number, decided: boolean): SafeHtml {
  return html`
    <section class="attempt${decided ? " decided" : ""}">
      <h5>
        Attempt
        ${index + 1}${decided ? html` <span class="mismatch">decides the verdict</span>` : null}
      </h5>
      <p class="plan">${planText(attempt)}${endText(attempt)}</p>
      ${timelines(attempt)} ${searchList(attempt)}
    </section>
  `;
}
