import type { JudgedTrial, Results, Run } from "../../model/results.ts";
import { courseOf, verdictText } from "./answer.ts";

/** One trial in one browser with one set-up, and what it answered each time that it was made. */
export interface Cell {
  /** Tells cells apart: of all that follows but the answers, and of what was tried. */
  readonly key: string;
  /** "chrome" or "chrome, private". */
  readonly browser: string;
  readonly technique: string;
  readonly scenario: string;
  /** "same-host, wss". */
  readonly where: string;
  /** Most frequent first. */
  readonly answers: readonly Answer[];
}

/** One verdict of a cell. */
export interface Answer {
  /** As `verdictText` says it. */
  readonly verdict: string;
  readonly outcome: JudgedTrial["verdict"]["outcome"];
  readonly count: number;
  /** The ways there, most frequent first, each attempt as `courseOf` says it. */
  readonly courses: readonly { readonly attempts: readonly string[]; readonly count: number }[];
}

interface Place extends Omit<Cell, "key" | "answers"> {
  readonly answers: Map<string, Seen>;
}

interface Seen extends Pick<Answer, "outcome"> {
  readonly courses: Map<string, number>;
}

/** Counts answers, and forgets the trials that gave them: many repeats need no more memory than one. */
export class Tally {
  readonly #places = new Map<string, Place>();
  #trials = 0;

  /** Adds what each trial of these results answered. */
  add({ runs }: Pick<Results, "runs">): void {
    for (const run of runs) {
      const browser = browserText(run);
      for (const trial of run.trials) this.#count(browser, trial);
    }
  }

  get trials(): number {
    return this.#trials;
  }

  /** In the order in which they were first met. */
  get cells(): readonly Cell[] {
    return [...this.#places].map(([key, { answers, ...place }]) => {
      const counted = [...answers].map(([verdict, { outcome, courses }]): Answer => {
        const ways = [...courses].map(([text, count]) => ({ attempts: text.split("\n"), count }));
        const count = ways.reduce((sum, way) => sum + way.count, 0);
        return { verdict, outcome, count, courses: ways.toSorted(moreFirst) };
      });
      return { key, ...place, answers: counted.toSorted(moreFirst) };
    });
  }

  #count(browser: string, trial: JudgedTrial): void {
    const { technique, scenario, placement, scheme, definition } = trial;
    const place = { browser, technique, scenario, where: `${placement}, ${scheme}` };
    const key = JSON.stringify([...Object.values(place), definition]);
    const known = this.#places.get(key) ?? { ...place, answers: new Map<string, Seen>() };
    this.#places.set(key, known);
    const verdict = verdictText(trial.verdict);
    const { outcome } = trial.verdict;
    const seen = known.answers.get(verdict) ?? { outcome, courses: new Map<string, number>() };
    known.answers.set(verdict, seen);
    const course = courseOf(trial).join("\n");
    seen.courses.set(course, (seen.courses.get(course) ?? 0) + 1);
    this.#trials += 1;
  }
}

/** Whether repeats of a cell disagree about the verdict. */
export function isChanged({ answers }: Cell): boolean {
  return answers.length > 1;
}

/** Whether repeats of a cell contradict each other: one passed and one failed. That nothing could be said once contradicts nothing. */
export function isContradictory({ answers }: Cell): boolean {
  const outcomes = answers.map(({ outcome }) => outcome);
  return outcomes.includes("pass") && outcomes.includes("fail");
}

/** Whether repeats of a cell agree about the verdict, but not about what both ends saw on the way there. */
export function wentOtherwise({ answers }: Cell): boolean {
  return answers.length === 1 && (answers[0]?.courses.length ?? 0) > 1;
}

/** Whether nothing could be said of a cell at all, each time. */
export function saysNothing({ answers }: Cell): boolean {
  return answers.every(({ outcome }) => outcome !== "pass" && outcome !== "fail");
}

/** The first attempt in which the two most frequent ways of a cell differ, with both of them; null: they are the same. */
export function firstDifference({ answers }: Cell): string | null {
  const ways = answers.flatMap(({ courses }) => courses).toSorted(moreFirst);
  // One way of each verdict, where there are two: the difference that decided.
  const [usual, other] =
    answers.length > 1 ? answers.flatMap(({ courses: [first] }) => first ?? []) : ways;
  if (usual === undefined || other === undefined) return null;
  const longest = Math.max(usual.attempts.length, other.attempts.length);
  for (let index = 0; index < longest; index += 1) {
    const [a = "not made", b = "not made"] = [usual.attempts[index], other.attempts[index]];
    if (a !== b) return `attempt ${index + 1}: ${b}, instead of ${a}`;
  }
  return null;
}

function browserText({ browser, profile }: Run): string {
  return profile.name === "default" ? browser.id : `${browser.id}, ${profile.name}`;
}

function moreFirst(a: { readonly count: number }, b: { readonly count: number }): number {
  return b.count - a.count;
}
