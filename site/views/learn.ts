import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { addressOf, at, neighbourOf, readLearnState, type LearnState } from "../learn-state.ts";
import { lessonIds, lessons, type Lesson } from "../lessons.ts";
import { learnText, lessonTexts } from "../text/learn.ts";
import {
  answerPart,
  elsewherePart,
  experimentPart,
  ideaPart,
  questionPart,
  titleOf,
} from "./learn-parts.ts";
import { learnStage } from "./learn-stage.ts";
import type { View, ViewContext } from "./view.ts";

/** The guided path: its contents, one step of it, or one slide of a step. */
export const renderLearn: View = (context, query) => {
  const state = readLearnState(query);
  const { lesson } = state;
  if (lesson === undefined) return contents(context, state);
  return state.isPresenting ? learnStage(context, lesson, state) : step(context, lesson, state);
};

function contents(context: ViewContext, state: LearnState): SafeHtml {
  const { links } = context;
  const [first] = lessons;
  const to = (lesson: Lesson, isPresenting = false): string =>
    addressOf(links, { ...at(state, { lesson, slide: 1 }), isPresenting });
  return html`<div class="learn learn-overview">
    <h1>${learnText.title}</h1>
    ${state.unknownStep === null ? null : html`<p class="alert">${safeText(learnText.unknownStep(state.unknownStep))}</p>`}
    <p class="lead">${learnText.lead}</p>
    <p class="learn-honesty">${learnText.honesty}</p>
    ${
      first === undefined
        ? null
        : html`<p class="learn-starts">
              <a class="button learn-primary" href="${to(first)}"
                >${learnText.start}: ${lessonTexts[first.id].title}</a
              >
              <a class="button" data-present href="${to(first, true)}"
                >${learnText.startPresenting} <kbd>P</kbd></a
              >
            </p>
            <p class="hint">${learnText.presentHint}</p>`
    }
    <h2 id="steps">${learnText.contents}</h2>
    <ol class="learn-contents">
      ${lessons.map(
        (lesson) =>
          html`<li>
            <a href="${to(lesson)}"
              ><span class="learn-number">${String(lessonIds.indexOf(lesson.id) + 1)}</span>
              <span class="learn-contents-title">${lessonTexts[lesson.id].title}</span></a
            >
          </li> `,
      )}
    </ol>
    <noscript>
      ${lessons.map(
        (lesson) =>
          html`<hr />
            ${stepBody(context, lesson, at(state, { lesson, slide: 1 }), lesson.id)} `,
      )}
    </noscript>
  </div>`;
}

function step(context: ViewContext, lesson: Lesson, state: LearnState): SafeHtml {
  const { links } = context;
  const number = lessonIds.indexOf(lesson.id) + 1;
  const [back, on] = [neighbourOf(lesson, -1), neighbourOf(lesson, 1)];
  const to = (other: Lesson): string => addressOf(links, at(state, { lesson: other, slide: 1 }));
  return html`<div class="learn">
    <div class="learn-bar">
      <p>
        <a href="${links.page("learn")}">${learnText.all}</a> ·
        ${learnText.stepOf(number, lessons.length)}
      </p>
      <progress
        class="learn-progress"
        max="${String(lessons.length)}"
        value="${String(number)}"
        aria-label="${learnText.progress}"
      ></progress>
      <a class="button" data-present href="${addressOf(links, { ...state, isPresenting: true })}"
        >${learnText.present} <kbd>P</kbd></a
      >
    </div>
    ${stepBody(context, lesson, state)}
    <nav class="learn-next" aria-label="${learnText.contents}">
      ${
        back === undefined
          ? html`<span></span>`
          : html`<a class="button" rel="prev" href="${to(back)}"
              ><span aria-hidden="true">←</span
              ><span><small>${learnText.previous}</small>${lessonTexts[back.id].title}</span></a
            >`
      }
      ${
        on === undefined
          ? html`<a class="button learn-primary" href="${links.page("choose")}"
              ><span>${learnText.guide}</span><span aria-hidden="true">→</span></a
            >`
          : html`<a class="button learn-primary" rel="next" href="${to(on)}"
              ><span><small>${learnText.next}</small>${lessonTexts[on.id].title}</span
              ><span aria-hidden="true">→</span></a
            >`
      }
    </nav>
  </div>`;
}

/** `idPrefix`: where all steps are on one page, their ids differ, and headings are a level deeper. */
function stepBody(
  context: ViewContext,
  lesson: Lesson,
  state: LearnState,
  idPrefix = "",
): SafeHtml {
  const { links } = context;
  const { title } = lessonTexts[lesson.id];
  const isOneOfMany = idPrefix !== "";
  const part = (heading: string): SafeHtml =>
    isOneOfMany ? html`<h3>${heading}</h3>` : html`<h2>${heading}</h2>`;
  return html`<article class="learn-step" id="${lesson.id}">
    ${isOneOfMany ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`} ${ideaPart(lesson)}
    <section class="learn-card">
      ${part(learnText.experiment)} ${experimentPart(context, lesson)}
    </section>
    <section class="learn-card learn-ask">
      ${part(learnText.question)} ${questionPart(context, lesson, state.guess, { idPrefix })}
      <details class="learn-answer" ${state.isAnswered ? html.raw` open` : null}>
        <summary>${learnText.showAnswer}</summary>
        <div class="learn-answer-body">
          ${answerPart(context, lesson, state.guess)} ${part(learnText.elsewhere)}
          ${elsewherePart(context, lesson)}
        </div>
      </details>
    </section>
    <p class="learn-more">${furtherLinks(context, lesson)}</p>
  </article>`;

  function furtherLinks(viewed: ViewContext, { id, techniques }: Lesson): SafeHtml {
    const [technique] = techniques;
    const further = [
      {
        href: links.technique(technique),
        text: learnText.techniquePage(titleOf(viewed, technique)),
      },
      ...(id === "session-end" ? [{ href: links.page("risks"), text: learnText.risks }] : []),
      ...(id === "choosing" ? [{ href: links.page("choose"), text: learnText.guide }] : []),
    ];
    return html`${further.map(
      ({ href, text }, index) => html`${index === 0 ? "" : " · "}<a href="${href}">${text}</a>`,
    )}`;
  }
}
