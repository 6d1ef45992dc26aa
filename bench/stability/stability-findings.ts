import type { Findings, Goal, Table } from "../benchmark.ts";
import { settingsText, type StabilitySettings } from "./settings.ts";
import {
  type Cell,
  firstDifference,
  isChanged,
  isContradictory,
  saysNothing,
  wentOtherwise,
} from "./tally.ts";

/** What was counted under one condition. */
export interface Counted {
  /** "the machine left alone" */
  readonly condition: string;
  readonly cells: readonly Cell[];
  readonly trials: number;
  readonly tookMs: number;
  /** Which part of the processor's time was idle meanwhile, from 0 to 1. */
  readonly idle: number;
}

/** What stands beside the counts. */
export interface Beside {
  /** The benchmark's name on the command line, with its flags: "stability --small". */
  readonly name: string;
  readonly settings: StabilitySettings;
  /** What is repeated, and how often, when the environment says nothing. */
  readonly usual: StabilitySettings;
  /** Ids of the browsers without which nothing is proven. */
  readonly required: readonly string[];
  /** How many processes wanted a core in the minute before. */
  readonly loadBefore: number;
  /** How many trials `npm run experiments` makes without flags, in the browsers that were here. */
  readonly wholeRun: number;
  /** Cells of the published runs of the same versions of the browsers. */
  readonly published: readonly Cell[];
}

const mostRows = 40;

/** Goals, tables and notes of repeats under one or more conditions. */
export function stabilityFindings(counted: readonly Counted[], beside: Beside): Findings {
  const changed = counted.flatMap(({ condition, cells }) =>
    cells.filter(isChanged).map((cell) => changeRow(condition, cell)),
  );
  const otherwise = counted.flatMap(({ condition, cells }) =>
    cells.filter(wentOtherwise).map((cell) => wayRow(condition, cell)),
  );
  const pairs = pairsOf(counted, beside.published).map(([a, b]) => ({ a, b, ...compared(a, b) }));
  const differing = pairs.flatMap(({ a, b, differences }) =>
    differences.map((row) => [`${a.name} / ${b.name}`, ...row]),
  );
  const missing = new Map(counted.map((one) => [one, missingOf(one, beside.required)]));
  return {
    goals: [
      ...counted.map((one) => goalOf(one, missing.get(one) ?? [], beside)),
      agreementGoal(counted, [...new Set([...missing.values()].flat())]),
    ],
    tables: [
      {
        title: "Repeats",
        headings: [
          "condition",
          "browser",
          "trials",
          "cells",
          "of these, verdict changed",
          "between pass and fail",
          "same verdict, both ends saw it come about in more than one way",
          "further cells of which nothing can be said",
        ],
        rows: counted.flatMap(repeatRows),
      },
      {
        title: "Between conditions",
        headings: ["one", "other", "cells of both", "different verdicts"],
        rows: pairs.map(({ a, b, both, differences }) => [
          a.name,
          b.name,
          String(both),
          String(differences.length),
        ]),
      },
      ...shown({
        title: "Changed verdicts",
        headings: [...cellHeadings, "verdicts", "first difference"],
        rows: changed,
      }),
      ...shown({
        title: "Different verdicts between conditions",
        headings: [...cellHeadings, "one", "other"],
        rows: differing,
      }),
      ...shown({
        title: "Same verdict, reached in more than one way",
        headings: [...cellHeadings, "ways", "first difference"],
        rows: otherwise,
      }),
    ],
    plots: [],
    notes: [
      "A cell is one trial (technique, scenario, placement, scheme) in one browser with one set-up. Its verdict changed if outcome, kind, deciding attempt or reason did.",
      ...counted.map(rateText),
      ...[...missing].flatMap(([{ condition }, browsers]) =>
        browsers.map(
          (one) => `With ${condition}, nothing can be said of ${one}, which has to be there.`,
        ),
      ),
      `Before it began, the load average of the machine was ${beside.loadBefore.toFixed(1)}: what else ran then may have run meanwhile.`,
      ...counted.slice(0, 1).flatMap((one) => wholeRunText(one, beside)),
      `Made again by: ${settingsText(beside.settings)} npm run bench -- ${beside.name}`,
      ...[changed, differing, otherwise].flatMap((rows) =>
        rows.length > mostRows ? [`Of ${rows.length} rows, a table shows ${mostRows}.`] : [],
      ),
    ],
  };
}

const cellHeadings = ["condition", "browser", "technique", "scenario", "where"];

function goalOf(
  { condition, cells, trials }: Counted,
  missing: readonly string[],
  { settings, usual }: Beside,
): Goal {
  const { repeat } = settings;
  const said = cells.filter((cell) => !saysNothing(cell));
  const changed = said.filter(isChanged);
  const seldom = cells.filter((cell) => countOf(cell) < repeat);
  const [first] = changed;
  const reasons = [
    first === undefined ? "" : `first: ${cellText(first)}: ${answersText(first)}`,
    missingText(missing),
    said.length === 0 ? "nothing could be said of any cell" : "",
    seldom.length === 0 ? "" : `${seldom.length} cells were made less often`,
  ];
  return {
    claim: `No verdict changes in ${repeat} repeats${unusualText(settings, usual)}, with ${condition}`,
    measured: `${changed.length} of ${said.length} cells changed, ${changed.filter(isContradictory).length} of them between pass and fail, in ${trials} trials`,
    ...missedFor(reasons),
  };
}

/** Each condition may be stable and contradict the other. */
function agreementGoal(counted: readonly Counted[], missing: readonly string[]): Goal {
  const pairs = pairsOf(counted, []).map(([a, b]) => compared(a, b));
  const differences = pairs.flatMap((pair) => pair.differences);
  const said = sum(pairs.map((pair) => pair.said));
  const alone = sum(pairs.map((pair) => pair.alone));
  const [first] = differences;
  const reasons = [
    first === undefined ? "" : `first: ${first.join(", ")}`,
    missingText(missing),
    said === 0 ? "of no cell could anything be said under both" : "",
    alone === 0 ? "" : `${alone} cells were made under one of them only`,
  ];
  return {
    claim: "No cell's verdict differs between the conditions",
    measured: `${differences.length} of ${sum(pairs.map(({ both }) => both))} cells differ`,
    ...missedFor(reasons),
  };
}

/** Those of the browsers of which nothing can be said. */
function missingOf({ cells }: Counted, required: readonly string[]): readonly string[] {
  const said = cells.filter((cell) => !saysNothing(cell)).map(engineOf);
  return required.filter((id) => !said.includes(id));
}

/** "chrome" of "chrome, private". */
function engineOf({ browser }: Cell): string {
  return browser.split(", ")[0] ?? browser;
}

function missingText(missing: readonly string[]): string {
  return missing.length === 0 ? "" : `nothing could be said of ${missing.join(", ")}`;
}

/** A goal is met when every reason to miss it is "". */
function missedFor(reasons: readonly string[]): Pick<Goal, "isMet" | "why"> {
  const why = reasons.filter((reason) => reason !== "").join("; ");
  return why === "" ? { isMet: true, why: null } : { isMet: false, why };
}

/** What of the claim is not as usual: "" when all is. */
function unusualText(settings: StabilitySettings, usual: StabilitySettings): string {
  const flags = settings.flags.join(" ");
  return [
    settings.repeat === usual.repeat ? "" : ` (not the usual ${usual.repeat})`,
    flags === usual.flags.join(" ")
      ? ""
      : ` of ${flags === "" ? "the whole run" : `what ${flags} selects`}`,
  ].join("");
}

function repeatRows({ condition, cells }: Counted): string[][] {
  return [...Map.groupBy(cells, ({ browser }) => browser)].map(([browser, own]) => {
    const silent = own.filter(saysNothing);
    const said = own.filter((cell) => !saysNothing(cell));
    return [
      condition,
      browser,
      String(sum(own.map(countOf))),
      String(said.length),
      String(said.filter(isChanged).length),
      String(said.filter(isContradictory).length),
      String(said.filter(wentOtherwise).length),
      String(silent.length),
    ];
  });
}

interface Side {
  readonly name: string;
  readonly cells: readonly Cell[];
}

function pairsOf(counted: readonly Counted[], published: readonly Cell[]): [Side, Side][] {
  const sides = counted.map(({ condition, cells }): Side => ({ name: condition, cells }));
  const known: Side[] =
    published.length === 0 ? [] : [{ name: "the published run", cells: published }];
  const all = [...sides, ...known];
  return all.flatMap((a, place) => all.slice(place + 1).map((b): [Side, Side] => [a, b]));
}

interface Comparison {
  /** How many cells are on both sides. */
  readonly both: number;
  /** Of these, how many say something on both. */
  readonly said: number;
  /** How many are on one side only. */
  readonly alone: number;
  /** Those of both whose most frequent verdicts differ. */
  readonly differences: string[][];
}

function compared(a: Side, b: Side): Comparison {
  const others = new Map(b.cells.map((cell) => [cell.key, cell]));
  const pairs = a.cells.flatMap((cell) => {
    const other = others.get(cell.key);
    return other === undefined ? [] : [{ cell, other }];
  });
  const differences = pairs
    .filter(({ cell, other }) => cell.answers[0]?.verdict !== other.answers[0]?.verdict)
    .map(({ cell, other }) => [...placeTexts(cell), answersText(cell), answersText(other)]);
  return {
    both: pairs.length,
    said: pairs.filter(({ cell, other }) => !saysNothing(cell) && !saysNothing(other)).length,
    alone: a.cells.length + b.cells.length - 2 * pairs.length,
    differences,
  };
}

function changeRow(condition: string, cell: Cell): string[] {
  return [condition, ...placeTexts(cell), answersText(cell), firstDifference(cell) ?? "none"];
}

function wayRow(condition: string, cell: Cell): string[] {
  const counts = cell.answers.flatMap(({ courses }) => courses.map(({ count }) => `${count}×`));
  return [condition, ...placeTexts(cell), counts.join(", "), firstDifference(cell) ?? "none"];
}

function shown(table: Table): Table[] {
  return table.rows.length === 0 ? [] : [{ ...table, rows: table.rows.slice(0, mostRows) }];
}

function placeTexts({ browser, technique, scenario, where }: Cell): string[] {
  return [browser, technique, scenario, where];
}

function cellText(cell: Cell): string {
  return placeTexts(cell).join(", ");
}

function answersText({ answers }: Cell): string {
  return answers.map(({ verdict, count }) => `${count}× ${verdict}`).join("; ");
}

function countOf({ answers }: Cell): number {
  return sum(answers.map(({ count }) => count));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function rateText({ condition, trials, tookMs, idle }: Counted): string {
  const minutes = (tookMs / 60_000).toFixed(1);
  return `With ${condition}: ${trials} trials in ${minutes} minutes, ${perSecond(trials, tookMs)} a second in all browsers together; ${Math.round(idle * 100)} % of the processor's time was idle.`;
}

function wholeRunText({ trials, tookMs }: Counted, { wholeRun, settings }: Beside): string[] {
  if (trials === 0 || settings.flags.length === 0) return [];
  const hours = ((wholeRun * settings.repeat) / trials) * (tookMs / 3_600_000);
  return [
    `What was selected is not the whole run: ${settings.repeat} repeats of its ${wholeRun} trials would take about ${Math.ceil(hours)} hours at this rate, and were not made.`,
  ];
}

function perSecond(trials: number, tookMs: number): string {
  return (trials / (tookMs / 1_000)).toFixed(1);
}
