import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { type Claim, type Question, questions } from "../answers.ts";
import { type Proof, proofsOf } from "../answer-proof.ts";
import type { Links } from "../links.ts";
import {
  answersText as text,
  claimTexts,
  type QuestionText,
  questionTexts,
  type Source,
} from "../text/answers.ts";
import { prose } from "./prose.ts";
import { type RunNames, runNames } from "./run-names.ts";
import type { View, ViewContext } from "./view.ts";

/** The twelve questions that users ask, each with the trials that its answer rests on. */
export const renderAnswers: View = (context, query) => {
  const { runs } = context.data;
  const names = runNames(context.data);
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
            : safeText(text.measured(listed(days), listed(plain.map((run) => names.of(run)))))
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
                <a href="#${id}">${prose(questionTexts[id].question)}</a>
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
  names: RunNames,
  context: ViewContext,
): SafeHtml {
  const words: QuestionText = questionTexts[id];
  const proven = claims.map((claim) => ({ claim, proofs: proofsOf(claim, context.data) }));
  const isInDoubt = proven.some(({ proofs }) => proofs.some(({ isBroken }) => isBroken));
  const isUnshown = proven.some(({ proofs }) => proofs.every(({ mark }) => mark !== "shown"));
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
        <span class="ask-number">${id.slice(1)}</span> <span>${prose(words.question)}</span>
      </h2>
      <div class="ask-columns">
        <div class="ask-answer">
          <p class="ask-short">${prose(filled(words.short, named))}</p>
          ${
            isInDoubt || isUnshown
              ? html`<p class="alert" role="note">
                  <b aria-hidden="true">!</b>
                  ${isInDoubt ? text.answerInDoubt : text.answerUnshown}
                </p>`
              : null
          }
          ${words.explanation.map((paragraph) => html`<p>${prose(filled(paragraph, named))}</p>`)}
          <h3>${text.whatToDo}</h3>
          <ul>
            ${words.whatToDo.map((advice) => html`<li>${prose(advice)}</li>`)}
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

function claimItem(
  claim: Claim,
  proofs: readonly Proof[],
  names: RunNames,
  links: Links,
): SafeHtml {
  const broken = proofs.filter(({ isBroken }) => isBroken);
  const seen = proofs.filter(({ texts }) => texts.length > 0);
  return html`
    <li id="${claim.id}">
      <p>${prose(claimTexts[claim.id])}</p>
      <ul class="ask-marks">
        ${proofs.map((proof) => markItem(proof, names, links))}
      </ul>
      ${
        broken.length === 0
          ? null
          : html`<p class="alert">
              <b aria-hidden="true">!</b>
              ${text.noLonger(listed(broken.map(({ run }) => names.of(run))))}
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
                    html`<li>${safeText(text.seenIn(names.of(run), texts.join("; ")))}</li>`,
                )}
              </ul>
            </details>`
      }
    </li>
  `;
}

function markItem(proof: Proof, names: RunNames, links: Links): SafeHtml {
  const { run, mark } = proof;
  const { sign, before } = text.marks[mark];
  const label = html`<b aria-hidden="true">${sign}</b>
    <span class="${mark === "shown" ? "heard-only" : "ask-before"}">${before}</span>
    ${safeText(names.short(run))}`;
  const href = proofAddress(proof, links);
  return html`<li>
    ${
      href === null
        ? html`<span class="ask-mark ${mark}">${label}</span>`
        : html`<a class="ask-mark ${mark}" href="${href}">${label}</a>`
    }
  </li>`;
}

/** Where to see it: the trial, or the section that shows it of published results; null: nowhere. */
function proofAddress({ run, evidence, section: shownIn }: Proof, links: Links): string | null {
  if (evidence !== null) return links.page("evidence", { run: run.key, ...evidence });
  const isThere = shownIn !== null && run.source === "published";
  return isThere ? links.page("risks", {}, shownIn) : null;
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

/** Puts the browsers that show a claim where its id is; what is said of nobody is left out. */
function filled(words: string, named: ReadonlyMap<string, string>): string {
  return words
    .replaceAll(/\s*\[([^[\]]*)\{([\w-]+)\}([^[\]]*)\]/gu, (_, before, id, after) => {
      const names = named.get(String(id)) ?? "";
      return names === "" ? "" : ` ${before}${names}${after}`;
    })
    .trim();
}

function listed(all: readonly string[]): string {
  const names = [...new Set(all)];
  return [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(text.and);
}

/** A browser that came by itself calls itself what it likes, and backticks are code. */
function withoutCode(name: string): string {
  return name.replaceAll("`", "'");
}
