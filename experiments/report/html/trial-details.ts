import { html, type SafeHtml } from "@remix-run/html-template";
import type { Attempt } from "../../../model/observation.ts";
import type { JudgedTrial } from "../../../model/results.ts";
import type { Repetitions } from "../repetitions.ts";
import { safeText, sentence } from "./safe-text.ts";
import { timelines } from "./timelines.ts";
import { outcomeTag } from "./words.ts";

/** One trial that opens to show its attempts; a `fail` is open from the start. `index` counts repetitions from 0. */
export function trialDetails(
  trial: JudgedTrial,
  { scenario, variant, trials }: Repetitions,
  options: { readonly id: string; readonly index: number; readonly hasVariants: boolean },
): SafeHtml {
  const { verdict, attempts } = trial;
  const repetition =
    trials.length > 1 ? `repetition ${options.index + 1} of ${trials.length}` : null;
  const isOpen = verdict.outcome === "fail" ? html` open` : null;
  return html`
    <details id="${options.id}" class="trial" ${isOpen}>
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

function attemptSection(attempt: Attempt, index: number, decided: boolean): SafeHtml {
  return html`
    <section class="attempt${decided ? " decided" : ""}">
      <h5>
        Attempt
        ${index + 1}${decided ? html` <span class="mismatch">decides the verdict</span>` : null}
      </h5>
      <p class="plan">${planText(attempt)}${endText(attempt)}</p>
      ${timelines(attempt)}
    </section>
  `;
}

function planText({ present, given, user, singleUse, expect }: Attempt): SafeHtml {
  const wish = html`should be <b>${expect}</b>`;
  if (present === "none" || given === null) return html`Given no token; ${wish}`;
  const kind = singleUse ? `${present}, single-use` : present;
  return html`Given <b class="serial">${given}</b>, a ${kind} token of ${safeText(user)}; ${wish}`;
}

function endText({ end }: Attempt): string {
  switch (end) {
    case "completed":
      return ".";
    case "threw":
      return ". The page's code threw before there was a socket.";
    case "timeout":
      return ". The page's deadline passed.";
    case "harness-error":
      return ". The harness's own code in the page failed.";
  }
}
