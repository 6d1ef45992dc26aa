import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { type Tone, toneSigns } from "../../experiments/report/html/words.ts";
import { isConclusive, outcomeIn, type TrialOutcome } from "../outcomes-in.ts";
import { attemptText, evidenceText as text } from "../text/evidence.ts";
import { attemptView } from "./attempt.ts";
import { type EvidenceQuery, trialKey } from "./evidence-query.ts";
import type { KeyedTrial } from "./keyed-trials.ts";
import { runNames } from "./run-names.ts";
import type { ViewContext } from "./view.ts";

/** What is in a trial that is open: its attempts, and how it went in other runs. */
export function trialBody(
  context: ViewContext,
  asked: EvidenceQuery,
  { key, trial }: KeyedTrial,
): SafeHtml {
  const { attempts, verdict } = trial;
  const isProxied = asked.technique?.isProxied === true || (asked.run?.through ?? null) !== null;
  return html`
    ${elsewhere(context, asked, { key, repetition: 1, trial })}
    ${
      attempts.length === 0
        ? html`<p class="hint">${text.trials.noAttempts}</p>`
        : attempts.map((attempt, index) => {
            const decides = verdict.outcome === "fail" && verdict.attempt === index;
            return html`
              <section
                class="evidence-attempt${decides ? " evidence-decides" : ""}"
                id="trial-${key}-${index + 1}"
                tabindex="-1"
              >
                <h4>
                  <a href="${addressOf(context, asked, key, index)}"
                    >${attemptText.attempt(index + 1)}</a
                  >
                  ${decides ? html` <span class="seq-mismatch">✗ ${attemptText.decides}</span>` : null}
                </h4>
                ${attemptView(attempt, { isProxied, level: 5 })}
              </section>
            `;
          })
    }
  `;
}

function addressOf(
  { links }: ViewContext,
  { runKey, techniqueId, placement, scheme, scenario }: EvidenceQuery,
  trial: string,
  attempt: number | null,
): string {
  const query = { run: runKey, technique: techniqueId, placement, scheme, scenario, trial };
  return links.page(
    "evidence",
    attempt === null ? query : { ...query, attempt: attempt + 1 },
    `trial-${trial}${attempt === null ? "" : `-${attempt + 1}`}`,
  );
}

/** The same trial in other browsers, and in this one set up otherwise, each with a link to its own evidence. */
function elsewhere(
  context: ViewContext,
  asked: EvidenceQuery,
  { key, trial }: KeyedTrial,
): SafeHtml {
  const { data, links } = context;
  const names = runNames(data);
  const others = data.runs.flatMap((run) => {
    const isTold = run.profile.name === "default" || run.browser.id === asked.run?.browser.id;
    const isOther = run !== asked.run && isTold;
    const outcome = isOther ? outcomeIn(data, run, trial) : undefined;
    return outcome === undefined ? [] : [{ run, outcome, tone: toneOf(outcome) }];
  });
  const plain = trialKey(trial);
  return html`
    <div class="evidence-elsewhere">
      <a href="${addressOf(context, asked, key, null)}">${text.trials.link}</a>
      ${
        others.length === 0
          ? null
          : html`<p id="others-${key}">${text.trials.otherRuns}:</p>
              <ul aria-labelledby="others-${key}">
                ${others.map(
                  ({ run, outcome, tone }) =>
                    html`<li>
                      <a
                        href="${links.page("evidence", { run: run.key, technique: trial.technique, trial: plain }, `trial-${plain}`)}"
                        >${safeText(names.of(run))}</a
                      >
                      <span class="tag ${tone}"
                        ><span aria-hidden="true">${toneSigns[tone]}</span>
                        ${text.outcomes[outcome]}</span
                      >
                    </li>`,
                )}
              </ul>`
      }
    </div>
  `;
}

function toneOf(outcome: TrialOutcome): Tone {
  if (!isConclusive(outcome)) return "open";
  return outcome === "pass" ? "pass" : "fail";
}
