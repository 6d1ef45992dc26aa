import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText, sentence } from "../../experiments/report/html/safe-text.ts";
import { outcomeTag } from "../../experiments/report/html/words.ts";
import type { EvidenceData, SourcesData } from "../data.ts";
import { compareText } from "../text/compare.ts";
import { evidenceText as text, sourceText } from "../text/evidence.ts";
import { type EvidenceQuery, isShown, parseEvidenceQuery } from "./evidence-query.ts";
import { evidenceSummary } from "./evidence-summary.ts";
import { type KeyedTrial, keyedTrials } from "./keyed-trials.ts";
import { sourceCode } from "./source-code.ts";
import { trialBody } from "./trial-body.ts";
import type { ViewContext } from "./view.ts";

/**
 * What the trials amount to, and each of them folded. Only the one that is open has its attempts:
 * `trialBody` makes those of the others. `sources`: null when they could not be loaded.
 */
export function renderTrials(
  context: ViewContext,
  query: URLSearchParams,
  evidence: EvidenceData,
  sources: SourcesData | null,
): SafeHtml {
  const asked = parseEvidenceQuery(query, context.data);
  const shown = keyedTrials(evidence).filter(({ trial }) => isShown(trial, asked));
  const open = openTrial(shown, asked);
  const groups = Map.groupBy(shown, ({ trial }) => trial.scenario);
  const scenarios = context.data.scenarios.map(({ id }) => id);
  const order = [...groups.keys()].toSorted((a, b) => scenarios.indexOf(a) - scenarios.indexOf(b));
  return html`
    ${evidenceSummary(context, asked, shown)}
    <h2 id="trials">${text.trials.heading}</h2>
    ${shown.length === 0 ? html`<p class="hint">${text.trials.nothing}</p>` : null}
    ${order.map((id) => scenarioSection(context, asked, id, groups.get(id) ?? [], open))}
    ${sources === null ? null : sourceSection(sources, shown)}
  `;
}

/** Says of the code that it ran only where what was tried is known by the same definition. */
function sourceSection(sources: SourcesData, shown: readonly KeyedTrial[]): SafeHtml {
  const known = new Set(sources.definitions);
  const isSame = shown.every(({ trial }) => known.has(trial.definition));
  return html`<h2 id="source">${isSame ? sourceText.heading : sourceText.headingNow}</h2>
    ${isSame ? null : html`<p class="hint">${sourceText.changed}</p>`} ${sourceCode(sources)}`;
}

/** The trial that the address names; else the first that failed; else the only one. */
function openTrial(
  shown: readonly KeyedTrial[],
  { trial: named }: EvidenceQuery,
): KeyedTrial | undefined {
  return (
    shown.find(({ key }) => key === named) ??
    shown.find(({ trial }) => trial.verdict.outcome === "fail") ??
    (shown.length === 1 ? shown[0] : undefined)
  );
}

function scenarioSection(
  context: ViewContext,
  asked: EvidenceQuery,
  id: string,
  trials: readonly KeyedTrial[],
  open: KeyedTrial | undefined,
): SafeHtml {
  const scenario = context.data.scenarios.find((one) => one.id === id);
  const question = scenario?.question ?? "";
  const aspect = scenario?.aspect ?? null;
  return html`
    <section class="evidence-scenario" id="scenario-${id}">
      <h3>${safeText(question === "" ? id : question)}</h3>
      <p class="hint">
        <code>${safeText(id)}</code> ·
        ${aspect === null ? text.trials.proof : compareText.aspects[aspect]}
      </p>
      ${failingFirst(trials).map((keyed) => trialDetails(context, asked, keyed, keyed === open))}
    </section>
  `;
}

/** An order of its own: trials that pass teach less. */
function failingFirst(trials: readonly KeyedTrial[]): readonly KeyedTrial[] {
  return trials.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ trial }: KeyedTrial): number {
  const { outcome } = trial.verdict;
  return outcome === "fail" ? 0 : outcome === "pass" ? 2 : 1;
}

function trialDetails(
  context: ViewContext,
  asked: EvidenceQuery,
  { key, repetition, trial }: KeyedTrial,
  isOpen: boolean,
): SafeHtml {
  const { verdict, placement, scheme, attempts } = trial;
  return html`
    <details
      class="evidence-trial"
      id="trial-${key}"
      data-trial="${key}"
      ${isOpen ? html.raw` open` : null}
    >
      <summary>
        ${outcomeTag(verdict.outcome)}
        <span class="evidence-where"
          >${compareText.placements[placement]},
          ${scheme}${repetition === 1 ? null : `, ${text.trials.repetition(repetition)}`}</span
        >
        <span class="evidence-reason">${sentence(verdict.reason)}</span>
        <span class="hint">${text.trials.attempts(attempts.length)}</span>
      </summary>
      <div data-body>${isOpen ? trialBody(context, asked, { key, repetition, trial }) : null}</div>
    </details>
  `;
}
