import { html, type SafeHtml } from "@remix-run/html-template";
import {
  addressOf,
  at,
  slideFrom,
  slideNames,
  type LearnState,
  type SlideName,
} from "../learn-state.ts";
import { lessonIds, lessons, type Lesson } from "../lessons.ts";
import { learnText, lessonTexts } from "../text/learn.ts";
import {
  answerPart,
  elsewherePart,
  experimentPart,
  ideaPart,
  questionPart,
} from "./learn-parts.ts";
import type { ViewContext } from "./view.ts";

/** One slide of a step, for a projector. */
export function learnStage(context: ViewContext, lesson: Lesson, state: LearnState): SafeHtml {
  const { links } = context;
  const text = learnText.presenter;
  const number = lessonIds.indexOf(lesson.id) + 1;
  const name = slideNames[state.slide - 1] ?? "idea";
  const [back, on] = [slideFrom(state, -1), slideFrom(state, 1)];
  const heading = text.slides[state.slide - 1] ?? "";
  const { title } = lessonTexts[lesson.id];
  return html`<div
    class="learn-stage"
    role="region"
    aria-label="${text.label}"
    data-slide="${name}"
  >
    <div class="learn-stage-head">
      <p>
        <b>${String(number)}</b
        ><span class="heard-only"> ${learnText.stepOf(number, lessons.length)}</span>${
          name === "idea" ? null : html` <span>${title}</span>`
        }
      </p>
      <ol class="learn-dots">
        ${slideNames.map(
          (_slide, index) =>
            html`<li>
              <a
                href="${addressOf(links, at(state, { lesson, slide: index + 1 }))}"
                ${index + 1 === state.slide ? html.raw` aria-current="step"` : null}
                ><span class="heard-only">${text.slides[index] ?? ""}</span></a
              >
            </li> `,
        )}
      </ol>
    </div>
    <div class="learn-stage-body">
      <h1 tabindex="-1" data-focus>${name === "idea" ? title : heading}</h1>
      <div class="learn-slide">${slideContent(context, lesson, state, name)}</div>
    </div>
    <div class="learn-stage-foot">
      ${
        back === undefined
          ? html`<span></span>`
          : html`<a rel="prev" href="${addressOf(links, at(state, back))}"
              ><span aria-hidden="true">← </span>${learnText.back}</a
            >`
      }
      <p>
        <button type="button" data-keys aria-haspopup="dialog">${text.keys} <kbd>?</kbd></button>
        <a href="${addressOf(links, { ...state, isPresenting: false, theme: null })}"
          >${text.leave} <kbd>Esc</kbd></a
        >
      </p>
      ${
        on === undefined
          ? html`<span>${learnText.end}</span>`
          : html`<a rel="next" href="${addressOf(links, at(state, on))}"
              >${learnText.next}<span aria-hidden="true"> →</span></a
            >`
      }
    </div>
    <progress
      class="learn-progress"
      max="${String(lessons.length * slideNames.length)}"
      value="${String((number - 1) * slideNames.length + state.slide)}"
      aria-label="${learnText.progress}"
    ></progress>
    <dialog class="learn-keys" aria-labelledby="learn-keys-title">
      <h2 id="learn-keys-title">${text.keysTitle}</h2>
      <dl>
        ${text.list.map(
          ({ keys, does }) =>
            html`<div>
              <dt>${keys.map((key) => html`<kbd>${key}</kbd> `)}</dt>
              <dd>${does}</dd>
            </div> `,
        )}
      </dl>
      <form method="dialog"><button>${text.close}</button></form>
    </dialog>
  </div>`;
}

function slideContent(
  context: ViewContext,
  lesson: Lesson,
  { guess }: LearnState,
  name: SlideName,
): SafeHtml {
  switch (name) {
    case "idea":
      return ideaPart(lesson);
    case "experiment":
      return experimentPart(context, lesson);
    case "question":
      return questionPart(context, lesson, guess, { isNumbered: true });
    case "answer":
      return answerPart(context, lesson, guess);
    case "elsewhere":
      return elsewherePart(context, lesson);
  }
}
