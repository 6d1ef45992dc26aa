import type { BrowserTarget } from "../../experiments/browsers/browser.ts";
import { browserFinders, requiredBrowsers } from "../../experiments/browsers/index.ts";
import type { Benchmark, BenchmarkSurroundings, Findings } from "../benchmark.ts";
import { findingsOf } from "./findings.ts";
import { measureFloor } from "./floor.ts";
import { planFloor } from "./floor-plan.ts";
import type { Round } from "./part.ts";
import { makeRun } from "./subject.ts";

/** A selection of trials, and how often they are made: once for each size. */
interface Subject {
  readonly flags: readonly string[];
  readonly sizes: readonly number[];
  /** Absent: those that this platform should have, as far as they are installed. */
  readonly browsers?: number;
  /** What is to be said of the selection. */
  readonly notes?: readonly string[];
}

/** Techniques of every kind, with what proves them. */
const selection: Subject = {
  flags: [
    "--technique=first-message,query-parameter,subprotocol,ticket,session-cookie,cookie-iframe,in-band-renewal",
    "--scenario=valid,missing,forged,rotation",
    "--placement=same-host",
    "--scheme=ws,wss",
  ],
  sizes: [1, 2, 4],
};

const everything: Subject = {
  // Named, so that the experiments with certificates are not made.
  flags: ["--profile=default,third-party-allowed,third-party-blocked,private,reconnect-backoff"],
  sizes: [1],
  notes: [
    "Left out of what npm run experiments makes without a selection: the experiments with certificates, which are launches and little else.",
  ],
};

const smallest: Subject = {
  flags: [
    "--technique=first-message",
    "--scenario=valid",
    "--placement=same-host",
    "--scheme=ws,wss",
  ],
  sizes: [1, 2],
  browsers: 1,
};

/** How long a selection of trials takes at several sizes, against the least that its browsers need. */
export const run: Benchmark = {
  id: "run",
  title: "The run itself",
  page: "performance",
  cost: "Some minutes, and the whole machine: it drives all browsers side by side.",
  isUsual: true,
  measure: (around) => measure(around.size === "small" ? smallest : selection, around),
};

/** The same about everything that is tried. */
export const wholeRun: Benchmark = {
  id: "whole-run",
  title: "The run itself, with all its trials",
  page: "performance",
  cost: "More than an hour, and the whole machine.",
  isUsual: false,
  measure: (around) => measure(around.size === "small" ? smallest : everything, around),
};

const orderNote =
  "Each size is made once: first the run, then its floor. What changed on the machine in between is in the ratio.";

async function measure(
  { flags, sizes, browsers, notes = [] }: Subject,
  { onProgress, signal }: BenchmarkSurroundings,
): Promise<Findings> {
  const { targets, absent } = await findTargets();
  const chosen = new Map([...targets].slice(0, browsers));
  if (chosen.size === 0) throw new Error(`there is no browser: npm run browsers installs them`);
  const rounds: Round[] = [];
  for (const size of sizes) {
    onProgress(`the run, ${size}×`);
    const made = await makeRun(
      [`--browser=${[...chosen.keys()].join(",")}`, `--repeat=${size}`, ...flags],
      signal,
    );
    onProgress(`its floor, ${size}×`);
    const floor = await measureFloor(planFloor(made.results), chosen, signal);
    rounds.push({ size, run: made, floor });
  }
  const findings = findingsOf(rounds, absent);
  return { ...findings, notes: [...findings.notes, orderNote, ...notes] };
}

async function findTargets(): Promise<{
  readonly targets: ReadonlyMap<string, BrowserTarget>;
  readonly absent: readonly string[];
}> {
  const wanted = browserFinders.filter(({ id }) => requiredBrowsers().includes(id));
  const found = await Promise.all(wanted.map((finder) => finder.find()));
  return {
    targets: new Map(found.flatMap((target) => (target === null ? [] : [[target.id, target]]))),
    absent: wanted.filter((_, index) => found[index] === null).map(({ title }) => title),
  };
}
