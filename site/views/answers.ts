import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { type Claim, type Question, questions } from "../answers.ts";
import { type Proof, proofsOf } from "../answer-proof.ts";
import type { SiteData, SiteRun } from "../data.ts";
import type { Links } from "../links.ts";
import {
  answersText as text,
  claimTexts,
  type QuestionText,
  questionTexts,
  type Source,
} from "../text/answers.ts";
import { runNames } from "./run-names.ts";
import type { View, ViewContext } from "./view.ts";

/** The twelve questions that users ask, each with the trials that its answer rests on. */
export const renderAnswers: View = (context, query) => {
  const { runs } = context.data;
  const names = namesIn(context.data);
  const plain = runs.filter(({ profile }) => profile.name === "default");
  const days = [...new Set(plain.map(({ endedAt }) => endedAt.slice(0, 10)))].toSorted();
  const find = query.get("find") ?? "";
  const sections = questions.map((question) => section(question, names, context));
  return html`
    <div class="ask">
      <h1>${text.title}</h1>
      <p class="lead">${text.lead}</p>
      <p class="hint">
        ${
          plain.length === 0
            ? text.nothingMeasured
            : safeText(text.measured(listed(days), listed(plain.map(names.long))))
        }
        ${legend()}
      </p>
      <form class="ask-find" role="search" hidden>
        <label for="find">${text.find}</label>
        <input
          id="find"
          name="find"
          type="search"
          value="${find}"
          placeholder="${text.findHint}"
          autocomplete="off"
        />
        <p class="hint" role="status" data-found></p>
      </form>
      <nav class="ask-contents" aria-label="${text.contents}">
        <ol>
          ${questions.map(
            ({ id }) =>
              html`<li data-question="${id}">
                <a href="#${id}">${coded(questionTexts[id].question)}</a>
              </li>`,
          )}
        </ol>
      </nav>
      ${sections}
    </div>
  `;
};

function legend(): SafeHtml {
  return html`<span class="ask-legend"
    >${Object.entries(text.marks).map(
      ([mark, { sign, word }]) =>
        html`<span class="ask-mark ${mark}"><b aria-hidden="true">${sign}</b> ${word}</span> `,
    )}</span
  >`;
}

function section(
  { id, claims, techniques }: Question,
  names: Names,
  context: ViewContext,
): SafeHtml {
  const words: QuestionText = questionTexts[id];
  const proven = claims.map((claim) => ({ claim, proofs: proofsOf(claim, context.data) }));
  const isInDoubt = proven.some(({ proofs }) => proofs.some(({ isBroken }) => isBroken));
  const named = new Map(
    proven.map(({ claim, proofs }): [string, string] => [
      claim.id,
      listed(
        proofs
          .filter(({ mark }) => mark === "shown")
          .map(({ run }) => withoutCode(names.short(run))),
      ),
    ]),
  );
  const { links } = context;
  return html`
    <section class="ask-item" id="${id}" aria-labelledby="${id}-title">
      <h2 id="${id}-title">
        <span class="ask-number">${id.slice(1)}</span> <span>${coded(words.question)}</span>
      </h2>
      <div class="ask-columns">
        <div class="ask-answer">
          <p class="ask-short">${coded(filled(words.short, named))}</p>
          ${
            isInDoubt
              ? html`<p class="alert" role="note">
                  <b aria-hidden="true">!</b> ${text.answerInDoubt}
                </p>`
              : null
          }
          ${words.explanation.map((paragraph) => html`<p>${coded(filled(paragraph, named))}</p>`)}
          <h3>${text.whatToDo}</h3>
          <ul>
            ${words.whatToDo.map((advice) => html`<li>${coded(advice)}</li>`)}
          </ul>
          ${techniqueLinks(techniques, context)} ${sourceLinks(words.sources)}
        </div>
        <div class="ask-proof">
          <h3>${text.proof}</h3>
          <ul class="ask-claims">
            ${proven.map(({ claim, proofs }) => claimItem(claim, proofs, names, links))}
          </ul>
        </div>
      </div>
    </section>
  `;
}

function claimItem(claim: Claim, proofs: readonly Proof[], names: Names, links: Links): SafeHtml {
  const broken = proofs.filter(({ isBroken }) => isBroken);
  const seen = proofs.filter(({ texts }) => texts.length > 0);
  return html`
    <li id="${claim.id}">
      <p>${coded(claimTexts[claim.id])}</p>
      <ul class="ask-marks">
        ${proofs.map((proof) => markItem(proof, names, links))}
      </ul>
      ${
        broken.length === 0
          ? null
          : html`<p class="alert">
              <b aria-hidden="true">!</b>
              ${text.noLonger(listed(broken.map(({ run }) => names.long(run))))}
            </p>`
      }
      ${
        seen.length === 0
          ? null
          : html`<details>
              <summary>${text.details}</summary>
              <ul>
                ${seen.map(
                  ({ run, texts }) =>
                    html`<li>${safeText(text.seenIn(names.long(run), texts.join("; ")))}</li>`,
                )}
              </ul>
            </details>`
      }
    </li>
  `;
}

function markItem({ run, mark, evidence }: Proof, names: Names, links: Links): SafeHtml {
  const { sign, before } = text.marks[mark];
  const label = html`<b aria-hidden="true">${sign}</b>
    <span class="${mark === "shown" ? "heard-only" : "ask-before"}">${before}</span>
    ${safeText(names.short(run))}`;
  const href = evidence === null ? null : links.page("evidence", { run: run.key, ...evidence });
  return html`<li>
    ${
      href === null
        ? html`<span class="ask-mark ${mark}">${label}</span>`
        : html`<a class="ask-mark ${mark}" href="${href}">${label}</a>`
    }
  </li>`;
}

function techniqueLinks(ids: readonly string[], { data, links }: ViewContext): SafeHtml | null {
  const known = ids.flatMap((id) => data.techniques.find((technique) => technique.id === id) ?? []);
  if (known.length === 0) return null;
  return html`
    <h3>${text.techniques}</h3>
    <ul class="ask-links">
      ${known.map(({ id, title }) => html`<li><a href="${links.technique(id)}">${title}</a></li>`)}
    </ul>
  `;
}

function sourceLinks(sources: readonly Source[]): SafeHtml | null {
  if (sources.length === 0) return null;
  return html`
    <h3>${text.sources}</h3>
    <ul class="ask-links">
      ${sources.map((source) => html`<li><a href="${source.href}">${source.text}</a></li>`)}
    </ul>
  `;
}

/** What is between backticks is code. */
function coded(words: string): SafeHtml {
  const parts = words.split("`");
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** Puts the browsers that show a claim where its id is. */
function filled(words: string, named: ReadonlyMap<string, string>): string {
  return words.replaceAll(/\{([\w-]+)\}/gu, (_, id: string) => named.get(id) ?? text.noBrowser);
}

function listed(all: readonly string[]): string {
  const names = [...new Set(all)];
  if (names.length === 0) return text.noBrowser;
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(text.and);
}

/** A browser that came by itself calls itself what it likes, and backticks are code. */
function withoutCode(name: string): string {
  return name.replaceAll("`", "'");
}

interface Names {
  /** Without the version, where that tells no two runs apart. */
  readonly short: (run: SiteRun) => string;
  readonly long: (run: SiteRun) => string;
}

function namesIn(data: SiteData): Names {
  const long = (run: SiteRun): string => runNames(data).of(run);
  const short = (run: SiteRun): string => {
    const { browser, profile } = run;
    const namesakes = data.runs.filter(
      (other) => other.browser.name === browser.name && other.profile.name === profile.name,
    );
    return namesakes.length > 1 ? long(run) : browser.name;
  };
  return { short, long };
}
