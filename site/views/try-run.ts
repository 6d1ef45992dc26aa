import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText, sentence } from "../../experiments/report/html/safe-text.ts";
import { judgements } from "../../experiments/judgements.ts";
import type { JudgedAttempt } from "../../model/lab-api.ts";
import type { Attempt, Serial } from "../../model/observation.ts";
import type { Verdict } from "../../model/results.ts";
import type { SiteTechnique } from "../data.ts";
import { compareText } from "../text/compare.ts";
import { tryText as text } from "../text/try.ts";
import type { PublishedOutcome, TryMatch } from "../try-matches.ts";
import type { Presented } from "../try-query.ts";
import { attemptView } from "./attempt.ts";
import { runNames } from "./run-names.ts";
import type { ViewContext } from "./view.ts";

/** A connection that was made on the page. */
export interface TryRun {
  /** Counted from 1. */
  readonly number: number;
  readonly technique: SiteTechnique;
  readonly presented: Presented;
  readonly user: string;
  readonly judged: JudgedAttempt;
  /** By serial, which runs of this page were given tokens. */
  readonly givenIn: ReadonlyMap<Serial, number>;
  /** What is like it in published results; null: nothing is. */
  readonly match: TryMatch | null;
}

/** A run in the page's history: a line to be read at a glance, and all that is known of it. */
export function tryRunView(context: ViewContext, run: TryRun): SafeHtml {
  const { number, judged } = run;
  const { attempt, verdict } = judged;
  return html`
    <details open>
      <summary>${runHead(run)} ${outcomeBadge(verdict)}</summary>
      <dl class="try-wanted">
        <div>
          <dt>${text.runs.wanted}</dt>
          <dd>${text.expected[attempt.expect]}</dd>
        </div>
        <div>
          <dt>${text.runs.happened}</dt>
          <dd>${sentence(happenedText(attempt))}</dd>
        </div>
      </dl>
      <p class="reason">${sentence(asSentence(verdict.reason))} ${sentence(whoseToken(run))}</p>
      <p class="actions">
        <button type="button" data-again="good" data-number="${number}">
          ${text.runs.again.fresh}
        </button>
        ${
          attempt.given === null
            ? null
            : html`<button type="button" data-again="again" data-number="${number}">
                ${text.runs.again.same}
              </button>`
        }
      </p>
      ${attemptView(attempt, { hasPlan: false, level: 3 })} ${publishedView(context, run)}
    </details>
  `;
}

/** A run that our own failure ended. */
export function failedRunView(
  run: Pick<TryRun, "number" | "technique" | "presented">,
  reason: string,
): SafeHtml {
  return html`
    <details open>
      <summary>${runHead(run)}</summary>
      <p class="alert">${safeText(text.runs.failed(reason))}</p>
    </details>
  `;
}

/** What came of an attempt, in words. */
export function happenedText(attempt: Attempt): string {
  const { given, end, events, evidence } = attempt;
  const words = text.happened;
  const judged = judgements(attempt);
  const letIn = judged.find(({ user }) => user !== null);
  if (letIn !== undefined) {
    const { user, presented } = letIn;
    return [
      user === null ? words.letInAnyway : words.letIn(user),
      presented === null ? "" : words.with(presented),
      given !== null && presented !== given ? words.given(given) : "",
      events.some(({ type }) => type === "open") ? "" : words.notOpen,
    ].join("");
  }
  const refusal = judged.findLast((one) => one.refusal !== null)?.refusal;
  if (typeof refusal === "string") return words.refused(refusal);
  const exception = events.find((event) => event.type === "exception");
  if (exception !== undefined) return words.threw(`${exception.name}: ${exception.message}`);
  if (end === "timeout") return words.timeout;
  return evidence.length === 0 ? words.nothing : words.unjudged;
}

/** Where a token comes from that the browser presented instead of the one it was given; empty: it did not. */
function whoseToken({ judged: { attempt }, givenIn }: TryRun): string {
  const stranger = judgements(attempt)
    .map(({ presented }) => presented)
    .findLast((presented) => presented !== null && presented !== attempt.given);
  if (stranger === undefined || stranger === null || stranger === "unrecognised") return "";
  const number = givenIn.get(stranger);
  return number === undefined ? text.runs.kept(stranger) : text.runs.tokenOf(stranger, number);
}

function asSentence(reason: string): string {
  const capitalised = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?…]$/u.test(capitalised) ? capitalised : `${capitalised}.`;
}

function runHead({
  number,
  technique,
  presented,
}: Pick<TryRun, "number" | "technique" | "presented">): SafeHtml {
  return html`<span class="number">${text.runs.name(number)}</span>
    <span>${technique.title}, ${text.presented[presented]}</span>`;
}

const badges: Readonly<
  Record<Verdict["outcome"], { readonly state: "ok" | "ko" | "unknown"; readonly sign: string }>
> = {
  pass: { state: "ok", sign: "✓" },
  fail: { state: "ko", sign: "✗" },
  timeout: { state: "unknown", sign: "?" },
  crash: { state: "unknown", sign: "?" },
  unsupported: { state: "unknown", sign: "?" },
  "harness-error": { state: "unknown", sign: "!" },
};

function outcomeBadge({ outcome }: Verdict): SafeHtml {
  const { state, sign } = badges[outcome];
  return html`<span class="badge" data-state="${state}"
    ><span class="sign" aria-hidden="true">${sign}</span> ${text.outcomes[outcome]}</span
  >`;
}

function publishedView({ data, links }: ViewContext, { technique, match }: TryRun): SafeHtml {
  const words = text.published;
  if (match === null) return section(html`<p class="hint">${words.noScenario}</p>`);
  const { scenario, scheme, attempt, attempts, published, leftOut } = match;
  if (published.length === 0) {
    const why = leftOut === null ? words.none : words.leftOut(leftOut);
    return section(html`<p class="hint">${safeText(why)}</p>`);
  }
  const question = data.scenarios.find(({ id }) => id === scenario)?.question ?? scenario;
  return section(html`
    <div class="scroll">
      <table>
        <caption>
          ${words.caption(question, scheme)}
          ${attempts > 1 ? words.attempt(attempt + 1, attempts) : null}
        </caption>
        <thead>
          <tr>
            <th scope="col">${words.browser}</th>
            <th scope="col">${words.outcome}</th>
            <th scope="col"><span class="heard-only">${words.evidence}</span></th>
          </tr>
        </thead>
        <tbody>
          ${published.map(({ run, outcome, isAlike }) => {
            const name = runNames(data).of(run);
            const query = { run: run.key, technique: technique.id, placement: "same-host", scheme };
            const href = links.page("evidence", { ...query, scenario });
            return html`<tr>
              <th scope="row">${safeText(name)}</th>
              <td>
                ${outcomeText(outcome)}
                ${
                  isAlike === null
                    ? null
                    : html`<span class="hint">${isAlike ? words.alike : words.different}</span>`
                }
              </td>
              <td>
                <a href="${href}" aria-label="${words.evidenceOf(name)}">${words.evidence}</a>
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  `);
}

function section(body: SafeHtml): SafeHtml {
  return html`<section class="try-published">
    <h3>${text.published.heading}</h3>
    ${body}
  </section>`;
}

function outcomeText(outcome: PublishedOutcome["outcome"]): string {
  if (outcome === "unstable") return text.published.unstable;
  return outcome === "decided-before" ? text.published.decidedBefore : compareText.kinds[outcome];
}
