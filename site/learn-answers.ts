import type { SiteData, SiteRun } from "./data.ts";
import { type LessonQuestion, trialsOf } from "./lessons.ts";
import { isConclusive, outcomeIn, type TrialOutcome, type TrialReference } from "./outcomes-in.ts";

/** What a run says to a trial. Absent from its lists: it was not made. */
export interface TrialAnswer {
  readonly run: SiteRun;
  readonly trial: TrialReference;
  readonly code: TrialOutcome;
}

/** An option of a question, and the runs that did what it says. `isOneOf`: false for what no option foresees. */
export interface AnsweredOption {
  readonly id: string;
  readonly answers: readonly TrialAnswer[];
}

/** What a question's trials showed. */
export interface Answered {
  /** In the question's order. */
  readonly options: readonly AnsweredOption[];
  /** Measured, and none of the options: for `which`, those that did not pass are not here. */
  readonly others: readonly TrialAnswer[];
  /** Observed to no end: a browser that cannot be given it, a crash. */
  readonly inconclusive: readonly TrialAnswer[];
  /** Of `which`: measured and not passed, by the option's id. */
  readonly not: ReadonlyMap<string, readonly TrialAnswer[]>;
  /** Runs that did not make any of the trials. */
  readonly without: readonly SiteRun[];
}

/**
 * The runs that answer questions: browsers as they come, of the published results. Where there are none,
 * the newest of this machine; visits never do.
 */
export function runsAsTheyCome({ runs }: Pick<SiteData, "runs">): readonly SiteRun[] {
  const plain = runs.filter(({ profile }) => profile.name === "default");
  const published = plain.filter(({ source }) => source === "published");
  if (published.length > 0) return published;
  const local = plain.filter(({ source }) => source === "local");
  return local.filter((run) => !local.some((other) => isNewer(other, run)));
}

function isNewer(one: SiteRun, other: SiteRun): boolean {
  return (
    one.browser.id === other.browser.id &&
    one.through === other.through &&
    Date.parse(one.startedAt) > Date.parse(other.startedAt)
  );
}

/** What a run says to a scenario with a technique, at every place where it was tried. */
export function answersAnywhere(
  data: SiteData,
  run: SiteRun,
  { technique, scenario }: Pick<TrialReference, "technique" | "scenario">,
): readonly TrialAnswer[] {
  return data.placements.flatMap((placement) =>
    data.schemes.flatMap(
      (scheme) => answerOf(data, run, { technique, scenario, placement, scheme }) ?? [],
    ),
  );
}

/** What a run says to a trial; undefined when it did not make it. */
export function answerOf(
  data: SiteData,
  run: SiteRun,
  trial: TrialReference,
): TrialAnswer | undefined {
  const code = outcomeIn(data, run, trial);
  return code === undefined ? undefined : { run, trial, code };
}

/** The option that an outcome is; undefined for none. */
export function optionOf(
  question: LessonQuestion,
  { trial, code }: TrialAnswer,
): string | undefined {
  if (question.kind === "which") return code === "pass" ? trial.technique : undefined;
  return question.options.find(({ outcomes }) => outcomes.some((one) => one === code))?.id;
}

/** The ids of what can be chosen. */
export function optionIds(question: LessonQuestion): readonly string[] {
  return question.kind === "which"
    ? question.trials.map(({ technique }) => technique)
    : question.options.map(({ id }) => id);
}

/** What can be chosen besides the options where any number is right. */
export const noneOfThem = "none";

/** All that can be chosen, in the order in which it is offered. */
export function choicesOf(question: LessonQuestion): readonly string[] {
  return question.kind === "which" ? [...optionIds(question), noneOfThem] : optionIds(question);
}

/** A guess after an option was chosen: one replaces the other, or is added and taken away. */
export function guessAfter(
  question: LessonQuestion,
  guess: readonly string[],
  chosen: string,
): readonly string[] {
  if (question.kind === "outcome" || chosen === noneOfThem) return [chosen];
  const others = guess.filter((id) => id !== chosen && id !== noneOfThem);
  return guess.includes(chosen) ? others : [...others, chosen];
}

/** Answers a question from results, and from nothing else. */
export function answered(data: SiteData, question: LessonQuestion): Answered {
  const runs = runsAsTheyCome(data);
  const answers = trialsOf(question).flatMap((trial) =>
    runs.flatMap((run) => answerOf(data, run, trial) ?? []),
  );
  const conclusive = answers.filter(({ code }) => isConclusive(code));
  const missed = conclusive.filter((one) => optionOf(question, one) === undefined);
  const isWhich = question.kind === "which";
  return {
    options: optionIds(question).map((id) => {
      return { id, answers: conclusive.filter((one) => optionOf(question, one) === id) };
    }),
    others: isWhich ? [] : missed,
    inconclusive: answers.filter(({ code }) => !isConclusive(code)),
    not: isWhich ? Map.groupBy(missed, ({ trial }) => trial.technique) : new Map(),
    without: runs.filter((run) => !answers.some((one) => one.run === run)),
  };
}

/** By run, the options that are right of it, sorted as the question has them; only runs with a conclusive answer. */
export function rightAnswers(
  data: SiteData,
  question: LessonQuestion,
): ReadonlyMap<SiteRun, readonly string[]> {
  const { options, not, others } = answered(data, question);
  const runs = new Map<SiteRun, string[]>();
  for (const { run } of [...not.values()].flat()) runs.set(run, []);
  for (const { run } of others) runs.set(run, []);
  for (const { id, answers } of options) {
    for (const { run } of answers) runs.set(run, [...(runs.get(run) ?? []), id]);
  }
  return runs;
}

/** What browsers agree on. */
export type Agreement =
  | { readonly kind: "not-measured" }
  | { readonly kind: "differ" }
  | {
      readonly kind: "agree";
      /** The options that are right. Of `which`: the techniques that passed. */
      readonly ids: readonly string[];
      /** Of `which`: those of which no run says anything. */
      readonly unknown: readonly string[];
      /** The runs that say something. */
      readonly runs: readonly SiteRun[];
      /** Whether each of them says something of every trial of which any does. */
      readonly isWhole: boolean;
    };

/** Compares what runs say, trial by trial: what a run does not say of one is neither a yes nor a no. */
export function agreementOf(data: SiteData, question: LessonQuestion): Agreement {
  const right = rightAnswers(data, question);
  const runs = [...right.keys()];
  const [first] = right.values();
  if (first === undefined) return { kind: "not-measured" };
  if (question.kind === "outcome") {
    const isSame = [...right.values()].every((ids) => ids.join() === first.join());
    if (!isSame) return { kind: "differ" };
    return { kind: "agree", ids: first, unknown: [], runs, isWhole: true };
  }
  const told = question.trials.map((trial) => {
    const answers = runs.flatMap((run) => answerOf(data, run, trial) ?? []);
    const said = answers.filter(({ code }) => isConclusive(code));
    return { id: trial.technique, yes: said.filter(({ code }) => code === "pass").length, said };
  });
  if (told.some(({ yes, said }) => yes > 0 && yes < said.length)) return { kind: "differ" };
  return {
    kind: "agree",
    ids: told.filter(({ yes }) => yes > 0).map(({ id }) => id),
    unknown: told.filter(({ said }) => said.length === 0).map(({ id }) => id),
    runs,
    isWhole: told.every(({ said }) => said.length === 0 || said.length === runs.length),
  };
}
