import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText, sentence } from "../../experiments/report/html/safe-text.ts";
import { toneSigns, wordSigns } from "../../experiments/report/html/words.ts";
import { createComparison } from "../comparison.ts";
import { evidenceText } from "../text/evidence.ts";
import type { EvidenceQuery } from "./evidence-query.ts";
import type { KeyedTrial } from "./keyed-trials.ts";
import type { ViewContext } from "./view.ts";

const text = evidenceText.summary;
const maxReasons = 8;

/** What the shown trials amount to in plain words, and why those that do not pass do not. */
export function evidenceSummary(
  { data }: ViewContext,
  { run, technique, placement, scheme, scenario }: EvidenceQuery,
  shown: readonly KeyedTrial[],
): SafeHtml {
  const summary =
    run === undefined || technique === undefined
      ? undefined
      : createComparison(data).proof(run, technique.id)?.summary;
  const [proof, beyond] = [shown.filter(isProof), shown.filter((one) => !isProof(one))];
  const isNarrowed = [placement, scheme, scenario].some(({ length }) => length > 0);
  return html`
    <section class="evidence-summary" aria-labelledby="summary">
      <h2 id="summary">${text.heading}</h2>
      ${
        summary === undefined
          ? null
          : html`<p class="evidence-verdict ${summary.word}">
              <span class="evidence-sign" aria-hidden="true">${wordSigns[summary.word]}</span>
              <span>${text.meanings[summary.word]} ${isNarrowed ? text.whole : null}</span>
            </p>`
      }
      ${proof.length === 0 ? null : html`<p>${text.proof(passes(proof), proof.length)}</p>`}
      ${reasons(text.why, proof.filter(isFail), "fail")}
      ${beyond.length === 0 ? null : html`<p>${text.beyond(passes(beyond), beyond.length)}</p>`}
      ${reasons(text.whyBeyond, beyond.filter(isFail), "fail")}
      ${reasons(text.open, shown.filter(isOpen), "open")}
    </section>
  `;
}

function isProof({ trial }: KeyedTrial): boolean {
  return trial.aspect === undefined;
}

function passes(trials: readonly KeyedTrial[]): number {
  return trials.filter(({ trial }) => trial.verdict.outcome === "pass").length;
}

function isFail({ trial }: KeyedTrial): boolean {
  return trial.verdict.outcome === "fail";
}

function isOpen(keyed: KeyedTrial): boolean {
  return !isFail(keyed) && keyed.trial.verdict.outcome !== "pass";
}

/** Every reason once, the most frequent first, each with the first trial that gave it. */
function reasons(
  title: string,
  trials: readonly KeyedTrial[],
  tone: "fail" | "open",
): SafeHtml | null {
  if (trials.length === 0) return null;
  const groups = [...Map.groupBy(trials, ({ trial }) => trial.verdict.reason)].toSorted(
    ([, a], [, b]) => b.length - a.length,
  );
  return html`
    <p>${title}</p>
    <ul class="evidence-reasons">
      ${groups.slice(0, maxReasons).map(
        ([reason, some]) =>
          html`<li>
            <span class="evidence-${tone}" aria-hidden="true">${toneSigns[tone]}</span>
            ${sentence(reason)}
            <span class="hint">${safeText(listOf(some))}</span>
            <a href="#trial-${some[0]?.key ?? ""}">${text.where(some.length)}</a>
          </li>`,
      )}
      ${
        groups.length > maxReasons
          ? html`<li class="hint">${text.more(groups.length - maxReasons)}</li>`
          : null
      }
    </ul>
  `;
}

/** "rotation, rotation-single-use" */
function listOf(trials: readonly KeyedTrial[]): string {
  return [...new Set(trials.map(({ trial }) => trial.scenario))].join(", ");
}
