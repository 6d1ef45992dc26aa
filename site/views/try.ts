import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import type { SiteTechnique } from "../data.ts";
import { tryText as text } from "../text/try.ts";
import { parseTryQuery, type TryChoice, tryInputs } from "../try-query.ts";
import type { ViewContext } from "./view.ts";

/** The page on which a learner connects: a form, and room for what comes of it. */
export function renderTry(context: ViewContext, query: URLSearchParams): SafeHtml {
  const choice = parseTryQuery(query, context.data);
  return html`
    <h1>${text.title}</h1>
    <p class="lead">${text.lead}</p>
    ${context.isLab ? null : html`<p class="alert">${text.noLab}</p>`}
    <div class="try-page">
      ${form(context, choice)}
      <div class="try-results">
        <section aria-labelledby="try-runs">
          <h2 id="try-runs">${text.runs.heading}</h2>
          <p class="try-status" role="status" data-status>${text.runs.none}</p>
          <p class="hint">${text.serials}</p>
          <ol class="try-runs" reversed data-runs></ol>
        </section>
        <section class="try-code" aria-labelledby="try-code">
          <h2 id="try-code">${text.code}</h2>
          <div data-code></div>
        </section>
      </div>
    </div>
  `;
}

function form({ data, links }: ViewContext, choice: TryChoice): SafeHtml {
  const { technique, input, user } = choice;
  return html`
    <form class="try-form card" action="${links.page("try")}" method="get" data-form>
      <p>
        <label for="try-technique">${text.form.technique}</label>
        <select id="try-technique" name="technique">
          ${data.techniques.map(({ id, title }) => {
            const selected = id === technique?.id;
            return selected
              ? html`<option value="${id}" selected>${title}</option>`
              : html`<option value="${id}">${title}</option>`;
          })}
        </select>
      </p>
      <div data-technique>
        ${technique === undefined ? null : techniqueNote({ links }, technique, technique.leftOut)}
      </div>
      <fieldset>
        <legend>${text.form.input}</legend>
        ${tryInputs.map((one) => {
          const { name, hint } = text.inputs[one];
          const radio =
            one === input
              ? html`<input type="radio" name="input" value="${one}" checked />`
              : html`<input type="radio" name="input" value="${one}" />`;
          return html`<label class="try-input"
            >${radio}<span>${name} <span class="hint">${hint}</span></span></label
          >`;
        })}
      </fieldset>
      <p>
        <label for="try-user">${text.form.user}</label>
        <input
          id="try-user"
          name="user"
          value="${user}"
          required
          maxlength="64"
          autocomplete="off"
          spellcheck="false"
          aria-describedby="try-user-hint"
        />
        <span id="try-user-hint" class="hint">${text.form.userHint}</span>
      </p>
      <p><button class="primary" data-run>${text.form.run}</button></p>
    </form>
  `;
}

/** What a technique is, and why it cannot be tried from here if it cannot. */
export function techniqueNote(
  { links }: Pick<ViewContext, "links">,
  { id, stage, via }: SiteTechnique,
  leftOut: string | null,
): SafeHtml {
  return html`
    <p class="hint">
      ${text.stages[stage]}, ${text.foundIn(via)}.
      <a href="${links.technique(id)}">${text.about}</a>
    </p>
    ${leftOut === null ? null : html`<p class="alert">${safeText(text.leftOut(leftOut))}</p>`}
  `;
}
