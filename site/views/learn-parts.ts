import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import type { SiteRun, SiteTechnique } from "../data.ts";
import {
  agreementOf,
  answered,
  answersAnywhere,
  answerOf,
  choicesOf,
  noneOfThem,
  optionOf,
  rightAnswers,
  runsAsTheyCome,
  type TrialAnswer,
} from "../learn-answers.ts";
import { isAskedLive, trialsOf, type Lesson } from "../lessons.ts";
import { isConclusive, type TrialOutcome, type TrialReference } from "../outcomes-in.ts";
import {
  codeWords,
  learnText,
  lessonTexts,
  placementWords,
  schemeWords,
  type OptionText,
} from "../text/learn.ts";
import { prose } from "./prose.ts";
import { runNames } from "./run-names.ts";
import type { ViewContext } from "./view.ts";

/** A technique's title, as the data have it. */
export function titleOf({ data }: ViewContext, id: string): string {
  return data.techniques.find((technique) => technique.id === id)?.title ?? id;
}

function optionText(context: ViewContext, lesson: Lesson, id: string): OptionText {
  if (lesson.question.kind === "which") {
    const title = titleOf(context, id);
    return { label: title, short: title };
  }
  return lessonTexts[lesson.id].options[id] ?? { label: id, short: id };
}

/** The idea, a line each. */
export function ideaPart(lesson: Lesson): SafeHtml {
  const { idea, users = [] } = lessonTexts[lesson.id];
  return html`<ul class="learn-idea">
      ${idea.map((line) => html`<li>${prose(line)}</li> `)}
    </ul>
    ${
      users.length === 0
        ? null
        : html`<p class="learn-users">
            <span>${learnText.usedBy}:</span> ${users.map(
              ({ name, href }, index) =>
                html`${index === 0 ? "" : " · "}<a href="${href}" rel="noreferrer">${name}</a>`,
            )}
          </p>`
    }`;
}

/** What is tried, and where it can be. */
export function experimentPart(context: ViewContext, lesson: Lesson): SafeHtml {
  const trials = trialsOf(lesson.question);
  const [first] = trials;
  if (first === undefined) return html``;
  const scenario = context.data.scenarios.find(({ id }) => id === first.scenario);
  const { facts } = learnText;
  return html`<p class="learn-setup">${prose(lessonTexts[lesson.id].experiment)}</p>
    <dl class="learn-facts">
      <div>
        <dt>${trials.length === 1 ? facts.technique : facts.techniques}</dt>
        <dd>
          ${trials.map(
            ({ technique }, index) =>
              html`${index === 0 ? "" : ", "}<a href="${context.links.technique(technique)}"
                  >${titleOf(context, technique)}</a
                >`,
          )}
        </dd>
      </div>
      <div>
        <dt>${facts.scenario}</dt>
        <dd>${safeText(scenario?.question ?? first.scenario)}</dd>
      </div>
      <div>
        <dt>${facts.place}</dt>
        <dd>${placesOf(trials)}</dd>
      </div>
      ${
        scenario === undefined
          ? null
          : html`<div>
              <dt>${facts.connections}</dt>
              <dd>${learnText.connections(scenario.attempts.length)}</dd>
            </div>`
      }
    </dl>
    ${runPart(context, lesson)} ${measuredPart(context, lesson)}`;
}

function placesOf(trials: readonly TrialReference[]): string {
  return [...new Set(trials.map(placeOf))].join("; ");
}

function placeOf({ placement, scheme }: TrialReference): string {
  return learnText.placeOf(placementWords[placement], schemeWords[scheme]);
}

function runPart(context: ViewContext, lesson: Lesson): SafeHtml {
  const { live } = lessonTexts[lesson.id];
  const tried = techniquesTried(context, lesson);
  const here = tried.filter(isOpen);
  const about = live === undefined ? null : html`<p class="learn-note">${prose(live)}</p>`;
  if (here.length === 0) {
    const [excuse = ""] = tried.flatMap(({ leftOut }) => leftOut ?? []);
    return html`<p class="learn-note">${safeText(learnText.noLabRun(excuse))}</p>
      ${about}`;
  }
  if (!context.isLab) return html`<p class="learn-note">${prose(learnText.noLab)}</p>`;
  return html`<p class="learn-runs">
      <span>${learnText.run}</span>
      ${here.map(
        ({ id, title }) =>
          html`<a class="button" href="${tryAddress(context, lesson, id)}">${title}</a> `,
      )}
    </p>
    ${about ?? html`<p class="learn-note">${learnText.runHint}</p>`}`;
}

/** Where nobody can run what is asked about: the evidence of it, to be looked at before or after the question. */
function measuredPart(context: ViewContext, lesson: Lesson): SafeHtml | null {
  if (isAskedLive(lesson) && techniquesTried(context, lesson).some(isOpen)) return null;
  const { data } = context;
  const runs = runsAsTheyCome(data);
  const isWhich = lesson.question.kind === "which";
  const links = trialsOf(lesson.question).flatMap((trial) => {
    const answers = runs.flatMap((run) => answerOf(data, run, trial) ?? []);
    // Of several trials one browser's each, which leads to that of the others.
    return (isWhich ? answers.slice(0, 1) : answers).map((answer) =>
      evidenceLink(context, answer, isWhich ? titleOf(context, trial.technique) : undefined),
    );
  });
  if (links.length === 0) return null;
  return html`<p class="learn-note learn-measured">
    ${learnText.measured} ${links.map((link, index) => html`${index === 0 ? "" : " · "}${link}`)}
  </p>`;
}

function isOpen({ leftOut }: SiteTechnique): boolean {
  return leftOut === null;
}

/** Where a visitor can run the first of a step's experiments that can be run; undefined where none can. */
export function firstTryAddress(context: ViewContext, lesson: Lesson): string | undefined {
  const first = techniquesTried(context, lesson).find(isOpen);
  return context.isLab && first !== undefined ? tryAddress(context, lesson, first.id) : undefined;
}

function tryAddress({ links }: ViewContext, { input }: Lesson, technique: string): string {
  return links.page("try", { technique, input });
}

function techniquesTried({ data }: ViewContext, { question }: Lesson): readonly SiteTechnique[] {
  return trialsOf(question).flatMap(
    ({ technique }) => data.techniques.find(({ id }) => id === technique) ?? [],
  );
}

/** The question, with something to choose. `numbered`: by keys, on a screen. */
export function questionPart(
  context: ViewContext,
  lesson: Lesson,
  guess: readonly string[],
  {
    isNumbered = false,
    idPrefix = "",
  }: { readonly isNumbered?: boolean; readonly idPrefix?: string } = {},
): SafeHtml {
  const { question } = lesson;
  const type = question.kind === "which" ? "checkbox" : "radio";
  return html`<form class="learn-question" data-step="${lesson.id}">
    <fieldset>
      <legend>${prose(lessonTexts[lesson.id].question)}</legend>
      <p class="learn-note">
        ${question.kind === "which" ? learnText.questionSome : learnText.questionOne}
      </p>
      ${choicesOf(question).map(
        (id, index) =>
          html`<label class="learn-choice"
            ><input
              type="${type}"
              name="${idPrefix}guess"
              value="${id}"
              ${guess.includes(id) ? html.raw` checked` : null}
            />${isNumbered ? html`<kbd>${String(index + 1)}</kbd>` : null}<span
              >${id === noneOfThem ? learnText.noneOfThem : optionText(context, lesson, id).label}</span
            ></label
          > `,
      )}
    </fieldset>
  </form>`;
}

/** What browsers did, by option; all of it computed. */
export function answerPart(
  context: ViewContext,
  lesson: Lesson,
  guess: readonly string[],
): SafeHtml {
  const { data } = context;
  const { question, id } = lesson;
  const { inconclusive, without } = answered(data, question);
  const { why, source } = lessonTexts[id];
  const isMeasured = rightAnswers(data, question).size > 0;
  const isWhich = question.kind === "which";
  const shown = isWhich ? whichTable : outcomeTiles;
  return html`<p class="learn-headline">${headline(context, lesson)}</p>
    ${isMeasured ? shown(context, lesson, guess) : null}
    ${
      inconclusive.length === 0
        ? null
        : html`<p class="learn-note">
            ${learnText.nothingSaid}:
            ${inconclusive.map(
              (one, index) =>
                html`${index === 0 ? "" : "; "}${evidenceLink(context, one)}
                (${isWhich ? `${titleOf(context, one.trial.technique)}, ` : ""}${codeWords[one.code]})`,
            )}.
          </p>`
    }
    ${
      isMeasured && without.length > 0
        ? html`<p class="learn-note">
            ${learnText.notMeasuredIn(learnText.and(without.map((run) => runNames(data).of(run))))}
          </p>`
        : null
    }
    <p class="learn-guess" role="status" data-guess-result>
      ${isMeasured ? guessPart(context, lesson, guess) : null}
    </p>
    <p class="learn-why">
      <b>${learnText.why}:</b> ${prose(why)}${
        source === undefined
          ? null
          : html` <a href="${source.href}" rel="noreferrer">${source.name}</a>`
      }
    </p>`;
}

/** What an outcome of one of several trials is called: whatever did not pass, by its own name. */
function whichWord(lesson: Lesson, code: TrialOutcome): string {
  const passed = lessonTexts[lesson.id].options["yes"]?.short ?? codeWords.pass;
  return code === "pass" ? passed : codeWords[code];
}

/** Whether browsers agree, and if they do, on what. The options below say who did which. */
function headline(context: ViewContext, lesson: Lesson): SafeHtml {
  const agreement = agreementOf(context.data, lesson.question);
  if (agreement.kind === "not-measured") return html`${learnText.notMeasured}`;
  if (agreement.kind === "differ") return html`${learnText.differ}`;
  const { ids, unknown, runs, isWhole } = agreement;
  const [run] = runs;
  const who =
    runs.length === 1 && run !== undefined
      ? learnText.onlyBrowser(runNames(context.data).of(run))
      : isWhole
        ? learnText.allBrowsers(runs.length)
        : learnText.allMeasured(runs.length);
  const titles = unknown.map((id) => titleOf(context, id));
  return html`${wordsFor(context, lesson, ids, unknown.length > 0)}.
    <span class="learn-names"
      >${safeText(who)}${titles.length === 0 ? null : html` ${learnText.notKnown(learnText.and(titles))}`}</span
    >`;
}

function wordsFor(
  context: ViewContext,
  lesson: Lesson,
  ids: readonly string[],
  isPart: boolean,
): string {
  const { question } = lesson;
  if (ids.length === 0) {
    if (question.kind === "outcome") return learnText.noneOfThese;
    return isPart ? learnText.noneOfMeasured : learnText.noneOfThem;
  }
  if (question.kind === "outcome") {
    return learnText.and(ids.map((id) => optionText(context, lesson, id).label));
  }
  return learnText.and(ids.map((id) => titleOf(context, id)));
}

function outcomeTiles(context: ViewContext, lesson: Lesson, guess: readonly string[]): SafeHtml {
  const { options, others } = answered(context.data, lesson.question);
  return html`<ul class="learn-outcomes">
    ${options.map(({ id, answers }) =>
      outcomeTile(context, optionText(context, lesson, id).label, answers, guess.includes(id)),
    )}
    ${others.length === 0 ? null : outcomeTile(context, learnText.noneOfThese, others, false)}
  </ul>`;
}

function outcomeTile(
  context: ViewContext,
  label: string,
  answers: readonly TrialAnswer[],
  isGuessed: boolean,
): SafeHtml {
  return html`<li class="learn-outcome${answers.length > 0 ? " learn-seen" : ""}">
    <p class="learn-label">${label}${isGuessed ? guessBadge : null}</p>
    ${
      answers.length === 0
        ? html`<p class="learn-who">${learnText.nobody}</p>`
        : answers.map((one) => html`<p class="learn-who">${evidenceLink(context, one)}</p> `)
    }
  </li> `;
}

const guessBadge = html` <span class="learn-yours">${learnText.yourGuess}</span>`;

function whichTable(context: ViewContext, lesson: Lesson, guess: readonly string[]): SafeHtml {
  const { data } = context;
  const rows = trialsOf(lesson.question).map((trial): Row => {
    const cells = runsAsTheyCome(data).map((run) => {
      const answer = answerOf(data, run, trial);
      if (answer === undefined) return null;
      const word = whichWord(lesson, answer.code);
      return cell(context, answer.run, answer.trial, toneOf(answer), word);
    });
    const isGuessed = guess.includes(trial.technique);
    return {
      head: html`${titleOf(context, trial.technique)}${isGuessed ? guessBadge : null}`,
      cells,
    };
  });
  return table(context, rows, { label: learnText.answer, first: learnText.facts.technique });
}

/** Whether a guess was right, browser by browser. */
export function guessPart(
  context: ViewContext,
  lesson: Lesson,
  guess: readonly string[],
): SafeHtml {
  const { data } = context;
  const { question } = lesson;
  const chosen = guess.filter((id) => choicesOf(question).includes(id));
  if (chosen.length === 0)
    return html`<span class="learn-unguessed">${learnText.guess.missing}</span>`;
  const judged = [...rightAnswers(data, question)].map(([run, right]) => {
    const known = trialsOf(question).filter((trial) => {
      const answer = answerOf(data, run, trial);
      return answer !== undefined && isConclusive(answer.code);
    });
    const isRight =
      question.kind === "which"
        ? known.every(({ technique }) => right.includes(technique) === chosen.includes(technique))
        : chosen.some((id) => right.includes(id));
    return { name: runNames(data).of(run), isRight };
  });
  const names = (isRight: boolean): string =>
    learnText.and(judged.filter((one) => one.isRight === isRight).map(({ name }) => name));
  const [right, wrong] = [names(true), names(false)];
  return html`${right === "" ? null : html`<span class="learn-right">✓ ${learnText.guess.right(right)}</span> `}${
    wrong === ""
      ? null
      : html`<span class="learn-wrong"
          >✗
          ${
            question.kind === "which" ? learnText.guess.notAll(wrong) : learnText.guess.wrong(wrong)
          }</span
        >`
  }`;
}

function evidenceLink(
  { data, links }: ViewContext,
  { run, trial }: TrialAnswer,
  words: string = runNames(data).of(run),
): SafeHtml {
  return html`<a href="${links.page("evidence", { run: run.key, ...trial })}"
    >${safeText(words)}</a
  >`;
}

/** Everything that was measured with the question's scenario, as a table of browsers. */
export function elsewherePart(context: ViewContext, lesson: Lesson): SafeHtml {
  const isWhich = lesson.question.kind === "which";
  const rows = isWhich ? trialRows(context, lesson) : placeRows(context, lesson);
  if (rows.length === 0) return html`<p>${learnText.notMeasured}</p>`;
  const legend = [
    ...(isWhich ? [learnText.legendCount] : []),
    ...(rows.some(({ cells }) => cells.includes(null)) ? [learnText.legendEmpty] : []),
  ];
  return html`${table(context, rows, {
    label: learnText.elsewhere,
    first: isWhich ? learnText.facts.technique : learnText.place,
    caption: isWhich ? learnText.captionTrials : learnText.captionPlaces,
  })}
  ${legend.length === 0 ? null : html`<p class="learn-note">${legend.join(" ")}</p>`}`;
}

interface Row {
  readonly head: SafeHtml;
  /** In the order of the runs; null where nothing was measured. */
  readonly cells: readonly (SafeHtml | null)[];
}

function table(
  { data }: ViewContext,
  rows: readonly Row[],
  {
    label,
    first,
    caption,
  }: { readonly label: string; readonly first: string; readonly caption?: string },
): SafeHtml {
  const runs = runsAsTheyCome(data);
  return html`<div class="learn-table" role="region" tabindex="0" aria-label="${label}">
    <table>
      ${
        caption === undefined
          ? null
          : html`<caption>
              ${caption}
            </caption>`
      }
      <thead>
        <tr>
          <th scope="col">${first}</th>
          ${runs.map((run) => html`<th scope="col">${safeText(runNames(data).of(run))}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ head, cells }) =>
            html`<tr>
              <th scope="row">${head}</th>
              ${cells.map((one) => html`<td>${one ?? learnText.cellEmpty}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function cell(
  { links }: ViewContext,
  { key }: SiteRun,
  trial: Partial<TrialReference>,
  tone: keyof typeof marks,
  words: string,
  isAsked = false,
): SafeHtml {
  const href = links.page("evidence", { run: key, ...trial });
  return html`<a class="learn-cell learn-${tone}${isAsked ? " learn-asked" : ""}" href="${href}"
    >${marks[tone]} ${words}</a
  >`;
}

function placeRows(context: ViewContext, lesson: Lesson): Row[] {
  const { data } = context;
  const [asked] = trialsOf(lesson.question);
  if (asked === undefined) return [];
  const all = runsAsTheyCome(data).map((run) => answersAnywhere(data, run, asked));
  return data.placements.flatMap((placement) =>
    data.schemes.flatMap((scheme): Row[] => {
      const answers = all.map((some) =>
        some.find(({ trial }) => trial.placement === placement && trial.scheme === scheme),
      );
      if (answers.every((answer) => answer === undefined)) return [];
      const isAsked = placement === asked.placement && scheme === asked.scheme;
      const cells = answers.map((answer) => {
        if (answer === undefined) return null;
        const words = shortWord(context, lesson, answer);
        return cell(context, answer.run, answer.trial, toneOf(answer), words, isAsked);
      });
      return [{ head: html`${placeOf({ ...asked, placement, scheme })}`, cells }];
    }),
  );
}

function trialRows(context: ViewContext, lesson: Lesson): Row[] {
  const { data } = context;
  return trialsOf(lesson.question).flatMap((trial): Row[] => {
    const cells = runsAsTheyCome(data).map((run) => {
      const answers = answersAnywhere(data, run, trial);
      const [first] = answers;
      if (first === undefined) return null;
      const { technique, scenario } = trial;
      const target = answers.length === 1 ? first.trial : { technique, scenario };
      const measured = answers.filter(({ code }) => isConclusive(code)).length;
      if (measured === 0) return cell(context, run, target, "unknown", codeWords[first.code]);
      const passed = answers.filter(({ code }) => code === "pass").length;
      const tone = passed === measured ? "pass" : passed === 0 ? "fail" : "mixed";
      const words =
        answers.length === 1 ? whichWord(lesson, first.code) : learnText.passedOf(passed, measured);
      return cell(context, run, target, tone, words);
    });
    return cells.every((one) => one === null)
      ? []
      : [{ head: html`${titleOf(context, trial.technique)}`, cells }];
  });
}

const marks = { pass: "✓", fail: "✗", mixed: "◐", unknown: "?" } as const;

function toneOf({ code }: TrialAnswer): keyof typeof marks {
  if (!isConclusive(code)) return "unknown";
  return code === "pass" ? "pass" : "fail";
}

function shortWord(context: ViewContext, lesson: Lesson, answer: TrialAnswer): string {
  if (!isConclusive(answer.code)) return codeWords[answer.code];
  const option = optionOf(lesson.question, answer);
  return option === undefined ? codeWords[answer.code] : optionText(context, lesson, option).short;
}
