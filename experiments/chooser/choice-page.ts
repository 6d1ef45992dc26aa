import { html, type SafeHtml } from "@remix-run/html-template";
import { page } from "../report/html/page.ts";
import { safeText, sentence } from "../report/html/safe-text.ts";
import { severityItems, severityTag } from "../report/html/severity-tag.ts";
import { counted } from "../report/html/words.ts";
import { type Choice, choose } from "./choose.ts";
import {
  type Constraints,
  constraintTexts,
  type Field,
  fieldsOf,
  parseConstraints,
} from "./constraints.ts";
import {
  evidenceText,
  excludedGroups,
  inBrowsers,
  orderTexts,
  unknownGroups,
} from "./explanation.ts";
import { type Finding, severityOrder } from "./finding.ts";
import type { PublishedTable } from "./published-table.ts";
import type { ReadSnippets, Snippet } from "./snippets.ts";
import type { ChooserTable } from "./table.ts";

const title = "Which technique to choose";

/**
 * The page that asks what somebody needs, and answers from published results. It holds neither script
 * nor style of its own, which `default-src 'self'` would not let in.
 */
export async function renderChoicePage(
  query: URLSearchParams,
  table: PublishedTable,
  readSnippets: ReadSnippets,
  { styleHref }: { readonly styleHref: string },
): Promise<string> {
  return page({
    title: `${title} · WebSocket Auth Lab`,
    style: html`<link rel="icon" href="/assets/favicon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="${styleHref}" />`,
    body: html`
      <nav class="lab" aria-label="Lab">
        <a href="/">WebSocket Auth Lab</a>
        <span aria-current="page">${title}</span>
      </nav>
      <header><h1>${title}</h1></header>
      <main>
        ${
          table === null
            ? html`<p class="lede">There are no published results to choose by.</p>`
            : await answered(query, table, readSnippets)
        }
      </main>
    `,
  });
}

async function answered(
  query: URLSearchParams,
  table: ChooserTable,
  readSnippets: ReadSnippets,
): Promise<SafeHtml> {
  const { constraints, problems } = parseConstraints(query, table);
  const choices = choose(constraints, table);
  const ranked = choices.flatMap((choice) => (choice.state === "ranked" ? [choice] : []));
  const snippets = new Map(
    await Promise.all(
      ranked.map(async ({ technique: { id } }) => [id, await readSnippets(id)] as const),
    ),
  );
  return html`
    <p class="lede">
      Say what you need. The answer is computed from what was measured on
      ${table.measuredOn.join(" and ")}; no technique has a score of its own.
    </p>
    ${form(constraints, table)}
    ${
      problems.length === 0
        ? null
        : html`<div class="problems" role="alert">
            <p>Part of the question makes no sense, and was left out:</p>
            <ul>
              ${problems.map((problem) => html`<li>${safeText(problem)}</li>`)}
            </ul>
          </div>`
    }
    <section aria-labelledby="answer">
      <h2 id="answer">What to look at first</h2>
      <ul class="asked">
        ${constraintTexts(constraints, table).map((text) => html`<li>${safeText(text)}</li>`)}
      </ul>
      ${
        ranked.length === 0
          ? html`<p class="nothing">
              <strong>Nothing can be ranked.</strong> Of no technique that is left do these results
              say both that it has what is asked for and what goes wrong with it; and what is not
              known is not taken for safe.
            </p>`
          : html`<ol class="choices">
              ${ranked.map((choice) => rankedItem(choice, table, snippets.get(choice.technique.id)))}
            </ol>`
      }
    </section>
    ${unknownSection(choices)} ${excludedSection(choices, table)} ${legend()}
  `;
}

function form(constraints: Constraints, table: ChooserTable): SafeHtml {
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
    <form class="question-form" action="/choose#answer" method="get">
      <div class="fields">
        ${part("placement")} ${part("browser")} ${part("demand")} ${part("from")} ${part("token")}
        ${part("scheme")} ${part("library")}
      </div>
      <p class="buttons">
        <button>Show what fits</button>
        <a href="/choose">Start again</a>
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
        ({ value, text }) => html`
          <label>
            <input
              type="${type}"
              name="${parameter}"
              value="${value}"
              ${chosen.includes(value) ? html.raw`checked` : null}
            />
            <span>${safeText(text)}</span>
          </label>
        `,
      )}
    </fieldset>
  `;
}

function rankedItem(
  { rank, technique, reasons, advice }: Extract<Choice, { state: "ranked" }>,
  table: ChooserTable,
  snippets: readonly Snippet[] = [],
): SafeHtml {
  const told = reasons.filter(({ severity }) => severity !== "fine");
  const fine = reasons.filter(({ severity }) => severity === "fine");
  return html`
    <li class="choice">
      <h3><span class="rank">${rank}</span> ${techniqueLink(technique)}</h3>
      ${told.length === 0 ? null : reasonList(told, table)}
      ${
        fine.length === 0
          ? null
          : html`<details>
              <summary>What is fine (${fine.length})</summary>
              ${reasonList(fine, table)}
            </details>`
      }
      ${
        advice.length === 0
          ? null
          : html`<details>
              <summary>What to do (${advice.length})</summary>
              <ul class="advice">
                ${advice.map((text) => html`<li>${safeText(text)}</li>`)}
              </ul>
            </details>`
      }
      <details>
        <summary>The code that ran</summary>
        ${snippets.map(
          ({ path, role, source }) => html`
            <p class="muted">${role}, <code>techniques/${path}</code></p>
            <div class="scroll" tabindex="0" role="region" aria-label="${path}">
              <pre><code>${oneLine(source)}</code></pre>
            </div>
          `,
        )}
      </details>
    </li>
  `;
}

/** Whoever makes the page takes white space from the beginning of its lines, so code comes in one. */
function oneLine(source: string): SafeHtml {
  return html.raw`${String(html`${source}`).replaceAll("\n", "&#10;")}`;
}

function reasonList(reasons: readonly Finding[], table: ChooserTable): SafeHtml {
  return html`<ul class="reasons">
    ${reasons.map((reason) => html`<li>${reasonText(reason, table)}</li>`)}
  </ul>`;
}

function reasonText(reason: Finding, table: ChooserTable): SafeHtml {
  return html`
    ${severityTag(reason.severity)}
    <strong>${reason.subject}: ${safeText(reason.word)}</strong>${inBrowsers(reason, table)}.
    ${shownText(reason)}
  `;
}

/** How bad it is does not matter any more. */
function exclusionText(reason: Finding, table: ChooserTable): SafeHtml {
  return html`
    <strong>${safeText(reason.word)}</strong>${inBrowsers(reason, table)}. ${shownText(reason)}
  `;
}

function shownText(reason: Finding): SafeHtml {
  const evidence = evidenceText(reason);
  return html`
    ${sentence(reason.sentence)}
    ${evidence === null ? null : html`<span class="evidence">${safeText(evidence)}</span>`}
  `;
}

function techniqueLink({ id, title: name }: Choice["technique"]): SafeHtml {
  return html`<a href="/techniques/${id}">${safeText(name)}</a>`;
}

function techniqueLinks(choices: readonly Choice[]): SafeHtml {
  return html`<ul class="names">
    ${choices.map(({ technique }) => html`<li>${techniqueLink(technique)}</li>`)}
  </ul>`;
}

function unknownSection(choices: readonly Choice[]): SafeHtml | null {
  const groups = unknownGroups(choices);
  if (groups.length === 0) return null;
  const count = groups.reduce((sum, group) => sum + group.choices.length, 0);
  return html`
    <section aria-labelledby="unknown">
      <h2 id="unknown">Too little is known</h2>
      <p class="lede">
        ${counted(count, "technique")} of which something that was asked for, or all that goes
        wrong, was not measured. They come in no order.
      </p>
      ${groups.map(
        ({ missing, choices: some }) => html`
          <details ${groups.length === 1 ? html.raw`open` : null}>
            <summary>Not known: ${safeText(missing)} (${some.length})</summary>
            ${techniqueLinks(some)}
          </details>
        `,
      )}
    </section>
  `;
}

function excludedSection(choices: readonly Choice[], table: ChooserTable): SafeHtml | null {
  const groups = excludedGroups(choices);
  if (groups.length === 0) return null;
  return html`
    <section aria-labelledby="excluded">
      <h2 id="excluded">Left away</h2>
      ${groups.map(
        ({ because, choices: some }) => html`
          <details>
            <summary>It ${because} (${some.length})</summary>
            <dl class="findings">
              ${some.map(
                ({ technique, reasons }) => html`
                  <div>
                    <dt>${techniqueLink(technique)}</dt>
                    ${reasons.map((reason) => html`<dd>${exclusionText(reason, table)}</dd>`)}
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
      <h2 id="order">How the order comes about</h2>
      ${orderTexts.map((text) => html`<p>${text}</p>`)}
      <dl class="severities">${severityItems(severityOrder)}</dl>
    </section>
  `;
}
