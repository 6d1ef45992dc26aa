import { html, type SafeHtml } from "@remix-run/html-template";
import { type Choice, choose } from "../../experiments/chooser/choose.ts";
import {
  type Constraints,
  constraintTexts,
  type Field,
  fieldsOf,
  parseConstraints,
} from "../../experiments/chooser/constraints.ts";
import {
  countsText,
  excludedGroups,
  inBrowsers,
  orderTexts,
  unknownGroups,
} from "../../experiments/chooser/explanation.ts";
import { type Finding, severityOrder } from "../../experiments/chooser/finding.ts";
import { type ChooserTable, type TrialName, trialText } from "../../experiments/chooser/table.ts";
import { safeText, sentence } from "../../experiments/report/html/safe-text.ts";
import { severityItems, severityTag } from "../../experiments/report/html/severity-tag.ts";
import { counted } from "../../experiments/report/html/words.ts";
import { axesOf } from "../../experiments/report/variants.ts";
import type { SiteData } from "../data.ts";
import { repetitionsIn } from "../outcomes-in.ts";
import { chooseText as text } from "../text/choose.ts";
import type { ViewContext } from "./view.ts";

/** How many of the first are shown with all their reasons. */
const shownWhole = 3;

/** How much of an answer is drawn: an outline names ranks and what goes wrong, and lacks the sentences, the trials, and what was left away. */
export type Extent = "outline" | "whole";

/** The page that asks what somebody needs, and answers from published results; null: there are none. */
export function renderChoose(
  context: ViewContext,
  query: URLSearchParams,
  table: ChooserTable | null,
  extent: Extent = "whole",
): SafeHtml {
  if (table === null) {
    return html`<div class="choose">
      <h1>${text.title}</h1>
      <p class="lead">${text.noResults}</p>
    </div>`;
  }
  const { constraints } = parseConstraints(questionOf(query), table);
  return html`
    <div class="choose">
      <h1>${text.title}</h1>
      <p class="lead">${text.lead(table.measuredOn.join(" and "))}</p>
      ${form(constraints, table, context)}
      <p class="heard-only" role="status" data-status></p>
      <div data-answer>${renderChoice(context, query, table, extent)}</div>
      ${legend()}
    </div>
  `;
}

/** The answer alone. */
export function renderChoice(
  context: ViewContext,
  query: URLSearchParams,
  table: ChooserTable,
  extent: Extent = "whole",
): SafeHtml {
  const { constraints, problems } = parseConstraints(questionOf(query), table);
  const choices = choose(constraints, table);
  const ranked = choices.flatMap((choice) => (choice.state === "ranked" ? [choice] : []));
  return html`
    ${
      problems.length === 0
        ? null
        : html`<div class="alert" role="alert">
            <p>${text.problems}</p>
            <ul>
              ${problems.map((problem) => html`<li>${safeText(problem)}</li>`)}
            </ul>
          </div>`
    }
    <section aria-labelledby="answer">
      <h2 id="answer" tabindex="-1">${text.answer}</h2>
      <p class="hint">${text.asked}</p>
      <ul class="choose-asked hint">
        ${constraintTexts(constraints, table).map((one) => html`<li>${safeText(one)}</li>`)}
      </ul>
      ${
        ranked.length === 0
          ? html`<p class="alert"><strong>${text.nothing}</strong> ${text.nothingWhy}</p>`
          : html`<ol class="choices">
              ${ranked.map((choice, index) =>
                extent === "outline"
                  ? outlineItem(choice, context)
                  : rankedItem(choice, index, table, context),
              )}
            </ol>`
      }
    </section>
    ${
      extent === "outline"
        ? null
        : [unknownSection(choices, context), excludedSection(choices, table, context)]
    }
  `;
}

/** Without what tells the pages of a single document apart. */
function questionOf(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => name !== "page"));
}

/** How many techniques are ranked for these parameters. */
export function rankedCount(query: URLSearchParams, table: ChooserTable): number {
  const { constraints } = parseConstraints(questionOf(query), table);
  return choose(constraints, table).filter(({ state }) => state === "ranked").length;
}

function form(constraints: Constraints, table: ChooserTable, { links }: ViewContext): SafeHtml {
  const fields = fieldsOf(table);
  const isChosen: Readonly<Record<keyof typeof fields, readonly string[]>> = {
    browser: constraints.browsers,
    placement: [constraints.placement],
    scheme: [constraints.scheme],
    demand: constraints.demands,
    library: [constraints.library],
    token: constraints.shapes,
    from: constraints.callers,
  };
  const part = (name: keyof typeof fields): SafeHtml => fieldset(fields[name], isChosen[name]);
  return html`
    <form class="card choose-form" action="${links.page("choose", {}, "answer")}" method="get">
      <div class="choose-fields">
        ${part("placement")} ${part("browser")} ${part("demand")} ${part("from")} ${part("token")}
        ${part("scheme")} ${part("library")}
      </div>
      <p class="actions">
        <button class="primary">${text.submit}</button>
        <a href="${links.page("choose")}">${text.again}</a>
      </p>
    </form>
  `;
}

function fieldset(
  { parameter, question, isMultiple, options }: Field,
  chosen: readonly string[],
): SafeHtml {
  const type = isMultiple ? "checkbox" : "radio";
  return html`
    <fieldset>
      <legend>${question}</legend>
      ${options.map(
        ({ value, text: words }) => html`
          <label>
            <input
              type="${type}"
              name="${parameter}"
              value="${value}"
              ${chosen.includes(value) ? html.raw`checked` : null}
            />
            <span>${safeText(words)}</span>
          </label>
        `,
      )}
    </fieldset>
  `;
}

type Ranked = Extract<Choice, { state: "ranked" }>;

function outlineItem({ rank, technique, reasons }: Ranked, context: ViewContext): SafeHtml {
  return html`
    <li class="choice">
      <h3><span class="rank">${rank}</span> ${techniqueLink(technique, context)}</h3>
      ${overview(reasons.filter(({ severity }) => severity !== "fine"))}
    </li>
  `;
}

function rankedItem(
  { rank, technique, reasons, advice }: Ranked,
  index: number,
  table: ChooserTable,
  context: ViewContext,
): SafeHtml {
  const told = reasons.filter(({ severity }) => severity !== "fine");
  const fine = reasons.filter(({ severity }) => severity === "fine");
  const whole = reasonList(told, technique.id, table, context);
  return html`
    <li class="choice">
      <h3><span class="rank">${rank}</span> ${techniqueLink(technique, context)}</h3>
      ${
        told.length === 0
          ? null
          : index < shownWhole
            ? whole
            : html`${overview(told)}
                <details>
                  <summary>${text.why}</summary>
                  ${whole}
                </details>`
      }
      ${
        fine.length === 0
          ? null
          : html`<details>
              <summary>${text.fine(fine.length)}</summary>
              ${reasonList(fine, technique.id, table, context)}
            </details>`
      }
      ${
        advice.length === 0
          ? null
          : html`<details>
              <summary>${text.whatToDo(advice.length)}</summary>
              <ul>
                ${advice.map((one) => html`<li>${safeText(one)}</li>`)}
              </ul>
            </details>`
      }
      <details name="code" data-code="${technique.id}">
        <summary>${text.code}</summary>
        <div>
          <p><a href="${context.links.technique(technique.id)}">${text.codeElsewhere}</a></p>
        </div>
      </details>
    </li>
  `;
}

/** Each severity with what it is about, in a line. */
function overview(told: readonly Finding[]): SafeHtml {
  return html`<ul class="reasons">
    ${severityOrder.flatMap((severity) => {
      const words = countsText(told, severity);
      return words === "" ? [] : [html`<li>${severityTag(severity)} ${safeText(words)}</li>`];
    })}
  </ul>`;
}

function reasonList(
  reasons: readonly Finding[],
  technique: string,
  table: ChooserTable,
  context: ViewContext,
): SafeHtml {
  return html`<ul class="reasons">
    ${reasons.map(
      (reason) =>
        html`<li>
          ${severityTag(reason.severity)}
          <strong>${reason.subject}: ${safeText(reason.word)}</strong>${inBrowsers(reason, table)}.
          ${shownText(reason, technique, context)}
        </li>`,
    )}
  </ul>`;
}

/** How bad it is does not matter any more. */
function exclusionText(
  reason: Finding,
  technique: string,
  table: ChooserTable,
  context: ViewContext,
): SafeHtml {
  return html`
    <strong>${safeText(reason.word)}</strong>${inBrowsers(reason, table)}.
    ${shownText(reason, technique, context)}
  `;
}

function shownText(reason: Finding, technique: string, context: ViewContext): SafeHtml {
  const [first] = reason.evidence;
  const others = new Set(reason.evidence.map(trialText)).size - 1;
  return html`
    ${sentence(reason.sentence)}
    ${
      first === undefined
        ? null
        : html`<span class="evidence"
            >${evidenceLink(first, technique, context)}${others === 0 ? null : `, ${text.more(others)}`}</span
          >`
    }
  `;
}

function evidenceLink(name: TrialName, technique: string, context: ViewContext): SafeHtml {
  const run = runOf(name, technique, context.data);
  const words = safeText(trialText(name));
  if (run === undefined) return words;
  const { scenario, variant } = name;
  const href = context.links.page("evidence", { run, technique, scenario, ...axesOf(variant) });
  return html`<a href="${href}">${words}</a>`;
}

/** The published run of that browser that made the trial. */
function runOf(
  { browser, scenario, variant }: TrialName,
  technique: string,
  data: SiteData,
): string | undefined {
  const trial = { technique, scenario, ...axesOf(variant) };
  return data.runs.find(
    (run) =>
      run.source === "published" &&
      run.browser.id === browser &&
      repetitionsIn(data, run, trial).length > 0,
  )?.key;
}

function techniqueLink({ id, title }: Choice["technique"], { links }: ViewContext): SafeHtml {
  return html`<a href="${links.technique(id)}">${safeText(title)}</a>`;
}

function unknownSection(choices: readonly Choice[], context: ViewContext): SafeHtml | null {
  const groups = unknownGroups(choices);
  if (groups.length === 0) return null;
  const count = groups.reduce((sum, group) => sum + group.choices.length, 0);
  return html`
    <section aria-labelledby="unknown">
      <h2 id="unknown">${text.unknown}</h2>
      <p class="hint">${text.unknownWhy(counted(count, text.technique))}</p>
      ${groups.map(
        ({ missing, choices: some }) => html`
          <details ${groups.length === 1 ? html.raw`open` : null}>
            <summary>${safeText(text.unknownGroup(missing))} (${some.length})</summary>
            <ul class="names">
              ${some.map(({ technique }) => html`<li>${techniqueLink(technique, context)}</li>`)}
            </ul>
          </details>
        `,
      )}
    </section>
  `;
}

function excludedSection(
  choices: readonly Choice[],
  table: ChooserTable,
  context: ViewContext,
): SafeHtml | null {
  const groups = excludedGroups(choices);
  if (groups.length === 0) return null;
  return html`
    <section aria-labelledby="excluded">
      <h2 id="excluded">${text.excluded}</h2>
      ${groups.map(
        ({ because, choices: some }) => html`
          <details>
            <summary>${text.excludedGroup(because)} (${some.length})</summary>
            <dl>
              ${some.map(
                ({ technique, reasons }) => html`
                  <div>
                    <dt>${techniqueLink(technique, context)}</dt>
                    ${reasons.map(
                      (reason) =>
                        html`<dd>${exclusionText(reason, technique.id, table, context)}</dd>`,
                    )}
                  </div>
                `,
              )}
            </dl>
          </details>
        `,
      )}
    </section>
  `;
}

function legend(): SafeHtml {
  return html`
    <section aria-labelledby="order">
      <h2 id="order">${text.order}</h2>
      ${orderTexts.map((one) => html`<p>${one}</p>`)}
      <dl class="severities">${severityItems(severityOrder)}</dl>
    </section>
  `;
}
