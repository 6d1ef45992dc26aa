import type { ChooserTable } from "../../experiments/chooser/table.ts";
import { messageOf } from "../message-of.ts";
import { chooseText as text } from "../text/choose.ts";
import { rankedCount, renderChoice, renderChoose } from "../views/choose.ts";
import { sourceCode } from "../views/source-code.ts";
import { keepAddress, pushAddress } from "./keep-address.ts";
import type { ClientPage, StartPage } from "./page.ts";

/**
 * Answers in place while the form is filled in. The page comes with an outline of the answer to a form
 * that was left as it is.
 */
export const startChoose: StartPage = (page) => {
  const { main } = page;
  let shown: string | null = null;
  const catchUp = (): void => {
    // A link within the page changes the fragment only; and where pages share a document, this one may be gone.
    if (location.search === shown || !main.isConnected) return;
    shown = location.search;
    void draw(page);
  };
  catchUp();
  window.addEventListener("popstate", catchUp);
  main.addEventListener("change", (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.form === null) return;
    const query = queryOf(event.target.form);
    keepAddress(addressOf(page, query));
    shown = location.search;
    void answer(page, query);
  });
  main.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    const query = queryOf(event.target);
    pushAddress(`${addressOf(page, query)}#answer`);
    shown = location.search;
    void answer(page, query).then(() => main.querySelector<HTMLElement>("#answer")?.focus());
  });
  // Whether a box opens is told to itself only.
  main.addEventListener("toggle", (event) => void showCode(page, event.target), { capture: true });
};

function queryOf(form: HTMLFormElement): URLSearchParams {
  const entries = [...new FormData(form)].filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return new URLSearchParams(entries);
}

function addressOf({ links }: ClientPage, query: URLSearchParams): string {
  const address = new URL(links.page("choose"), location.href);
  for (const [name, value] of query) address.searchParams.append(name, value);
  return address.search;
}

/** The whole page, for what the address asks. */
async function draw(page: ClientPage): Promise<void> {
  await withTable(page, (table) => {
    const query = new URLSearchParams(location.search);
    page.main.innerHTML = String(renderChoose(page, query, table));
    if (location.hash === "#answer") page.main.querySelector("#answer")?.scrollIntoView();
  });
}

/** The answer alone: the form keeps what was filled in, and the focus. */
async function answer(page: ClientPage, query: URLSearchParams): Promise<void> {
  await withTable(page, (table) => {
    const place = page.main.querySelector("[data-answer]");
    if (table === null || place === null) return;
    place.innerHTML = String(renderChoice(page, query, table));
    const status = page.main.querySelector("[data-status]");
    if (status !== null) status.textContent = text.status(rankedCount(query, table));
  });
}

async function withTable(
  page: ClientPage,
  use: (table: ChooserTable | null) => void,
): Promise<void> {
  try {
    use(await page.loadChoices());
  } catch (error) {
    tell(page.main.querySelector("[data-answer]"), error);
  }
}

/** One technique's at a time: files of different techniques have the same names. */
async function showCode(page: ClientPage, box: EventTarget | null): Promise<void> {
  if (!(box instanceof HTMLDetailsElement)) return;
  const { code } = box.dataset;
  const place = box.querySelector("div");
  if (code === undefined || place === null) return;
  place.replaceChildren();
  if (!box.open) return;
  try {
    const sources = await page.loadSources(code);
    if (box.open) place.innerHTML = String(sourceCode(sources));
  } catch (error) {
    tell(place, error);
  }
}

function tell(place: Element | null, error: unknown): void {
  const alert = document.createElement("p");
  alert.className = "alert";
  alert.role = "alert";
  alert.textContent = text.failed(messageOf(error));
  place?.prepend(alert);
}
