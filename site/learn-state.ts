import { lessonIds, lessons, type Lesson } from "./lessons.ts";
import type { Links, Query } from "./links.ts";

/** The parts into which a step is cut for a screen. */
export const slideNames = ["idea", "experiment", "question", "answer", "elsewhere"] as const;
export type SlideName = (typeof slideNames)[number];

/** Where a visitor is: all of it is in the address. */
export interface LearnState {
  /** Undefined: at the table of contents. */
  readonly lesson: Lesson | undefined;
  /** What was asked for and does not exist; null otherwise. */
  readonly unknownStep: string | null;
  readonly isPresenting: boolean;
  /** From 1. */
  readonly slide: number;
  /** The options chosen, by id. */
  readonly guess: readonly string[];
  /** Whether the answer is to be seen on the plain page. */
  readonly isAnswered: boolean;
  /** What the presenter wants, whatever the system says. */
  readonly theme: "light" | "dark" | null;
}

/** A slide of the whole path. */
export interface Place {
  readonly lesson: Lesson;
  readonly slide: number;
}

/** Reads the address. Whatever is no state of this page is left out. */
export function readLearnState(query: URLSearchParams): LearnState {
  const step = query.get("step");
  const isPresenting = query.has("present");
  const lesson =
    lessons.find(({ id }) => id === step) ??
    (isPresenting && step === null ? lessons[0] : undefined);
  const slide = Number(query.get("slide") ?? 1);
  const theme = query.get("theme");
  return {
    lesson,
    unknownStep: lesson === undefined ? step : null,
    isPresenting: isPresenting && lesson !== undefined,
    slide: Number.isInteger(slide) ? Math.min(Math.max(slide, 1), slideNames.length) : 1,
    guess: (query.get("guess") ?? "").split(",").filter((id) => id !== ""),
    isAnswered: query.has("answer"),
    theme: theme === "light" || theme === "dark" ? theme : null,
  };
}

/** The address of a state: the shortest that reproduces it. */
export function addressOf(links: Links, state: LearnState): string {
  const { lesson, isPresenting, slide, guess, isAnswered, theme } = state;
  const query: Query = {
    step: lesson?.id,
    present: isPresenting ? 1 : undefined,
    slide: isPresenting && slide > 1 ? slide : undefined,
    guess,
    answer: !isPresenting && isAnswered ? 1 : undefined,
    theme: theme ?? undefined,
  };
  // Without a script, the fragment finds the step on the page that holds all of them.
  const fragment = lesson === undefined || isPresenting ? "" : lesson.id;
  return links.page("learn", query, fragment);
}

/** The state at another place: a guess belongs to its step. */
export function at(state: LearnState, { lesson, slide }: Place): LearnState {
  const isSame = state.lesson?.id === lesson.id;
  return {
    ...state,
    lesson,
    slide,
    unknownStep: null,
    guess: isSame ? state.guess : [],
    isAnswered: isSame && state.isAnswered,
  };
}

/** The slide that is so many slides on; undefined beyond the ends of the path. */
export function slideFrom(state: LearnState, steps: 1 | -1): Place | undefined {
  const { lesson } = state;
  if (lesson === undefined) return undefined;
  const slide = state.slide + steps;
  if (slide >= 1 && slide <= slideNames.length) return { lesson, slide };
  const neighbour = neighbourOf(lesson, steps);
  if (neighbour === undefined) return undefined;
  return { lesson: neighbour, slide: steps === 1 ? 1 : slideNames.length };
}

/** The step before or after. */
export function neighbourOf({ id }: Lesson, steps: 1 | -1): Lesson | undefined {
  return lessons[lessonIds.indexOf(id) + steps];
}

/** The first slide of the path, and the last. */
export function endOfPath(end: "first" | "last"): Place | undefined {
  const lesson = lessons.at(end === "first" ? 0 : -1);
  if (lesson === undefined) return undefined;
  return { lesson, slide: end === "first" ? 1 : slideNames.length };
}

/** The number of a slide, from 1. */
export function slideNumber(name: SlideName): number {
  return slideNames.indexOf(name) + 1;
}
