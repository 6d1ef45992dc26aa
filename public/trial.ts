import type { PageReport, TrialAnswer } from "../model/lab-api.ts";
import type { WantClick } from "../techniques/connect.ts";
import { runFrom } from "./callers.ts";

/** The lab answers within seconds, after attempts of its own too; a network that is gone says nothing. */
const labPatienceMs = 120_000;

const main = document.querySelector("main");
const trial = document.querySelector("#trial");
const progressBar = document.querySelector("progress");
const failure = document.querySelector<HTMLElement>("#failure");

/** Walks through this page's trial, one attempt at a time, and moves on to the next page. */
async function walk(): Promise<void> {
  let answer = await post(null);
  while ("task" in answer) {
    show(answer);
    answer = await post(await runFrom(answer.task, () => {}, askForClick));
  }
  show(answer);
  if ("error" in answer) fail(answer.error, answer.next);
  else if (answer.next !== null) location.replace(answer.next);
}

/** Nobody is here to see the element: whoever drives this browser is asked, through the lab, to click on it. */
const askForClick: WantClick = (element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  if (width === 0) return;
  const point = { x: Math.round(x + width / 2), y: Math.round(y + height / 2) };
  // Nobody may be there to click: the trial's own deadline ends the wait.
  send("POST", "/click", point).catch(() => {});
  // Chromium drops clicks on a frame that has just been moved or shown.
  setTimeout(() => askForClick(element), 600);
};

async function post(report: PageReport | null): Promise<TrialAnswer> {
  return await (await send("PUT", "", { report })).json();
}

function send(method: "POST" | "PUT", below: string, value: unknown): Promise<Response> {
  return fetch(`/api${location.pathname}${below}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(value),
    signal: AbortSignal.timeout(labPatienceMs),
  });
}

function show({ progress: { done, total, current } }: TrialAnswer): void {
  if (progressBar !== null) {
    progressBar.max = total;
    progressBar.value = done;
  }
  if (trial !== null) {
    trial.textContent = current === null ? "Done." : `Trial ${done + 1} of ${total}: ${current}`;
  }
}

function fail(reason: string, next: string | null): void {
  if (failure === null || main === null) return;
  main.hidden = false;
  failure.hidden = false;
  failure.textContent = `The lab could not go on: ${reason}. `;
  if (next === null) return;
  const link = document.createElement("a");
  link.href = next;
  link.textContent = "Continue with the next trial";
  failure.append(link);
}

// A driver takes a page for loaded at its load event: leaving before would look like a failure.
addEventListener("load", () => {
  walk().catch((error: unknown) => fail(String(error), null));
});
