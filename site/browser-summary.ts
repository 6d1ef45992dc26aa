import type { JudgedTrial, SummaryWord } from "../model/results.ts";
import type { Placement, Scheme } from "../model/trial.ts";
import type { Cell } from "../experiments/report/matrix.ts";
import { variantOf } from "../experiments/verdict.ts";
import { type Comparison, matrixCell } from "./comparison.ts";
import { outcomeCode } from "./pack.ts";
import type { OutcomeCode, SiteRun, SiteTechnique } from "./data.ts";

/** What one browser shows, for a person who asks why something fails in it. */
export interface BrowserSummary {
  readonly run: SiteRun;
  /** How many techniques each word is said of. */
  readonly counts: ReadonlyMap<SummaryWord, number>;
  /** Techniques that are unsafe, broken or work partly, the worst first. */
  readonly failing: readonly Failing[];
  /** How it differs from each of the others. */
  readonly against: readonly Against[];
  /** Trials that this browser could not be given. */
  readonly unsupported: number;
}

/** A technique that does not do as it should, and the trial that shows it best. */
export interface Failing {
  readonly technique: SiteTechnique;
  readonly word: SummaryWord;
  readonly brokenWhere: string | null;
  readonly trial: {
    readonly scenario: string;
    readonly placement: Placement;
    readonly scheme: Scheme;
    readonly outcome: OutcomeCode;
  } | null;
  /** Other runs in which it is the same. */
  readonly alike: readonly SiteRun[];
  /** Other runs in which it works. */
  readonly worksIn: readonly SiteRun[];
}

/** A technique's word, and where it is broken if it works `partly`. */
export interface WordThere {
  readonly word: SummaryWord;
  readonly brokenWhere: string | null;
}

/** A browser compared with another one by the trials that both made. */
export interface Against {
  readonly other: SiteRun;
  /** How many techniques both tried. */
  readonly common: number;
  readonly differences: readonly {
    readonly technique: SiteTechnique;
    readonly here: WordThere;
    readonly there: WordThere;
  }[];
}

const words: readonly SummaryWord[] = ["works", "partly", "broken", "unsafe", "unknown"];
const worstFirst: readonly SummaryWord[] = ["unsafe", "broken", "partly"];

/** Summarises a run, and compares it with others. */
export function summariseBrowser(
  comparison: Comparison,
  run: SiteRun,
  others: readonly SiteRun[],
): BrowserSummary {
  const techniques = comparison.data.techniques.flatMap((technique) => {
    const cell = comparison.proof(run, technique.id);
    return cell === undefined ? [] : [{ technique, cell }];
  });
  const pairs = new Map(
    others.map((other) => [
      other,
      new Map(
        techniques.flatMap(({ technique }) => {
          const both = commonWords(comparison, run, other, technique.id);
          return both === undefined ? [] : [[technique.id, both] as const];
        }),
      ),
    ]),
  );
  return {
    run,
    counts: new Map(
      words.map((word) => [
        word,
        techniques.filter(({ cell }) => cell.summary.word === word).length,
      ]),
    ),
    failing: techniques
      .filter(({ cell }) => worstFirst.includes(cell.summary.word))
      .toSorted((a, b) => rank(a.cell) - rank(b.cell))
      .map(({ technique, cell }): Failing => {
        const among = (test: (both: CommonWords) => boolean): SiteRun[] =>
          others.filter((other) => {
            const both = pairs.get(other)?.get(technique.id);
            return both !== undefined && both.here.word !== "works" && test(both);
          });
        return {
          technique,
          word: cell.summary.word,
          brokenWhere: cell.brokenWhere,
          trial: tellingTrial(cell, comparison.trials(run, technique.id)),
          alike: among(
            ({ here, there, areSamePlaces }) => here.word === there.word && areSamePlaces,
          ),
          worksIn: among(({ there }) => there.word === "works"),
        };
      }),
    against: others.map((other): Against => {
      const both = pairs.get(other) ?? new Map<string, CommonWords>();
      return {
        other,
        common: both.size,
        differences: techniques.flatMap(({ technique }) => {
          const found = both.get(technique.id);
          return found === undefined ||
            (found.here.word === found.there.word && found.areSamePlaces)
            ? []
            : [{ technique, here: found.here, there: found.there }];
        }),
      };
    }),
    unsupported: techniques
      .flatMap(({ technique }) => comparison.trials(run, technique.id))
      .filter(({ verdict }) => verdict.outcome === "unsupported").length,
  };
}

function rank({ summary }: Cell): number {
  return worstFirst.indexOf(summary.word);
}

/** The trial that decided, by the reason that the summary gives: of the worst placement and scheme. */
function tellingTrial({ variants }: Cell, trials: readonly JudgedTrial[]): Failing["trial"] {
  const word = worstFirst.find((one) => variants.some(({ summary }) => summary.word === one));
  const worst = variants.find(({ summary }) => summary.word === word);
  const told = trials.find(
    (trial) =>
      trial.verdict.outcome === "fail" &&
      variantOf(trial) === worst?.variant &&
      worst.summary.reason.startsWith(`${trial.scenario}:`) &&
      (word !== "unsafe" || trial.verdict.kind === "let-in"),
  );
  if (told === undefined) return null;
  const { scenario, placement, scheme, verdict } = told;
  return { scenario, placement, scheme, outcome: outcomeCode(verdict) };
}

interface CommonWords {
  readonly here: WordThere;
  readonly there: WordThere;
  /** Whether every placement and scheme has the same word in both. */
  readonly areSamePlaces: boolean;
}

/** What the trials that two runs have in common amount to in each; undefined when nothing can be said of one. */
function commonWords(
  comparison: Comparison,
  run: SiteRun,
  other: SiteRun,
  technique: string,
): CommonWords | undefined {
  const own = saying(comparison.trials(run, technique));
  const theirs = saying(comparison.trials(other, technique));
  const here = cellOf(comparison, run, own, new Set(theirs.map(keyOf)));
  const there = cellOf(comparison, other, theirs, new Set(own.map(keyOf)));
  if (here === undefined || there === undefined) return undefined;
  if (here.summary.word === "unknown" || there.summary.word === "unknown") return undefined;
  const areSamePlaces = here.variants.every(
    ({ variant, summary }) =>
      there.variants.find((one) => one.variant === variant)?.summary.word === summary.word,
  );
  return { here: wordOf(here), there: wordOf(there), areSamePlaces };
}

function wordOf({ summary, brokenWhere }: Cell): WordThere {
  return { word: summary.word, brokenWhere };
}

function cellOf(
  { columns, data }: Comparison,
  run: SiteRun,
  trials: readonly JudgedTrial[],
  common: ReadonlySet<string>,
): Cell | undefined {
  const [column] = columns([run]);
  if (column === undefined) return undefined;
  const catalogue = { ...data, conditions: [] };
  const shared = trials.filter((trial) => common.has(keyOf(trial)));
  return matrixCell(column.run, shared, catalogue);
}

function saying(trials: readonly JudgedTrial[]): JudgedTrial[] {
  return trials.filter(({ verdict }) => verdict.outcome === "pass" || verdict.outcome === "fail");
}

function keyOf({ scenario, placement, scheme }: JudgedTrial): string {
  return `${scenario} ${placement} ${scheme}`;
}
