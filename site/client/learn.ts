import {
  addressOf,
  at,
  endOfPath,
  readLearnState,
  slideFrom,
  slideNumber,
  type LearnState,
  type Place,
} from "../learn-state.ts";
import { choicesOf, guessAfter } from "../learn-answers.ts";
import { learnText, lessonTexts } from "../text/learn.ts";
import { firstTryAddress, guessPart } from "../views/learn-parts.ts";
import { renderLearn } from "../views/learn.ts";
import { keepAddress, pushAddress } from "./keep-address.ts";
import type { StartPage } from "./page.ts";

/** Follows the address: links, keys and the browser's own buttons change it, and it is what is shown. */
export const startLearn: StartPage = (page) => {
  const { main, links } = page;
  const plainTitle = document.title;
  let query = location.search;
  const current = (): LearnState => readLearnState(new URLSearchParams(query));

  const draw = (): void => {
    const state = current();
    main.innerHTML = String(renderLearn(page, new URLSearchParams(query)));
    const root = document.documentElement;
    if (state.theme === null) delete root.dataset["theme"];
    else root.dataset["theme"] = state.theme;
    document.title =
      state.lesson === undefined
        ? plainTitle
        : `${lessonTexts[state.lesson.id].title} · ${plainTitle}`;
  };

  const go = (state: LearnState, how: "push" | "replace" = "push"): void => {
    // The fragment is for pages without a script.
    const { search } = new URL(addressOf(links, state), location.href);
    if (how === "push") pushAddress(search);
    else keepAddress(search);
    query = search;
  };

  const visit = (state: LearnState, how: "push" | "replace" = "push"): void => {
    go(state, how);
    draw();
    if (!current().isPresenting) scrollTo(0, 0);
    const heading = main.querySelector<HTMLElement>("h1");
    if (heading !== null) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
  };

  const visitPlace = (place: Place | undefined): void => {
    if (place !== undefined) visit(at(current(), place));
  };

  if (query !== "") draw();
  if (location.hash !== "" && current().lesson !== undefined) go(current(), "replace");

  addEventListener("popstate", () => {
    query = location.search;
    draw();
  });

  main.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("[data-keys]") !== null) return showKeys(main);
    const link = event.target.closest("a");
    if (link === null || event.button !== 0 || isModified(event)) return;
    const here = new URL(links.page("learn"), location.href);
    const target = new URL(link.href);
    if (target.origin !== here.origin || target.pathname !== here.pathname) return;
    // Of the table of contents, within the page.
    if (target.search === query && target.hash !== "") return;
    event.preventDefault();
    visit(readLearnState(target.searchParams));
  });

  main.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && event.target.method !== "dialog") {
      event.preventDefault();
    }
  });

  main.addEventListener("change", (event) => {
    const { lesson, guess: before } = current();
    if (!(event.target instanceof HTMLInputElement) || lesson === undefined) return;
    const guess = guessAfter(lesson.question, before, event.target.value);
    go({ ...current(), guess }, "replace");
    for (const input of main.querySelectorAll<HTMLInputElement>(".learn-question input")) {
      input.checked = guess.includes(input.value);
    }
    const result = main.querySelector("[data-guess-result]");
    if (result !== null) result.innerHTML = String(guessPart(page, lesson, guess));
  });

  // It does not bubble.
  main.addEventListener(
    "toggle",
    ({ target }) => {
      if (!(target instanceof HTMLDetailsElement) || !target.matches(".learn-answer")) return;
      const state = current();
      if (state.isAnswered !== target.open) go({ ...state, isAnswered: target.open }, "replace");
    },
    { capture: true },
  );

  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isModified(event) || isTaken(event)) return;
    if (main.querySelector("dialog[open]") !== null) return;
    const state = current();
    const act = state.isPresenting ? presenting(event.key, state) : reading(event.key, state);
    if (act === undefined) return;
    event.preventDefault();
    act();
  });

  function reading(key: string, state: LearnState): (() => void) | undefined {
    if (key.toLowerCase() !== "p") return undefined;
    return () => visit(readLearnState(presentQuery(state)));
  }

  function presentQuery(state: LearnState): URLSearchParams {
    const address = addressOf(links, { ...state, isPresenting: true });
    return new URL(address, location.href).searchParams;
  }

  function presenting(key: string, state: LearnState): (() => void) | undefined {
    const { lesson } = state;
    if (lesson === undefined) return undefined;
    switch (key.length === 1 ? key.toLowerCase() : key) {
      case "ArrowRight":
      case "PageDown":
      case " ":
        return () => visitPlace(slideFrom(state, 1));
      case "ArrowLeft":
      case "PageUp":
        return () => visitPlace(slideFrom(state, -1));
      case "Home":
        return () => visitPlace(endOfPath("first"));
      case "End":
        return () => visitPlace(endOfPath("last"));
      case "Enter":
      case "r": {
        const answer = slideNumber("answer");
        return state.slide < answer ? () => visitPlace({ lesson, slide: answer }) : undefined;
      }
      case "?":
        return () => showKeys(main);
      case "f":
        return () => void toggleFullScreen();
      case "d":
        return () => visit({ ...state, theme: isDark(state) ? "light" : "dark" }, "replace");
      case "t":
        return () => {
          const address = firstTryAddress(page, lesson);
          if (address !== undefined) open(address, "_blank", "noopener");
        };
      case "p":
      case "Escape":
        return () => visit({ ...state, isPresenting: false, slide: 1, theme: null });
      default:
        return chosen(key, state);
    }
  }

  function chosen(key: string, state: LearnState): (() => void) | undefined {
    const { lesson, slide } = state;
    if (lesson === undefined || slide !== slideNumber("question") || !/^[1-9]$/u.test(key)) {
      return undefined;
    }
    const { question } = lesson;
    const option = choicesOf(question)[Number(key) - 1];
    if (option === undefined) return undefined;
    return () => visit({ ...state, guess: guessAfter(question, state.guess, option) }, "replace");
  }
};

function showKeys(main: HTMLElement): void {
  main.querySelector<HTMLDialogElement>(".learn-keys")?.showModal();
}

function isDark({ theme }: LearnState): boolean {
  return theme === null ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement === null) await document.documentElement.requestFullscreen();
    else await document.exitFullscreen();
  } catch (error) {
    console.warn(learnText.presenter.noFullScreen, error);
  }
}

function isModified(event: KeyboardEvent | MouseEvent): boolean {
  const isShifted = event.shiftKey && !(event instanceof KeyboardEvent && event.key === "?");
  return event.ctrlKey || event.altKey || event.metaKey || isShifted;
}

/** Whether the element that has the focus does something of its own with the key. */
function isTaken({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  if (target instanceof HTMLInputElement) {
    if (!/^(?:radio|checkbox)$/u.test(target.type)) return true;
    return key === " " || key.startsWith("Arrow");
  }
  if (target.matches("a[href], button, summary")) return key === "Enter" || key === " ";
  // A table that is wider than the screen.
  return target.matches("[role=region][tabindex]") && key.startsWith("Arrow");
}
