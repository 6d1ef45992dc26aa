import { compareQuery, type CompareView, parseCompareQuery } from "../compare-view.ts";
import { type Comparison, createComparison, isRunning } from "../comparison.ts";
import type { PackedTrial, SiteData, SiteRun } from "../data.ts";
import { queryText } from "../links.ts";
import { withTrials } from "../live-runs.ts";
import { compareText } from "../text/compare.ts";
import {
  comparePage,
  compareResults,
  compareSummaries,
  measureProblem,
  problemList,
  shownStatus,
  windowHint,
} from "../views/compare.ts";
import { compareFilters } from "../views/compare-filters.ts";
import { columnHeader, type LiveState, matrixCell } from "../views/matrix.ts";
import { beginVisit } from "./begin-visit.ts";
import { createFailureReasons, type FailureReasons, showReason } from "./failure-reasons.ts";
import { addressWith, keepAddress } from "./keep-address.ts";
import type { ClientPage, StartPage } from "./page.ts";
import { fill, replaceElement } from "./redraw.ts";
import { openVisitFeed, type VisitHandlers } from "./visit-feed.ts";

/** Brings the home page to life: filters apply at once, visits fill their columns. */
export const startCompare: StartPage = (page) => {
  const matrix = new MatrixPage(page);
  matrix.draw();
  if (page.isLab) matrix.follow();
};

/** What the lab knows of visits comes at once, and does not say when it is all. */
const visitsKnownAfterMs = 3_000;

/** The browser that is measured needs its time itself. */
const cellsEveryMs = 200;
const summariesEveryMs = 2_000;

class MatrixPage implements VisitHandlers {
  readonly #page: ClientPage;
  readonly #own = new Set<string>();
  readonly #live: LiveState = { own: this.#own };
  /** Trials that are not drawn yet, by the key of their visit. */
  readonly #fresh = new Map<string, PackedTrial[]>();
  #data: SiteData;
  #comparison: Comparison;
  #query = new URLSearchParams(location.search);
  readonly #reasons: FailureReasons;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #summaryTimer: ReturnType<typeof setTimeout> | null = null;
  #summarisedAt = 0;
  #areVisitsKnown: boolean;

  constructor(page: ClientPage) {
    this.#page = page;
    this.#data = page.data;
    this.#comparison = createComparison(page.data);
    this.#areVisitsKnown = !page.isLab;
    this.#reasons = createFailureReasons(
      async (run, technique) => await page.loadEvidence(run, technique),
      () => this.#explain(),
    );
  }

  draw(): void {
    const context = { ...this.#page, data: this.#data };
    const page = comparePage(context, this.#query, this.#comparison, this.#live);
    this.#page.main.innerHTML = String(page);
    this.#drawProblems();
    this.#prepareForm();
    this.#explain();
  }

  follow(): void {
    this.#page.main.addEventListener("submit", (event) => {
      const { target } = event;
      if (!(target instanceof HTMLFormElement) || !target.matches("[data-measure]")) return;
      event.preventDefault();
      void this.#measure(target);
    });
    setTimeout(() => {
      this.#areVisitsKnown = true;
      this.#drawProblems();
    }, visitsKnownAfterMs);
    openVisitFeed(this);
  }

  onRun(run: SiteRun): void {
    const isNew = this.#find(run.key) === undefined;
    this.#fresh.delete(run.key);
    this.#replaceRun(run);
    if (this.#own.has(run.key) && !this.#view.run.includes(run.key)) {
      // So that a link to this view has it.
      this.#query.set("run", [run.key, ...this.#view.run].join(","));
      keepAddress(this.#address);
    }
    if (isNew) this.#drawForm();
    this.#drawResults();
    if (isNew && isRunning(run)) this.#say(compareText.status.begun(run.browser.name));
  }

  onTrial(key: string, trial: PackedTrial): void {
    // Its window did open.
    if (this.#own.has(key)) fill(this.#part("window"), "");
    this.#fresh.set(key, [...(this.#fresh.get(key) ?? []), trial]);
    this.#timer ??= setTimeout(() => this.#drawFresh(), cellsEveryMs);
  }

  onEnd(key: string, endedAt: string): void {
    this.#drawFresh();
    const run = this.#find(key);
    if (run === undefined || run.endedAt === endedAt) return;
    this.#replaceRun({ ...run, endedAt });
    this.#drawResults();
    this.#say(compareText.status.ended(run.browser.name));
  }

  async #measure(form: HTMLFormElement): Promise<void> {
    try {
      const { key, entrance } = await beginVisit(form);
      this.#own.add(key);
      fill(this.#part("window"), String(windowHint(entrance)));
      // The lab may have told of it first.
      const run = this.#find(key);
      if (run !== undefined) this.onRun(run);
    } catch (error) {
      fill(this.#part("window"), String(measureProblem(error)));
    }
  }

  get #view(): CompareView {
    return parseCompareQuery(this.#query, this.#data).view;
  }

  #find(key: string): SiteRun | undefined {
    return this.#data.runs.find((run) => run.key === key);
  }

  #part(name: string): HTMLElement | null {
    return this.#page.main.querySelector(`[data-${name}]`);
  }

  #say(text: string): void {
    const status = this.#part("status");
    if (status !== null) status.textContent = text;
  }

  #replaceRun(run: SiteRun): void {
    const { runs } = this.#data;
    const isKnown = runs.some(({ key }) => key === run.key);
    this.#data = {
      ...this.#data,
      runs: isKnown ? runs.map((one) => (one.key === run.key ? run : one)) : [...runs, run],
    };
    this.#comparison = this.#comparison.withData(this.#data);
  }

  #drawProblems(): void {
    const { view, problems } = parseCompareQuery(this.#query, this.#data);
    const awaited = this.#areVisitsKnown
      ? []
      : view.run.filter((key) => key.startsWith("visit-")).map(compareText.unknownRun);
    const known = problems.filter((problem) => !awaited.includes(problem));
    fill(this.#part("problems"), String(problemList(known) ?? ""));
  }

  #drawSummaries(): void {
    clearTimeout(this.#summaryTimer ?? undefined);
    this.#summaryTimer = null;
    this.#summarisedAt = performance.now();
    const { links } = this.#page;
    const sections = compareSummaries(this.#comparison, this.#view, links, this.#live);
    fill(this.#part("summaries"), sections.join(""));
    this.#explain();
  }

  #drawResults(): void {
    this.#drawProblems();
    this.#drawSummaries();
    const { links } = this.#page;
    const results = compareResults(this.#comparison, this.#view, links, this.#live);
    fill(this.#part("results"), String(results));
  }

  #drawFresh(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#timer = null;
    for (const [key, trials] of this.#fresh) {
      this.#fresh.delete(key);
      const run = this.#find(key);
      if (run === undefined) continue;
      const newer = withTrials(run, trials);
      this.#replaceRun(newer);
      // What is true "so far" of a visit that goes on is true of all of it now.
      const isOver = isRunning(run) && !isRunning(newer);
      if (isOver || !this.#drawCells(key, trials)) this.#drawResults();
      else this.#drawSummariesSoon();
    }
  }

  #drawSummariesSoon(): void {
    const wait = Math.max(0, this.#summarisedAt + summariesEveryMs - performance.now());
    this.#summaryTimer ??= setTimeout(() => this.#drawSummaries(), wait);
  }

  /** Replaces the cells of what was tried, and nothing around them; false when they are not there. */
  #drawCells(key: string, trials: readonly PackedTrial[]): boolean {
    const { links } = this.#page;
    const view = this.#view;
    const matrix = this.#comparison.matrix(view);
    const place = matrix.columns.findIndex(({ run }) => run.key === key);
    const column = matrix.columns[place];
    if (column === undefined) return true;
    const techniques = new Set(trials.map(([index]) => this.#data.techniques[index]?.id));
    for (const { technique, cells } of matrix.rows) {
      const cell = cells[place];
      if (!techniques.has(technique.id) || cell === undefined) continue;
      const old = document.getElementById(`cell.${key}.${technique.id}`);
      if (old === null) return false;
      const fresh = matrixCell(cell, technique.id, column, matrix, view, links, this.#live);
      replaceElement(old, String(fresh)).classList.add("cmp-fresh");
    }
    const header = document.getElementById(`column.${key}`);
    if (header !== null) replaceElement(header, String(columnHeader(column, this.#live)));
    return true;
  }

  /** Says why something fails, at once where that is known. */
  #explain(): void {
    const { main, isLab } = this.#page;
    if (!isLab) return;
    const places = main.querySelectorAll<HTMLElement>(".cmp-summary > .cmp-failing [data-why]");
    for (const place of places) {
      const run = this.#find(place.closest<HTMLElement>("[data-run]")?.dataset["run"] ?? "");
      if (run === undefined) continue;
      const { why: technique = "", scenario = "", placement = "", scheme = "" } = place.dataset;
      const failed = { run: run.key, technique, scenario, placement, scheme };
      const reason = this.#reasons.of(failed, isRunning(run));
      if (reason !== null) showReason(reason, place);
    }
  }

  get #address(): string {
    return queryText(compareQuery(this.#view));
  }

  /** Offers what has become known, unless somebody is just choosing. */
  #drawForm(): void {
    const form = this.#part("filters");
    if (form === null || form.contains(document.activeElement)) return;
    const isOpen = form.querySelector("details")?.open ?? false;
    form.outerHTML = String(compareFilters(this.#data, this.#view, this.#page.links));
    const details = this.#part("filters")?.querySelector("details") ?? null;
    if (details !== null) details.open = isOpen;
    this.#prepareForm();
  }

  #prepareForm(): void {
    const form = this.#page.main.querySelector<HTMLFormElement>("[data-filters]");
    if (form === null) return;
    this.#part("apply")?.remove();
    this.#part("copy")?.removeAttribute("hidden");
    form.addEventListener("input", () => this.#apply(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#apply(form);
    });
    this.#part("reset")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.#query = new URLSearchParams();
      this.#own.clear();
      keepAddress(this.#address);
      this.draw();
      this.#part("reset")?.focus();
      this.#say(shownStatus(this.#comparison.matrix(this.#view)));
    });
    this.#part("copy")?.addEventListener("click", () => void this.#copyAddress());
  }

  #apply(form: HTMLFormElement): void {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    fields.set("run", this.#view.run.join(","));
    const { view } = parseCompareQuery(fields, this.#data);
    this.#query = new URLSearchParams(queryText(compareQuery(view)));
    keepAddress(this.#address);
    this.#drawResults();
    this.#say(shownStatus(this.#comparison.matrix(view)));
    fill(this.#part("copied"), "");
    this.#part("address")?.setAttribute("hidden", "");
  }

  /** Pages on plain http, but for localhost, have no clipboard: https://w3c.github.io/clipboard-apis/#dom-navigator-clipboard */
  async #copyAddress(): Promise<void> {
    try {
      await navigator.clipboard.writeText(addressWith(this.#address));
      const copied = this.#part("copied");
      if (copied !== null) copied.textContent = compareText.filters.copied;
    } catch {
      const field = this.#part("address");
      const input = field?.querySelector("input") ?? null;
      field?.removeAttribute("hidden");
      if (input === null) return;
      input.value = addressWith(this.#address);
      input.select();
    }
  }
}
