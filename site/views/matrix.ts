import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { wordMeanings, wordSigns } from "../../experiments/report/html/words.ts";
import type { SummaryWord } from "../../model/results.ts";
import type { CompareView } from "../compare-view.ts";
import {
  isRunning,
  progressOf,
  type ShownColumn,
  type ShownMatrix,
  type ShownRow,
} from "../comparison.ts";
import type { SiteRun } from "../data.ts";
import type { Links } from "../links.ts";
import type { MarkWord, ShownCell } from "../matrix-cells.ts";
import { compareText as text } from "../text/compare.ts";

/** What only a script knows of runs. */
export interface LiveState {
  /** Keys of visits that this very browser makes, or made. */
  readonly own: ReadonlySet<string>;
}

/** What is known without any script. */
export const nothingLive: LiveState = { own: new Set() };

/** Techniques against runs; every cell leads to its evidence. */
export function matrixTable(
  matrix: ShownMatrix,
  view: CompareView,
  links: Links,
  live: LiveState,
): SafeHtml {
  const { columns, rows } = matrix;
  const fit = columns.length <= 6 ? " cmp-fits" : "";
  // A table whose boxes are laid out as something else is no table any more for some browsers, but for its roles:
  // https://adrianroselli.com/2018/02/tables-css-display-properties-and-aria.html
  return html` <div
    class="cmp-scroll${fit}"
    role="region"
    aria-labelledby="matrix-caption"
    tabindex="0"
    data-matrix
  >
    <table class="cmp-matrix cmp-columns-${Math.min(columns.length, 9)}" role="table">
      <caption id="matrix-caption">
        <span class="cmp-extent">${text.matrix.extent(rows.length, columns.length)}.</span>
        ${text.matrix.caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader" class="cmp-corner">${text.matrix.technique}</th>
          ${columns.map((column) => columnHeader(column, live))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map((row) => matrixRow(row, matrix, view, links, live))}
      </tbody>
    </table>
  </div>`;
}

/** A column's header: which browser, and where what is said of it comes from. */
export function columnHeader({ run, column, isChosen }: ShownColumn, live: LiveState): SafeHtml {
  const { browser, source } = run;
  const isOwn = live.own.has(run.key);
  return html`<th
    scope="col"
    role="columnheader"
    id="column.${run.key}"
    class="${isChosen || isOwn ? "cmp-chosen" : ""}"
  >
    ${isOwn ? html`<span class="cmp-own">${text.thisBrowser}</span>` : null}
    <span class="cmp-name">${safeText(column.name)}</span>
    ${column.version === null ? null : html`<span class="cmp-version">${safeText(column.version)}</span>`}
    ${column.note === null ? null : html`<span class="cmp-note">${safeText(column.note)}</span>`}
    <span class="cmp-source"
      >${safeText(browser.engine)} · ${text.sources[source]} ·
      <time datetime="${run.startedAt}">${whenOf(run)}</time></span
    >
    ${browser.versionSource === "ua" ? html`<span class="cmp-source">${text.fromUserAgent}</span>` : null}
    ${isRunning(run) ? progressBar(run) : null}
  </th> `;
}

function progressBar(run: SiteRun): SafeHtml {
  const { done, total } = progressOf(run);
  return html`<span class="cmp-running"
    >${text.measuring(done, total)}
    <progress value="${done}" max="${total}" aria-label="${text.progress}"></progress
  ></span>`;
}

/** Published results are of a day, what was measured here is of a minute. In UTC, as in every report. */
function whenOf({ startedAt, source }: SiteRun): string {
  return source === "published"
    ? startedAt.slice(0, 10)
    : `${startedAt.slice(0, 16).replace("T", " ")} UTC`;
}

function matrixRow(
  { technique, cells }: ShownRow,
  matrix: ShownMatrix,
  view: CompareView,
  links: Links,
  live: LiveState,
): SafeHtml {
  const stage = text.stagesInRow[technique.stage];
  return html`<tr role="row">
    <th scope="row" role="rowheader">
      <a href="${links.technique(technique.id)}">${safeText(technique.title)}</a>
      ${stage === null ? null : html`<span class="cmp-stage">${stage}</span>`}
    </th>
    ${cells.map((cell, index) => {
      const column = matrix.columns[index];
      return column === undefined
        ? null
        : matrixCell(cell, technique.id, column, matrix, view, links, live);
    })}
  </tr> `;
}

/** The address of the evidence of a cell, with what the view is restricted to. */
export function evidenceLink(
  { placement, scheme, scenario }: Pick<CompareView, "placement" | "scheme" | "scenario">,
  run: string,
  technique: string,
  links: Links,
): string {
  return links.page("evidence", { run, technique, placement, scheme, scenario });
}

/** One technique in one run. */
export function matrixCell(
  cell: ShownCell,
  technique: string,
  { run, column, isChosen }: ShownColumn,
  { placements }: Pick<ShownMatrix, "placements">,
  view: CompareView,
  links: Links,
  live: LiveState,
): SafeHtml {
  const { word, passed, total, brokenWhere, notKeptOut, isUnstable, marks, leftOut } = cell;
  const { isSoFar, isUnsafeElsewhere } = cell;
  const chosen = isChosen || live.own.has(run.key) ? " cmp-chosen" : "";
  const id = `cell.${run.key}.${technique}`;
  const name = html`<span class="cmp-in">${safeText(column.name)}</span>`;
  if (word === "untried") {
    return html`<td role="cell" id="${id}" class="cmp-untried${chosen}">${name}<span${leftOut === null ? null : html` title="${leftOut}"`}>${leftOut === null ? text.matrix.untried : text.matrix.leftOut}</span>${leftOut === null ? null : html`<span class="heard-only">: ${leftOut}</span>`}</td>
`;
  }
  const tone = notKeptOut > 0 ? "unsafe" : toneOf(word);
  return html`<td
    role="cell"
    id="${id}"
    class="cmp-${tone}${isSoFar ? " cmp-so-far" : ""}${chosen}"
  >
    <a class="cmp-cell" href="${evidenceLink(view, run.key, technique, links)}"
      >${name}
      <span class="cmp-said"
        ><span class="cmp-word"
          ><span class="sign" aria-hidden="true"
            >${isSoFar ? text.matrix.soFarSign : wordSigns[tone]}</span
          >
          ${isSoFar ? text.soFar(text.words[word]) : text.words[word]}</span
        >
        <span class="cmp-count"
          >${passed}/${total}<span class="heard-only"> ${text.matrix.passed}</span></span
        ></span
      >
      ${marks.length > 1 ? html`<span class="cmp-marks cmp-wide-${placements.length}" aria-hidden="true">${marks.map(mark)}</span>` : null}
      ${brokenWhere === null ? null : html`<span class="cmp-where">${text.matrix.brokenWhere(brokenWhere)}</span>`}
      ${notKeptOut === 0 ? null : html`<span class="cmp-where">${text.matrix.notKeptOut(notKeptOut)}</span>`}
      ${isUnsafeElsewhere ? html`<span class="cmp-where cmp-elsewhere"><span class="sign" aria-hidden="true">${wordSigns.unsafe}</span> ${text.matrix.unsafeElsewhere}</span>` : null}
      ${isUnstable ? html`<span class="cmp-where">${text.matrix.unstable}</span>` : null}
    </a>
  </td> `;
}

function mark(word: MarkWord): SafeHtml {
  return html`<i class="${word}"></i>`;
}

const countTones = {
  all: "works",
  some: "partly",
  none: "broken",
  open: "unknown",
} as const;

function toneOf(word: Exclude<ShownCell["word"], "untried">): SummaryWord {
  return word === "all" || word === "some" || word === "none" || word === "open"
    ? countTones[word]
    : word;
}

const summaryWords: readonly SummaryWord[] = ["works", "partly", "broken", "unsafe", "unknown"];
const countWords = ["all", "some", "none", "open"] as const;
const proofMarks: readonly MarkWord[] = [...summaryWords, "unsupported", "untried"];
const countMarks: readonly MarkWord[] = [
  "works",
  "partly",
  "broken",
  "unsafe",
  "unknown",
  "unsupported",
  "untried",
];

/** The words at a glance, and what they and the marks mean for who opens it. */
export function matrixLegend({ isProof, placements, schemes }: ShownMatrix): SafeHtml {
  const glance = isProof
    ? summaryWords.map((word) => {
        return { tone: word, name: text.words[word], means: wordMeanings[word] };
      })
    : [
        ...countWords.map((word) => {
          return { tone: toneOf(word), name: text.words[word], means: text.countMeanings[word] };
        }),
        { tone: "unsafe" as const, name: text.notKeptOut, means: text.countMeanings.unsafe },
      ];
  return html`<details class="cmp-legend">
    <summary>
      ${glance.map(({ tone, name }) => html`<span class="cmp-key cmp-${tone}"><span class="sign" aria-hidden="true">${wordSigns[tone]}</span> ${name}</span> `)}<span
        class="cmp-more"
        >${text.matrix.legend}</span
      >
    </summary>
    <dl>
      ${glance.map(
        ({ tone, name, means }) =>
          html`<div>
            <dt class="cmp-${tone}">
              <span class="sign" aria-hidden="true">${wordSigns[tone]}</span> ${name}
            </dt>
            <dd>${means}</dd>
          </div>`,
      )}
    </dl>
    <p>
      ${text.matrix.marks(
        schemes.map((scheme) => text.schemes[scheme]),
        placements.map((placement) => text.placements[placement]),
      )}
    </p>
    <ul class="cmp-mark-list cmp-marks">
      ${(isProof ? proofMarks : countMarks).map((word) => html`<li>${mark(word)} ${isProof ? text.marks[word] : countMark(word)}</li>`)}
    </ul>
  </details>`;
}

function countMark(word: MarkWord): string {
  return word === "works" || word === "partly" || word === "broken" || word === "unsafe"
    ? text.countMarks[word]
    : text.marks[word];
}
