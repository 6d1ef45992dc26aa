import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import { wordSigns } from "../../experiments/report/html/words.ts";
import {
  type Against,
  type Failing,
  summariseBrowser,
  type WordThere,
  type WorksIn,
} from "../browser-summary.ts";
import { type Comparison, isRunning, progressOf } from "../comparison.ts";
import type { SiteRun } from "../data.ts";
import type { Links } from "../links.ts";
import { compareText } from "../text/compare.ts";
import type { LiveState } from "./matrix.ts";

const text = compareText.summary;

/** One browser in sentences: how it does, how it differs from the published ones, and what fails in it and why. */
export function browserSummary(
  comparison: Comparison,
  run: SiteRun,
  links: Links,
  live: LiveState,
): SafeHtml {
  const others = comparison.data.runs.filter(
    (other) => other !== run && other.source === "published" && other.profile.name === "default",
  );
  const names = namesOf(comparison, [run, ...others]);
  const { counts, failing, isCompared, against, unsupported } = summariseBrowser(
    comparison,
    run,
    others,
  );
  const isOwn = live.own.has(run.key);
  const name = names(run);
  const { done, total } = progressOf(run);
  const said = [...counts].filter(([, count]) => count > 0);
  return html`<section
    class="cmp-summary"
    data-run="${run.key}"
    aria-labelledby="summary.${run.key}"
  >
    <h2 id="summary.${run.key}">${isOwn ? text.yours(name) : text.heading(name)}</h2>
    ${isRunning(run) ? html`<p class="cmp-running">${text.running(done, total)}</p>` : null}
    ${
      said.length === 0
        ? html`<p>${text.nothingYet}</p>`
        : html`<ul class="cmp-tally">
              ${said.map(([word, count]) => html`<li class="cmp-${word}"><span class="sign" aria-hidden="true">${wordSigns[word]}</span> ${text.count(count, word)}</li>`)}
            </ul>
            <div class="cmp-against">
              ${against.map((one) => comparedWith(one, run, names, links))}
              <p class="hint">
                ${text.comparison}${unsupported === 0 ? null : ` ${text.unsupported(unsupported)}`}
              </p>
            </div>
            ${failures(failing, isCompared, run, names, links)}`
    }
  </section>`;
}

function comparedWith(
  { other, common, differences }: Against,
  run: SiteRun,
  names: (run: SiteRun) => string,
  links: Links,
): SafeHtml {
  const name = names(other);
  if (common === 0) return html`<p>${text.nothingCommon(name)}</p>`;
  if (differences.length === 0) return html`<p>${text.same(name, common)}</p>`;
  return html`<details>
    <summary>${text.differs(name, differences.length, common)}</summary>
    <ul>
      ${differences.map(
        ({ technique, here, there }) =>
          html`<li>
            <a href="${links.page("evidence", { run: run.key, technique: technique.id })}"
              >${safeText(technique.title)}</a
            >: ${text.wordThere(wordAt(here), wordAt(there))}
          </li>`,
      )}
    </ul>
  </details>`;
}

function wordAt({ word, brokenWhere }: WordThere): string {
  return brokenWhere === null ? word : text.wordWhere(word, brokenWhere);
}

/** First what works in another browser: there is a reason why it fails in this one. */
function failures(
  failing: readonly Failing[],
  isCompared: boolean,
  run: SiteRun,
  names: (run: SiteRun) => string,
  links: Links,
): SafeHtml {
  if (failing.length === 0) return isRunning(run) ? html`` : html`<p>${text.noneFails}</p>`;
  const list = (some: readonly Failing[]): SafeHtml =>
    html`<ul class="cmp-failing">
      ${some.map((one) => failingItem(one, run, names, links))}
    </ul>`;
  if (!isCompared) {
    return html`<h3>${text.failingAlone}</h3>
      ${list(failing)}`;
  }
  const here = failing.filter(({ worksIn }) => worksIn.length > 0);
  const everywhere = failing.filter(({ worksIn }) => worksIn.length === 0);
  return html`${
    here.length === 0
      ? html`<p>${text.elsewhere}</p>`
      : html`<h3>${text.failing}</h3>
          ${list(here)}`
  }
  ${
    everywhere.length === 0
      ? null
      : html`<details>
          <summary>${text.failingToo(everywhere.length)}</summary>
          ${list(everywhere)}
        </details>`
  }`;
}

function failingItem(
  { technique, word, brokenWhere, trial, alike, worksIn }: Failing,
  run: SiteRun,
  names: (run: SiteRun) => string,
  links: Links,
): SafeHtml {
  const { scenario, placement, scheme, outcome } = trial ?? {};
  const href = links.page("evidence", {
    run: run.key,
    technique: technique.id,
    placement,
    scheme,
    scenario,
  });
  return html`<li>
    <a href="${href}"
      ><span class="cmp-key cmp-${word}"
        ><span class="sign" aria-hidden="true">${wordSigns[word]}</span>
        ${compareText.words[word]}</span
      >
      <strong>${safeText(technique.title)}</strong></a
    >
    <span
      class="cmp-why"
      ${trial === null ? null : html`data-why="${technique.id}" data-scenario="${trial.scenario}" data-placement="${trial.placement}" data-scheme="${trial.scheme}"`}
      >${brokenWhere === null ? null : `${compareText.matrix.brokenWhere(brokenWhere)}: `}${outcome === undefined ? null : compareText.kinds[outcome]}${placement === undefined || scheme === undefined ? null : ` (${text.place(placement, scheme)})`}.
      ${alike.length === 0 ? null : `${text.failsAlso(alike.map(names))} `}${whereItWorks(worksIn, names)}</span
    >
  </li> `;
}

/** Where it fails elsewhere, only the trials that pass are said of it. */
function whereItWorks(worksIn: readonly WorksIn[], names: (run: SiteRun) => string): string {
  const whole = worksIn.filter(({ isWhole }) => isWhole);
  return [
    ...(whole.length === 0 ? [] : [text.worksIn(whole.map(({ run }) => names(run)))]),
    ...worksIn
      .filter(({ isWhole }) => !isWhole)
      .map(({ run, where }) => text.worksInTrials(names(run), where)),
  ].join(" ");
}

/** The browser's name with the part of its version that people say, where that tells them apart; else all. */
function namesOf({ columns }: Comparison, runs: readonly SiteRun[]): (run: SiteRun) => string {
  const labels = columns(runs).map(({ label }) => label);
  const shorts = runs.map(shortName);
  return (run) => {
    const own = shortName(run);
    return shorts.filter((other) => other === own).length === 1
      ? own
      : (labels[runs.indexOf(run)] ?? own);
  };
}

function shortName({ browser: { name, version } }: SiteRun): string {
  return version === null ? name : `${name} ${saidVersion(version)}`;
}

/** "156" of "156.0.8078.79", and "2.50" of "2.50.6", of which nobody would say "2". */
function saidVersion(version: string): string {
  const [major = "", minor] = version.split(".");
  return major.length > 1 || minor === undefined ? major : `${major}.${minor}`;
}
