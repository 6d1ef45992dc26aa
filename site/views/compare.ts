import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { type CompareView, parseCompareQuery } from "../compare-view.ts";
import { type Comparison, createComparison, type ShownMatrix } from "../comparison.ts";
import type { SiteData } from "../data.ts";
import type { Links } from "../links.ts";
import { compareText as text } from "../text/compare.ts";
import { browserSummary } from "./browser-summary.ts";
import { compareFilters } from "./compare-filters.ts";
import { type LiveState, matrixLegend, matrixTable, nothingLive } from "./matrix.ts";
import type { View, ViewContext } from "./view.ts";

/** The home page: which technique works in which browser. */
export const renderCompare: View = (context, query) =>
  comparePage(context, query, createComparison(context.data), nothingLive);

/** The same with what a script knows beyond the data; `comparison` is of the context's data. */
export function comparePage(
  context: ViewContext,
  query: URLSearchParams,
  comparison: Comparison,
  live: LiveState,
): SafeHtml {
  const { data, links } = context;
  const { view, problems } = parseCompareQuery(query, data);
  return html`<div class="cmp">
    ${head(context)}
    <div data-problems>${problemList(problems)}</div>
    <div data-summaries>${compareSummaries(comparison, view, links, live)}</div>
    ${compareFilters(data, view, links)}
    <p class="heard-only" role="status" data-status></p>
    <div data-results>${compareResults(comparison, view, links, live)}</div>
  </div>`;
}

/** What in the address was not understood. */
export function problemList(problems: readonly string[]): SafeHtml | null {
  if (problems.length === 0) return null;
  return html`<div class="alert">
    <p>${text.problems}</p>
    <ul>
      ${problems.map((problem) => html`<li>${safeText(problem)}</li>`)}
    </ul>
  </div>`;
}

/** The browsers that the address asks for by name, and this one, in sentences. */
export function compareSummaries(
  comparison: Comparison,
  view: CompareView,
  links: Links,
  live: LiveState,
): SafeHtml[] {
  const { runs } = comparison.data;
  const keys = new Set([...view.run, ...live.own]);
  return [...keys]
    .flatMap((key) => runs.find((run) => run.key === key) ?? [])
    .map((run) => browserSummary(comparison, run, links, live));
}

/** The matrix with its legend, and what its cells say. */
export function compareResults(
  comparison: Comparison,
  view: CompareView,
  links: Links,
  live: LiveState,
): SafeHtml {
  const matrix = comparison.matrix(view);
  return html`<section aria-labelledby="matrix-heading">
    <h2 id="matrix-heading" class="heard-only">${text.matrix.heading}</h2>
    ${questionNote(view, comparison.data, links)}
    ${
      matrix.rows.length === 0
        ? html`<p class="cmp-nothing">${text.matrix.nothing}</p>`
        : html`${matrixLegend(matrix)}${matrixTable(matrix, view, links, live)}`
    }
  </section>`;
}

/** The status for who cannot see what a filter did. */
export function shownStatus({ rows }: ShownMatrix): string {
  return text.status.shown(rows.length);
}

/** What a pass says when it is not the proof that is shown. */
function questionNote({ scenario }: CompareView, data: SiteData, links: Links): SafeHtml | null {
  if (scenario.length === 0) return null;
  const asked = data.scenarios.filter(({ id }) => scenario.includes(id));
  const [aspect = null, ...more] = [...new Set(asked.map((one) => one.aspect))];
  if (more.length > 0) return html`<p class="cmp-note-line">${text.mixed}</p>`;
  if (aspect === null) return html`<p class="cmp-note-line">${text.proofStep}</p>`;
  return html`<p class="cmp-note-line">
    ${text.aspectNotes[aspect]} <a href="${links.page("risks")}">${text.risksLink}</a>
  </p>`;
}

function head({ data, isLab }: ViewContext): SafeHtml {
  const measured = data.runs.filter(
    ({ source, profile }) => source === "published" && profile.name === "default",
  );
  const browsers = [...new Set(measured.map(({ browser }) => browser.name))];
  const tried = new Set(data.runs.flatMap(({ trials }) => trials.map(([technique]) => technique)));
  return html`<div class="cmp-head">
    <div class="cmp-intro">
      <h1>${text.title}</h1>
      <p class="lead">
        ${safeText(text.lead(tried.size === 0 ? data.techniques.length : tried.size, browsers))}
      </p>
      <p class="lead">${text.proof}</p>
    </div>
    ${isLab ? labForms() : staticHint()}
  </div>`;
}

function labForms(): SafeHtml {
  const { heading, button, hint, userHeading, user, connect, userHint } = text.measure;
  // Without an opener, and so as if the person had come there alone: Firefox lets the popups of a page
  // use what it keeps from others, https://developer.mozilla.org/en-US/docs/Web/Privacy/Guides/State_Partitioning#storage_access_heuristics
  return html`<div class="cmp-try">
    <form action="/runs" method="post" target="_blank" rel="noopener" data-measure>
      <h2>${heading}</h2>
      <button class="primary">${button}</button>
      <p class="hint">${hint}</p>
      <div data-window></div>
    </form>
    <form action="/" method="get">
      <label for="user">${userHeading}</label>
      <div class="field">
        <input
          id="user"
          name="user"
          type="text"
          required
          maxlength="64"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          placeholder="alice"
          aria-label="${user}"
        />
        <button>${connect}</button>
      </div>
      <p class="hint">${userHint}</p>
    </form>
  </div>`;
}

/** What is said until the visit's window has shown a sign of life. */
export function windowHint(entrance: string): SafeHtml {
  const { opened, open } = text.measure;
  return html`<p role="status">
    ${opened} <a href="${entrance}" target="_blank" rel="noopener">${open}</a>
  </p>`;
}

/** Why no visit began. */
export function measureProblem(error: unknown): SafeHtml {
  const reason = error instanceof Error ? error.message : String(error);
  return html`<p class="alert" role="alert">${safeText(text.measure.failed(reason))}</p>`;
}

function staticHint(): SafeHtml {
  const { heading, noLab, command } = text.measure;
  return html`<div class="cmp-try">
    <h2>${heading}</h2>
    <p class="hint">${noLab}</p>
    <p><code>${command}</code></p>
  </div>`;
}
