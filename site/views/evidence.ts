import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { wordSigns } from "../../experiments/report/html/words.ts";
import { visible } from "../../experiments/report/visible.ts";
import type { SiteData, SiteRun } from "../data.ts";
import { createComparison } from "../comparison.ts";
import { compareText } from "../text/compare.ts";
import { evidenceText as text } from "../text/evidence.ts";
import { type EvidenceQuery, parseEvidenceQuery } from "./evidence-query.ts";
import { runNames } from "./run-names.ts";
import type { View, ViewContext } from "./view.ts";

export { renderTrials } from "./evidence-trials.ts";

/** All that was observed of a technique in a run, but for the trials, whose data come later: see `renderTrials`. */
export const renderEvidence: View = (context, query) => {
  const asked = parseEvidenceQuery(query, context.data);
  const { run, technique } = asked;
  if (run === undefined || technique === undefined) return withoutCell(context, asked);
  const { links, isLab } = context;
  const title = text.title(technique.title, runNames(context.data).of(run));
  const isLive = isLab && technique.leftOut === null;
  return html`
    <div class="evidence">
      <p class="evidence-links">
        <a href="${links.page("index", { technique: technique.id, run: run.key })}">${text.back}</a>
        <a href="${links.technique(technique.id)}">${text.technique}</a>
        <a href="#source">${text.code}</a>
        ${isLive ? html`<a href="${links.page("try", { technique: technique.id })}">${text.tryIt}</a>` : null}
      </p>
      <h1>${safeText(title)}</h1>
      <p class="hint">${runFacts(run)}</p>
      ${otherRuns(context, asked)} ${filters(context, asked)}
      <div data-trials><p class="hint" role="status">${text.loading}</p></div>
    </div>
  `;
};

function withoutCell(context: ViewContext, asked: EvidenceQuery): SafeHtml {
  const { runKey, run, techniqueId, technique } = asked;
  const problems = [
    ...(runKey !== "" && run === undefined ? [text.unknownRun(runKey)] : []),
    ...(techniqueId !== "" && technique === undefined ? [text.unknownTechnique(techniqueId)] : []),
  ];
  return html`
    <div class="evidence">
      <p class="evidence-links"><a href="${context.links.page("index")}">${text.back}</a></p>
      <h1>${text.noTitle}</h1>
      ${problems.map((problem) => html`<p class="alert">${safeText(problem)}</p>`)}
      <p class="lead">${text.choose}</p>
      ${filters(context, asked)}
    </div>
  `;
}

function runFacts({ browser, profile, through, startedAt, source }: SiteRun): SafeHtml {
  const parts = [
    compareText.sources[source],
    text.measured(startedAt.slice(0, 10)),
    browser.os,
    compareText.profiles[profile.name],
    ...(browser.versionSource === "ua" ? [text.fromUserAgent] : []),
    ...(through === null ? [] : [through]),
  ];
  return html`${parts.map((part, index) => html`${index === 0 ? "" : " · "}${safeText(part)}`)}`;
}

/** The browsers as they come, and the run that is shown; those that were set up otherwise are folded. */
function otherRuns(context: ViewContext, { run: current, ...asked }: EvidenceQuery): SafeHtml {
  const { runs } = context.data;
  const isPlain = (run: SiteRun): boolean => run.profile.name === "default" || run === current;
  const links = (some: readonly SiteRun[]): SafeHtml[] =>
    some.flatMap((run) => runLink(context, { ...asked, run: current }, run) ?? []);
  const [plain, others] = [links(runs.filter(isPlain)), links(runs.filter((run) => !isPlain(run)))];
  return html`<nav class="evidence-runs" aria-label="${text.others}">
    <ul>
      ${plain}
    </ul>
    ${
      others.length === 0
        ? null
        : html`<details>
            <summary>${text.otherProfiles(others.length)}</summary>
            <ul>
              ${others}
            </ul>
          </details>`
    }
  </nav>`;
}

function runLink(
  { data, links }: ViewContext,
  { run: current, technique, placement, scheme, scenario }: EvidenceQuery,
  run: SiteRun,
): SafeHtml | undefined {
  const id = technique?.id ?? "";
  const summary = createComparison(data).proof(run, id)?.summary;
  if (summary === undefined || summary.total === 0) return undefined;
  const { word, passed, total } = summary;
  return html`<li>
    <a
      href="${links.page("evidence", { run: run.key, technique: id, placement, scheme, scenario })}"
      class="evidence-run"
      ${run === current ? html.raw` aria-current="true"` : null}
    >
      <span>${safeText(runNames(data).of(run))}</span>
      <span class="evidence-word ${word}"
        ><span aria-hidden="true">${wordSigns[word]}</span> ${word}</span
      >
      <span class="hint">${text.passed(passed, total)}</span>
    </a>
  </li>`;
}

function filters({ data, links }: ViewContext, asked: EvidenceQuery): SafeHtml {
  const names = runNames(data);
  const { run, technique, placement, scheme, scenario } = asked;
  const { filters: words } = text;
  const isOpen =
    run === undefined ||
    technique === undefined ||
    [placement, scheme, scenario].some(({ length }) => length > 0);
  return html`
    <details class="evidence-choice" ${isOpen ? html.raw` open` : null}>
      <summary>${words.label}</summary>
      <form class="evidence-filters" method="get" action="${links.page("evidence")}">
        ${select(
          "technique",
          words.technique,
          [technique?.id ?? ""],
          null,
          data.techniques.map(({ id, title }) => [id, title]),
        )}
        ${select(
          "run",
          words.run,
          [run?.key ?? ""],
          null,
          data.runs.map((one) => [one.key, names.of(one)]),
        )}
        ${select("scenario", words.scenario, scenario, words.all, scenarioOptions(data))}
        ${select(
          "placement",
          words.placement,
          placement,
          words.all,
          data.placements.map((one) => [one, compareText.placements[one]]),
        )}
        ${select(
          "scheme",
          words.scheme,
          scheme,
          words.all,
          data.schemes.map((one) => [one, compareText.schemes[one]]),
        )}
        <button type="submit">${words.apply}</button>
      </form>
    </details>
  `;
}

function scenarioOptions({ scenarios }: SiteData): readonly Option[] {
  return scenarios.map(({ id, question }) => [id, question === "" ? id : question]);
}

type Option = readonly [value: string, label: string];

/** `all`: the option that chooses nothing; null: there is none. Several that the address names are one option. */
function select(
  name: string,
  label: string,
  chosen: readonly string[],
  all: string | null,
  options: readonly Option[],
): SafeHtml {
  const several: readonly Option[] =
    chosen.length < 2 ? [] : [[chosen.join(","), text.filters.chosen(chosen)]];
  const value = chosen.join(",");
  return html`<div>
    <label for="filter-${name}">${label}</label>
    <select id="filter-${name}" name="${name}">
      ${all === null ? null : html`<option value="">${all}</option>`}
      ${[...several, ...options].map(
        ([id, words]) =>
          html`<option value="${id}" ${id === value ? html.raw` selected` : null}>
            ${visible(words)}
          </option>`,
      )}
    </select>
  </div>`;
}
