import { html, type SafeHtml } from "@remix-run/html-template";
import type { JudgedTrial, SummaryWord } from "../../../model/results.ts";
import type { Cell, Matrix } from "../matrix.ts";
import type { Repetitions } from "../repetitions.ts";
import type { Anchors } from "./anchors.ts";
import { safeText } from "./safe-text.ts";
import { outcomeTone, type Tone, wordMeanings, wordSigns } from "./words.ts";

/** Techniques against browsers; every cell leads to its trials. */
export function matrixTable({ columns, rows, hasVariants }: Matrix, anchors: Anchors): SafeHtml {
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
                ${cells.map((cell) => matrixCell(cell, anchors.cell(cell.column, technique.id), hasVariants))}
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
    ${legend(hasVariants)}
  `;
}

function widthClass(columns: number): string {
  if (columns === 1) return " even single";
  return columns <= 4 ? " even" : "";
}

function matrixCell(cell: Cell, anchor: string, hasVariants: boolean): SafeHtml {
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
        ${
          cell.brokenWhere === null
            ? null
            : html`<span class="where">broken ${cell.brokenWhere}</span>`
        }
        <span class="dots" aria-hidden="true"
          >${hasVariants ? variantDots(cell) : cell.repetitions.map((one) => dot([one]))}</span
        >
        ${isUnstable ? html`<span class="unstable">unstable</span>` : null}
      </a>
    </td>
  `;
}

function variantDots({ variants, repetitions }: Cell): SafeHtml[] {
  return variants.map(({ variant }) => dot(repetitions.filter((one) => one.variant === variant)));
}

function dot(repetitions: readonly Repetitions[]): SafeHtml {
  return html`<i class="dot ${worstTone(repetitions.flatMap(({ trials }) => trials))}"></i>`;
}

function worstTone(trials: readonly JudgedTrial[]): Tone {
  const tones = new Set(trials.map(({ verdict }) => outcomeTone(verdict.outcome)));
  if (tones.has("fail")) return "fail";
  return tones.has("open") ? "open" : "pass";
}

const words: readonly SummaryWord[] = ["works", "partly", "broken", "unsafe", "unknown"];

function legend(hasVariants: boolean): SafeHtml {
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
      ${
        hasVariants
          ? "One mark for each placement and scheme, in the order below:"
          : "One mark a trial, in the order below:"
      }
      <span><i class="dot pass" aria-hidden="true"></i> ${hasVariants ? "all pass" : "pass"}</span>
      <span><i class="dot fail" aria-hidden="true"></i> ${hasVariants ? "some fail" : "fail"}</span>
      <span><i class="dot open" aria-hidden="true"></i> inconclusive</span>
    </p>
  `;
}
