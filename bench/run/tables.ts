import type { Phase } from "../../model/timing.ts";
import type { Table } from "../benchmark.ts";
import { costOf, floorCostOf, sum, type Part, type Round } from "./part.ts";

/** Browsers by name, with what each did at every size. */
export type ByBrowser = readonly (readonly [name: string, parts: readonly Part[]])[];

const slowestShown = 12;

/** Every run next to its floor. */
export function ratioTable(rounds: readonly Round[], parts: readonly Part[]): Table {
  return {
    title: "Runs against their floors",
    headings: [
      "Size",
      "Browser",
      "Trials",
      "Run, s",
      "Floor, s",
      "Ratio",
      "A trial, ms",
      "A page of the floor, ms",
    ],
    rows: rounds.flatMap(({ size, run, floor }) => {
      const own = parts.filter((part) => part.size === size);
      const trials = sum(own.map((part) => part.trials.length));
      const whole = [seconds(run.tookMs), seconds(floor.tookMs), ratio(run, floor)];
      return [
        ...own.map((part) => [
          `${size}×`,
          part.browser.name,
          String(part.trials.length),
          seconds(part.tookMs),
          seconds(part.floor.tookMs),
          ratio(part, part.floor),
          costOf(part).toFixed(0),
          floorCostOf(part).toFixed(0),
        ]),
        [`${size}×`, "all, from the command to its end", String(trials), ...whole, "", ""],
      ];
    }),
  };
}

/** How busy the machine's processors were, whatever with. */
export function processorTable(rounds: readonly Round[], cores: number): Table {
  const row = (size: number, what: string, made: Round["run"] | Round["floor"]): string[] => [
    `${size}×`,
    what,
    seconds(made.busyMs),
    percent(made.busyMs / (made.tookMs * cores)),
  ];
  return {
    title: "How busy the machine's processors were",
    headings: ["Size", "What", "Busy, s of all processors together", "Share of what they have"],
    rows: rounds.flatMap(({ size, run, floor }) => [
      row(size, "the run", run),
      row(size, "its floor", floor),
    ]),
  };
}

const phases: readonly (readonly [phase: Phase, words: string])[] = [
  ["launch", "launching the browser"],
  ["preflight", "its first page"],
  ["navigation", "loading a trial's page"],
  ["lab", "the lab: evidence, searches, programs"],
  ["attempts", "attempts in the page"],
  ["restarts", "restarts of the browser"],
  ["close", "closing the browser"],
  ["other", "everything else"],
];

/** Where the time of all runs went. */
export function phaseTable(byBrowser: ByBrowser): Table {
  const rows = phases.map(([phase, words]) => [
    words,
    ...byBrowser.flatMap(([, parts]) => {
      const spent = parts.map((part) => part.phase(phase));
      const ms = sum(spent.map((one) => one.ms));
      const count = sum(spent.map((one) => one.count));
      const share = percent(ms / sum(parts.map(({ tookMs }) => tookMs)));
      return [seconds(ms), share, count === 0 ? "" : (ms / count).toFixed(0)];
    }),
  ]);
  return {
    title: "Where the time of the runs goes",
    headings: ["Phase", ...byBrowser.flatMap(([name]) => [`${name}, s`, "share", "each time, ms"])],
    rows,
  };
}

/** The scenarios whose trials take longest. */
export function slowestTable(byBrowser: ByBrowser): Table {
  const everywhere = byBrowser.flatMap(([, parts]) => parts);
  const scenarios = new Set(
    everywhere.flatMap(({ trials }) => trials.map(({ scenario }) => scenario)),
  );
  const all = sum(everywhere.flatMap(({ trials }) => trials.map(({ tookMs = 0 }) => tookMs)));
  const slowest = [...scenarios]
    .map((scenario) => ({ scenario, times: timesOf(everywhere, scenario) }))
    .toSorted((a, b) => mean(b.times) - mean(a.times))
    .slice(0, slowestShown);
  return {
    title: "The slowest scenarios",
    headings: [
      "Scenario",
      "Trials",
      "Share of the time",
      ...byBrowser.map(([name]) => `A trial in ${name}, ms`),
    ],
    rows: slowest.map(({ scenario, times }) => [
      scenario,
      String(times.length),
      percent(sum(times) / all),
      ...byBrowser.map(([, parts]) => {
        const own = timesOf(parts, scenario);
        return own.length === 0 ? "" : mean(own).toFixed(0);
      }),
    ]),
  };
}

/** How long the runs waited for what they measure. */
export function waitTable(byBrowser: ByBrowser): Table {
  return {
    title:
      "Waits that are measured: sessions that run out or stay open, silence, deadlines that pass, restarts",
    headings: ["Browser", "At least, s", "Share of the run"],
    rows: byBrowser.map(([name, parts]) => {
      const ms = sum(parts.map(({ inherentMs }) => inherentMs));
      return [name, seconds(ms), percent(ms / sum(parts.map(({ tookMs }) => tookMs)))];
    }),
  };
}

function timesOf(parts: readonly Part[], scenario: string): readonly number[] {
  return parts.flatMap(({ trials }) =>
    trials.flatMap((trial) => (trial.scenario === scenario ? (trial.tookMs ?? 0) : [])),
  );
}

function ratio(one: { readonly tookMs: number }, other: { readonly tookMs: number }): string {
  return (one.tookMs / other.tookMs).toFixed(2);
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
