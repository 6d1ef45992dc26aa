import type { JudgedTrial, SummaryWord } from "../model/results.ts";
import type { Placement, Scheme } from "../model/trial.ts";
import type { Cell } from "../experiments/report/matrix.ts";
import { variantOf } from "../experiments/verdict.ts";
import {
  areAlike,
  areKnown,
  betterPlaces,
  commonCells,
  isBetterThere,
  isFailing,
  whereBetter,
  worstFirst,
} from "./common-cells.ts";
import type { Comparison } from "./comparison.ts";
import { outcomeCode } from "./pack.ts";
import type { OutcomeCode, SiteRun, SiteTechnique } from "./data.ts";

/** What one browser shows, for a person who asks why something fails in it. */
export interface BrowserSummary {
  readonly run: SiteRun;
  /** How many techniques each word is said of. */
  readonly counts: ReadonlyMap<SummaryWord, number>;
  /** Techniques that are unsafe, broken or work partly, the worst first. */
  readonly failing: readonly Failing[];
  /** Whether any of the others made one of the same trials. */
  readonly isCompared: boolean;
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
  /** Other runs in which it works, at least where it fails here. */
  readonly worksIn: readonly WorksIn[];
}

/** Another run, in which what fails here passes. */
export interface WorksIn {
  readonly run: SiteRun;
  /** Whether all that was tried of the technique works there. */
  readonly isWhole: boolean;
  /** Where it fails here and passes there, if it fails elsewhere too: "cross-site over wss". */
  readonly where: string | null;
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
          const both = commonCells(comparison, run, other, technique.id);
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
      .filter(({ cell }) => isFailing(cell))
      .toSorted((a, b) => rank(a.cell) - rank(b.cell))
      .map(({ technique, cell }): Failing => {
        const compared = others.flatMap((other) => {
          const both = pairs.get(other)?.get(technique.id);
          return both === undefined || !isFailing(both.here) ? [] : [{ other, both }];
        });
        const better = compared.filter(({ both }) => isBetterThere(both));
        const places = new Set(better.flatMap(({ both }) => betterPlaces(both)));
        return {
          technique,
          word: cell.summary.word,
          brokenWhere: cell.brokenWhere,
          trial: tellingTrial(
            better[0]?.both.here ?? cell,
            comparison.trials(run, technique.id),
            places,
          ),
          alike: compared.filter(({ both }) => areAlike(both)).map(({ other }) => other),
          worksIn: better.map(({ other, both }): WorksIn => {
            return {
              run: other,
              isWhole: comparison.proof(other, technique.id)?.summary.word === "works",
              where: whereBetter(both),
            };
          }),
        };
      }),
    isCompared: [...pairs.values()].some(({ size }) => size > 0),
    against: others.map((other): Against => {
      const both = techniques.flatMap(({ technique }) => {
        const cells = pairs.get(other)?.get(technique.id);
        return cells === undefined || !areKnown(cells) ? [] : [{ technique, cells }];
      });
      return {
        other,
        common: both.length,
        differences: both
          .filter(({ cells }) => !areAlike(cells))
          .map(({ technique, cells: { here, there } }) => {
            return { technique, here: wordOf(here), there: wordOf(there) };
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

/**
 * The trial that decided, by the reason that the summary gives: of the worst placement and scheme; of
 * `places`, where there are any.
 */
function tellingTrial(
  { variants: all }: Cell,
  trials: readonly JudgedTrial[],
  places: ReadonlySet<string>,
): Failing["trial"] {
  const preferred = all.filter(({ variant }) => places.has(variant));
  const variants = preferred.length > 0 ? preferred : all;
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

function wordOf({ summary, brokenWhere }: Cell): WordThere {
  return { word: summary.word, brokenWhere };
}
