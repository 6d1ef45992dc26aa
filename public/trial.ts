import { runAttempt, type AttemptTask, type PageReport } from "./attempt.ts";

/** The lab's answer to a post: another attempt, the next page, or what went wrong. */
interface Answer {
  readonly task?: AttemptTask;
  readonly technique?: string;
  readonly scenario?: string;
  readonly next?: string | null;
  readonly error?: string;
  readonly progress: { readonly done: number; readonly total: number };
}

const trial = document.querySelector("#trial");
const progress = document.querySelector("progress");
const failure = document.querySelector<HTMLElement>("#failure");

/** Walks through this page's trial, one attempt at a time, and moves on to the next page. */
async function walk(): Promise<void> {
  let answer = await post(null);
  while (answer.task !== undefined) {
    show(answer);
    answer = await post(await runAttempt(answer.task));
  }
  show(answer);
  if (answer.error !== undefined) fail(answer.error, answer.next ?? null);
  else if (typeof answer.next === "string") location.replace(answer.next);
  else if (trial !== null) trial.textContent = "Done.";
}

async function post(report: PageReport | null): Promise<Answer> {
  const response = await fetch(`/api${location.pathname}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ report }),
  });
  return await response.json();
}

function show({ technique, scenario, progress: count }: Answer): void {
  if (progress !== null) {
    progress.max = count.total;
    progress.value = count.done;
  }
  if (trial !== null && technique !== undefined) {
    trial.textContent = `Trial ${count.done + 1} of ${count.total}: ${technique}, ${scenario}`;
  }
}

function fail(reason: string, next: string | null): void {
  if (failure === null) return;
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
