import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { visible } from "../../experiments/report/visible.ts";
import type { Aspect } from "../../model/trial.ts";
import { browserIds, type CompareView, profileNames, proofOf, sources } from "../compare-view.ts";
import type { SiteData } from "../data.ts";
import type { Links } from "../links.ts";
import { compareText } from "../text/compare.ts";

const text = compareText.filters;

/** A form whose address is the view: it works by itself, and at once with a script. */
export function compareFilters(data: SiteData, view: CompareView, links: Links): SafeHtml {
  return html`<form
    class="cmp-filters"
    action="${links.page("index")}"
    method="get"
    data-filters
    aria-label="${text.label}"
  >
    ${view.run.length === 0 ? null : html`<input type="hidden" name="run" value="${view.run.join(",")}" />`}
    <div class="cmp-bar">
      <p class="cmp-question">
        <label for="scenario">${text.scenario}</label>
        <select id="scenario" name="scenario">
          ${scenarioOptions(data, view)}
        </select>
      </p>
      <p class="cmp-search">
        <label for="search">${text.search}</label>
        <input
          id="search"
          name="search"
          type="search"
          value="${view.search}"
          placeholder="${text.searchPlaceholder}"
          autocomplete="off"
          spellcheck="false"
        />
      </p>
      <p class="cmp-toggle">${checkbox("differ", "yes", text.differ, view.onlyDifferences)}</p>
      <p class="cmp-actions">
        <button data-apply>${text.apply}</button>
        <a class="button" href="${links.page("index")}" data-reset>${text.reset}</a>
        <button type="button" data-copy hidden>${text.copy}</button>
      </p>
    </div>
    <p class="cmp-after">
      <span class="cmp-copied" role="status" data-copied></span>
      <span class="cmp-address" data-address hidden
        ><label for="address">${text.copyByHand}</label> <input id="address" readonly
      /></span>
    </p>
    <details class="cmp-more-filters" ${hasHiddenFilters(view) ? html.raw` open` : null}>
      <summary>${text.more}</summary>
      <div class="cmp-groups">
        ${group("browser", text.browser, browserChoices(data), view.browser)}
        ${group("profile", text.profile, profileChoices(data), view.profile.length === 0 ? ["default"] : view.profile)}
        ${group("source", text.source, sourceChoices(data), view.source)}
        ${group(
          "placement",
          text.placement,
          data.placements.map((id) => [id, compareText.placements[id]]),
          view.placement,
        )}
        ${group(
          "scheme",
          text.scheme,
          data.schemes.map((id) => [id, compareText.schemes[id]]),
          view.scheme,
        )}
        ${stageGroup(view)}
        ${view.technique.length === 0 ? null : group("technique", text.technique, techniqueChoices(data, view), view.technique, 1)}
      </div>
      <p class="hint">${text.allHint}</p>
    </details>
  </form>`;
}

function hasHiddenFilters(view: CompareView): boolean {
  return (
    [view.browser, view.profile, view.source, view.placement, view.scheme, view.technique].some(
      ({ length }) => length > 0,
    ) || view.stage !== null
  );
}

type Choice = readonly [value: string, label: string];

function group(
  name: string,
  legend: string,
  choices: readonly Choice[],
  chosen: readonly string[],
  fewest = 2,
): SafeHtml | null {
  if (choices.length < fewest) return null;
  return html`<fieldset>
    <legend>${legend}</legend>
    ${choices.map(
      ([value, label]) => html`${checkbox(name, value, label, chosen.includes(value))} `,
    )}
  </fieldset>`;
}

function checkbox(name: string, value: string, label: string, isChecked: boolean): SafeHtml {
  return html`<label class="cmp-check"
    ><input
      type="checkbox"
      name="${name}"
      value="${value}"
      ${isChecked ? html.raw` checked` : null}
    />
    <span>${safeText(label)}</span></label
  >`;
}

function stageGroup({ stage }: CompareView): SafeHtml {
  const choices: readonly Choice[] = [
    ["", text.anyStage],
    ["handshake", compareText.stages.handshake],
    ["first-message", compareText.stages["first-message"]],
  ];
  return html`<fieldset>
    <legend>${text.stage}</legend>
    ${choices.map(
      ([value, label]) =>
        html`<label class="cmp-check"
          ><input
            type="radio"
            name="stage"
            value="${value}"
            ${value === (stage ?? "") ? html.raw` checked` : null}
          />
          <span>${label}</span></label
        > `,
    )}
  </fieldset>`;
}

function browserChoices(data: SiteData): Choice[] {
  return browserIds(data).map((id) => {
    return [id, data.runs.find(({ browser }) => browser.id === id)?.browser.name ?? id];
  });
}

function profileChoices(data: SiteData): Choice[] {
  return profileNames(data).map((name) => [name, compareText.profiles[name]]);
}

function sourceChoices({ runs }: SiteData): Choice[] {
  return sources
    .filter((source) => runs.some((run) => run.source === source))
    .map((source) => [source, compareText.sources[source]]);
}

function techniqueChoices({ techniques }: SiteData, view: CompareView): Choice[] {
  return techniques
    .filter(({ id }) => view.technique.includes(id))
    .map(({ id, title }) => [id, title]);
}

function scenarioOptions(data: SiteData, view: CompareView): SafeHtml {
  const proof = proofOf(data);
  const aspects = [...Map.groupBy(data.scenarios, ({ aspect }) => aspect)].flatMap(
    ([aspect, scenarios]) => (aspect === null ? [] : [[aspect, scenarios] as const]),
  );
  const chosen = view.scenario.join(",");
  const values = new Set([
    "",
    ...data.scenarios.map(({ id }) => id),
    ...aspects.map(([, scenarios]) => scenarios.map(({ id }) => id).join(",")),
  ]);
  const option = (value: string, label: string): SafeHtml =>
    html`<option value="${value}" ${value === chosen ? html.raw` selected` : null}>
      ${visible(label)}
    </option> `;
  const question = (id: string): string => {
    const asked = data.scenarios.find((one) => one.id === id)?.question ?? "";
    return asked === "" ? id : asked;
  };
  return html`${option("", text.proof)}
    ${values.has(chosen) ? null : option(chosen, text.asInAddress(view.scenario))}
    <optgroup label="${text.proofGroup}">${proof.map((id) => option(id, question(id)))}</optgroup>
    ${aspects.map(
      ([aspect, scenarios]) =>
        html`<optgroup label="${aspectName(aspect)}">
          ${scenarios.length < 2 ? null : option(scenarios.map(({ id }) => id).join(","), text.allOf(aspectName(aspect)))}${scenarios.map(({ id }) => option(id, question(id)))}
        </optgroup>`,
    )}`;
}

function aspectName(aspect: Aspect): string {
  return compareText.aspects[aspect];
}
