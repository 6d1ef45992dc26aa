import { html, type SafeHtml } from "@remix-run/html-template";
import type { Cell, Matrix, Row } from "../matrix.ts";
import type { Anchors } from "./anchors.ts";
import { safeText, sentence } from "./safe-text.ts";
import { scenarioTable } from "./scenario-table.ts";
import { trialDetails } from "./trial-details.ts";
import { wordSigns } from "./words.ts";

/** Every trial with what both ends saw, technique by technique and browser by browser. */
export function evidenceSections(matrix: Matrix, anchors: Anchors): SafeHtml {
  return html`
    <section aria-labelledby="evidence">
      <h2 id="evidence">Evidence</h2>
      <p class="lede">
        Every attempt as both ends saw it. Tokens are named by serial: <b class="serial">#1</b> was
        issued first. Times count from the start of the attempt, on each end’s own clock.
      </p>
      ${matrix.rows.map((row) => techniqueSection(row, matrix, anchors))}
    </section>
  `;
}

function techniqueSection(row: Row, matrix: Matrix, anchors: Anchors): SafeHtml {
  const { technique, cells } = row;
  const id = anchors.technique(technique.id);
  return html`
    <section class="technique">
      <h3 id="${id}">${safeText(technique.title)}</h3>
      ${
        // With one browser, the list of its trials says the same.
        cells.length === 1
          ? null
          : scenarioTable(row, { id: `${id}.scenarios`, hasVariants: matrix.hasVariants }, anchors)
      }
      ${cells
        .filter(({ repetitions }) => repetitions.length > 0)
        .map((cell) => cellSection(cell, technique.id, matrix, anchors))}
    </section>
  `;
}

function cellSection(
  { column, summary, repetitions }: Cell,
  technique: string,
  { hasVariants }: Matrix,
  anchors: Anchors,
): SafeHtml {
  const { word, passed, total, reason } = summary;
  return html`
    <section class="browser">
      <h4 id="${anchors.cell(column, technique)}">
        ${safeText(column.label)}
        <span class="badge ${word}"
          ><span aria-hidden="true">${wordSigns[word]}</span> ${word} ${passed}/${total}</span
        >
      </h4>
      <p class="muted">${sentence(reason)}</p>
      ${repetitions.map((group) =>
        group.trials.map((trial, index) =>
          trialDetails(trial, group, { id: anchors.trial(group, index), index, hasVariants }),
        ),
      )}
    </section>
  `;
}
