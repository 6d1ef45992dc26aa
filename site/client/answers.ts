import { matching } from "../answer-search.ts";
import type { Links } from "../links.ts";
import { answersText as text } from "../text/answers.ts";
import { keepAddress } from "./keep-address.ts";
import type { StartPage } from "./page.ts";

/** Finds questions by words, and copies links to them. */
export const startAnswers: StartPage = ({ main, links }) => {
  startFinding(main);
  for (const section of main.querySelectorAll<HTMLElement>(".ask-item")) addCopying(section, links);
};

function startFinding(main: HTMLElement): void {
  const form = main.querySelector<HTMLFormElement>(".ask-find");
  const field = main.querySelector<HTMLInputElement>(".ask-find input");
  const status = main.querySelector(".ask-find [data-found]");
  if (form === null || field === null || status === null) return;
  const sections = [...main.querySelectorAll<HTMLElement>(".ask-item")];
  const entries = [...main.querySelectorAll<HTMLElement>("[data-question]")];
  const show = (): void => {
    const found = new Set(
      sections.filter((section) => matching(section.textContent, field.value)).map(({ id }) => id),
    );
    for (const section of sections) section.hidden = !found.has(section.id);
    for (const entry of entries) entry.hidden = !found.has(entry.dataset["question"] ?? "");
    status.textContent = text.found(found.size, sections.length);
  };
  form.hidden = false;
  field.value = new URLSearchParams(location.search).get("find") ?? "";
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", () => {
    show();
    const address = new URL(location.href);
    if (field.value === "") address.searchParams.delete("find");
    else address.searchParams.set("find", field.value);
    keepAddress(`${address.search}${address.hash}`);
  });
  show();
}

function addCopying(section: HTMLElement, links: Links): void {
  const heading = section.querySelector("h2");
  if (heading === null) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "ask-copy";
  button.textContent = "#";
  button.setAttribute("aria-label", text.copy);
  button.title = text.copy;
  const status = document.createElement("span");
  status.className = "hint";
  status.role = "status";
  button.addEventListener("click", () => {
    const address = new URL(links.page("answers", {}, section.id), location.href);
    keepAddress(`${location.search}#${section.id}`);
    copy(address.href).then(
      () => (status.textContent = text.copied),
      () => (status.textContent = text.notCopied),
    );
  });
  heading.after(button, status);
}

/** There is no clipboard outside of secure contexts. */
async function copy(words: string): Promise<void> {
  if (!isSecureContext) throw new Error("the clipboard is for secure contexts");
  await navigator.clipboard.writeText(words);
}
