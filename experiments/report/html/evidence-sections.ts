import { html, type SafeHtml } from "@remix-run/html-template";
import type { Verdict } from "../../../model/results.ts";
import type { Cell, Matrix, Row } from "../matrix.ts";
import type { ProfileComparison } from "../profiles.ts";
import type { Repetitions } from "../repetitions.ts";
import type { Anchors } from "./anchors.ts";
import { safeText, sentence } from "./safe-text.ts";
import { scenarioTable } from "./scenario-table.ts";
import { trialDetails } from "./trial-details.ts";
import { counted, wordSigns } from "./words.ts";

/**
 * Every trial with what both ends saw, technique by technique and browser by browser; of other
 * profiles only those that differ from the default or did not pass, to keep the page small.
 */
export function evidenceSections(
  matrix: Matrix,
  comparisons: readonly ProfileComparison[],
  anchors: Anchors,
): SafeHtml {
  return html`
    <section aria-labelledby="evidence">
      <h2 id="evidence">Evidence</h2>
      <p class="lede">
        Every attempt as both ends saw it. Tokens are named by serial: <b class="serial">#1</b> was
        issued first. Times count from the start of the attempt, on each end’s own clock.
        ${
          comparisons.length === 0
            ? null
            : "Of other profiles, only trials that failed or differ from the default are shown; the JSON report has all."
        }
      </p>
      ${matrix.rows.map((row) => techniqueSection(row, matrix, comparisons, anchors))}
    </section>
  `;
}

function techniqueSection(
  row: Row,
  matrix: Matrix,
  comparisons: readonly ProfileComparison[],
  anchors: Anchors,
): SafeHtml {
  const { technique, cells, folded } = row;
  const id = anchors.technique(technique.id);
  const section = (cell: Cell, shown: readonly Repetitions[]): SafeHtml | null =>
    shown.length === 0 ? null : cellSection(cell, shown, technique.id, matrix, anchors);
  return html`
    <section class="technique">
      <h3 id="${id}">${safeText(technique.title)}</h3>
      ${
        // With one browser and one variant, the list of its trials says the same.
        cells.length === 1 && !matrix.hasVariants
          ? null
          : scenarioTable(row, { id: `${id}.scenarios`, hasVariants: matrix.hasVariants }, anchors)
      }
      ${cells.map((cell) => section(cell, cell.repetitions))}
      ${folded.map((cell, index) => section(cell, worthShowing(cell, comparisons[index])))}
    </section>
  `;
}

/** What differs or did not pass; nothing of a run that has only one thing to say, which the comparison says. */
function worthShowing(
  { repetitions }: Cell,
  comparison: ProfileComparison | undefined,
): readonly Repetitions[] {
  if (comparison === undefined || comparison.common !== null) return [];
  const differing = new Set(
    comparison.techniques
      .flatMap(({ differences }) => differences)
      .flatMap((difference) => difference.repetitions),
  );
  return repetitions.filter(
    (group) => differing.has(group) || !quietOutcomes.some(({ outcome }) => isAll(group, outcome)),
  );
}

function trialsOf(groups: readonly Repetitions[]): number {
  return groups.flatMap(({ trials }) => trials).length;
}

function isAll({ trials }: Repetitions, outcome: Verdict["outcome"]): boolean {
  return trials.every(({ verdict }) => verdict.outcome === outcome);
}

/** What there is much of, and little to see in, when there are many placements and schemes. */
const quietOutcomes = [
  { outcome: "pass", words: "passed" },
  { outcome: "unsupported", words: "unsupported" },
] as const;

function cellSection(
  { column, summary, repetitions }: Cell,
  shown: readonly Repetitions[],
  technique: string,
  { hasVariants }: Matrix,
  anchors: Anchors,
): SafeHtml {
  const { word, passed, total, reason } = summary;
  const details = (group: Repetitions): SafeHtml[] =>
    group.trials.map((trial, index) => {
      const isOpen = trial.verdict.outcome === "fail" && isFirstOfItsKind(group, shown);
      const id = anchors.trial(group, index);
      return trialDetails(trial, group, { id, index, isOpen, hasVariants });
    });
  const left = trialsOf(
    repetitions.filter((group) => !shown.includes(group) && isAll(group, "pass")),
  );
  const quiet = hasVariants ? quietOutcomes : [];
  const isQuiet = (group: Repetitions): boolean =>
    quiet.some(({ outcome }) => isAll(group, outcome));
  return html`
    <section class="browser">
      <h4 id="${anchors.cell(column, technique)}">
        ${safeText(column.label)}
        <span class="badge ${word}"
          ><span aria-hidden="true">${wordSigns[word]}</span> ${word} ${passed}/${total}</span
        >
      </h4>
      <p class="muted">${sentence(reason)}</p>
      ${shown.filter((group) => !isQuiet(group)).map(details)}
      ${quiet.map(({ outcome, words }) => {
        const groups = shown.filter((group) => isAll(group, outcome));
        return groups.length === 0
          ? null
          : html`
              <details class="quiet">
                <summary>${counted(trialsOf(groups), "trial")} ${words}</summary>
                ${groups.map(details)}
              </details>
            `;
      })}
      ${left === 0 ? null : html`<p class="muted">${left} more passed; the JSON report has them.</p>`}
    </section>
  `;
}

/** Whether no earlier variant of the scenario has the same reasons: one of them open is enough. */
function isFirstOfItsKind(group: Repetitions, shown: readonly Repetitions[]): boolean {
  const first = shown.find(
    (other) => other.scenario === group.scenario && reasonsOf(other) === reasonsOf(group),
  );
  return first === group;
}

function reasonsOf({ trials }: Repetitions): string {
  return trials.map(({ verdict }) => verdict.reason).join("\n");
}
