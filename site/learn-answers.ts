import { outcomeCodes, type OutcomeCode, type SiteData, type SiteRun } from "./data.ts";
import type { LessonQuestion, TrialReference } from "./lessons.ts";

/** What a run says to a trial. Absent from its lists: it was not made. */
export interface TrialAnswer {
  readonly run: SiteRun;
  readonly trial: TrialReference;
  readonly code: OutcomeCode;
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

/** Codes with which nothing is said about a browser. */
const inconclusive: ReadonlySet<OutcomeCode> = new Set([
  "timeout",
  "crash",
  "harness-error",
  "unsupported",
]);

/** Whether a code says something about what the browser did. */
export function isConclusive(code: OutcomeCode): boolean {
  return !inconclusive.has(code);
}

/** The runs that answer questions: browsers as they come. */
export function runsAsTheyCome({ runs }: Pick<SiteData, "runs">): readonly SiteRun[] {
  return runs.filter(({ profile }) => profile.name === "default");
}

/** What a run says to a scenario with a technique, at every place where it was tried. */
export function answersAnywhere(
  data: SiteData,
  run: SiteRun,
  { technique, scenario }: Pick<TrialReference, "technique" | "scenario">,
): readonly TrialAnswer[] {
  const techniqueIndex = data.techniques.findIndex(({ id }) => id === technique);
  const scenarioIndex = data.scenarios.findIndex(({ id }) => id === scenario);
  return run.trials.flatMap((packed): TrialAnswer[] => {
    if (packed[0] !== techniqueIndex || packed[1] !== scenarioIndex) return [];
    const placement = data.placements[packed[2]];
    const scheme = data.schemes[packed[3]];
    const code = outcomeCodes[packed[4]];
    if (placement === undefined || scheme === undefined || code === undefined) return [];
    return [{ run, trial: { technique, scenario, placement, scheme }, code }];
  });
}

/** What a run says to a trial; undefined when it did not make it. */
export function answerOf(
  data: SiteData,
  run: SiteRun,
  trial: TrialReference,
): TrialAnswer | undefined {
  return answersAnywhere(data, run, trial).find(
    (one) => one.trial.placement === trial.placement && one.trial.scheme === trial.scheme,
  );
}

/** The option that an outcome is; undefined for none. */
export function optionOf(
  question: LessonQuestion,
  { trial, code }: TrialAnswer,
): string | undefined {
  if (question.kind === "which") return code === "pass" ? trial.technique : undefined;
  return question.options.find(({ outcomes }) => outcomes.includes(code))?.id;
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
  const trials = question.kind === "which" ? question.trials : [question.trial];
  const answers = trials.flatMap((trial) =>
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
