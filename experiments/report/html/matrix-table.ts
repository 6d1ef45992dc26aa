import { html, type SafeHtml } from "@remix-run/html-template";
import type { SummaryWord } from "../../../model/results.ts";
import type { Cell, Matrix } from "../matrix.ts";
import type { Repetitions } from "../repetitions.ts";
import type { Anchors } from "./anchors.ts";
import { safeText } from "./safe-text.ts";
import { outcomeTone, type Tone, wordMeanings, wordSigns } from "./words.ts";

/** Techniques against browsers; every cell leads to its trials. */
export function matrixTable({ columns, rows }: Matrix, anchors: Anchors): SafeHtml {
  return html`
    <div class="scroll" role="region" aria-labelledby="matrix-caption" tabindex="0">
      <table class="matrix${widthClass(columns.length)}">
        <caption id="matrix-caption">
          Trials passed of trials made
        </caption>
        <thead>
          <tr>
            <th scope="col">Technique</th>
            ${columns.map(
              (column) => html`
                <th scope="col">
                  <a href="#${anchors.run(column)}">${safeText(column.name)}</a>
                  ${column.version === null ? null : html`<span class="version">${safeText(column.version)}</span>`}
                  ${column.note === null ? null : html`<span class="version">${safeText(column.note)}</span>`}
                </th>
              `,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ technique, cells }) => html`
              <tr>
                <th scope="row">
                  <a href="#${anchors.technique(technique.id)}">${safeText(technique.title)}</a>
                </th>
                ${cells.map((cell) => matrixCell(cell, anchors.cell(cell.column, technique.id)))}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${legend()}
  `;
}

function widthClass(columns: number): string {
  if (columns === 1) return " even single";
  return columns <= 4 ? " even" : "";
}

function matrixCell(cell: Cell, anchor: string): SafeHtml {
  const { word, passed, total } = cell.summary;
  if (total === 0) return html`<td class="not-tried">not tried</td>`;
  const isUnstable = cell.repetitions.some(({ unstable }) => unstable !== null);
  return html`
    <td>
      <a class="cell ${word}" href="#${anchor}">
        <span class="word"
          ><span class="sign" aria-hidden="true">${wordSigns[word]}</span> ${word}</span
        >
        <span class="count"
          >${passed}/${total}<span class="visually-hidden"> trials passed</span></span
        >
        <span class="dots" aria-hidden="true">${cell.repetitions.map(dot)}</span>
        ${isUnstable ? html`<span class="unstable">unstable</span>` : null}
      </a>
    </td>
  `;
}

function dot(repetitions: Repetitions): SafeHtml {
  return html`<i class="dot ${worstTone(repetitions)}"></i>`;
}

function worstTone({ trials }: Repetitions): Tone {
  const tones = new Set(trials.map(({ verdict }) => outcomeTone(verdict.outcome)));
  if (tones.has("fail")) return "fail";
  return tones.has("open") ? "open" : "pass";
}

const words: readonly SummaryWord[] = ["works", "partly", "broken", "unsafe", "unknown"];

function legend(): SafeHtml {
  return html`
    <dl class="legend" aria-label="What the words mean">
      ${words.map(
        (word) => html`
          <div>
            <dt class="${word}">
              <span class="sign" aria-hidden="true">${wordSigns[word]}</span> ${word}
            </dt>
            <dd>${wordMeanings[word]}</dd>
          </div>
        `,
      )}
    </dl>
    <p class="legend-dots">
      One mark a trial, in the order below:
      <span><i class="dot pass" aria-hidden="true"></i> pass</span>
      <span><i class="dot fail" aria-hidden="true"></i> fail</span>
      <span><i class="dot open" aria-hidden="true"></i> inconclusive</span>
    </p>
  `;
}
