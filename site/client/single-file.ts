import type { ChooserTable } from "../../experiments/chooser/table.ts";
import { type ChoicesData, unpackChoices } from "../choices.ts";
import type { EvidenceData, SiteData, SourcesData } from "../data.ts";
import { linksWithin, type PageName } from "../links.ts";
import { type PackedSite, unpackSite } from "../packed-site.ts";
import { pageTitles, shellText } from "../text/shell.ts";
import { renderChoose } from "../views/choose.ts";
import { views } from "../views/index.ts";
import { namedByFragment } from "./fragment.ts";
import { findInlinedData, readInlined } from "./inlined-data.ts";
import { pushAddress } from "./keep-address.ts";
import { starts } from "./starts.ts";

/*
 * The script of a site that is one document. It runs in the document's head, before the pages are
 * there: the style hides what is not to be seen until the one that the address names is drawn.
 */

const links = linksWithin();
const root = document.documentElement;

const isPage = (name: string): name is PageName => Object.hasOwn(pageTitles, name);

function pageOf({ searchParams }: URL): PageName {
  const name = searchParams.get("page") ?? "index";
  return isPage(name) ? name : "index";
}

let current: PageName = pageOf(new URL(location.href));
root.dataset["shown"] = current;
if (current !== "index") root.dataset["waiting"] = "";

document.addEventListener("DOMContentLoaded", () => void begin().catch(fail));

async function begin(): Promise<void> {
  findInlinedData();
  const data = unpackSite(await readInlined<PackedSite>("site"));
  follow(data);
  show(data);
}

function show(data: SiteData): void {
  const former = document.querySelector<HTMLElement>("[data-view]");
  if (former === null) return;
  current = pageOf(new URL(location.href));
  root.dataset["shown"] = current;
  document.body.className = `page page-${current}`;
  const { title } = pageTitles[current];
  document.title = current === "index" ? title : `${title} · ${shellText.brand}`;
  for (const link of document.querySelectorAll("header.site nav a")) {
    if (link.getAttribute("href") === links.page(current))
      link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  // A new element, without what the page before listens to.
  const main = document.createElement("div");
  main.dataset["view"] = "";
  former.replaceWith(main);
  void draw(main, current, data).catch(fail);
}

async function draw(main: HTMLElement, name: PageName, data: SiteData): Promise<void> {
  fill(main, name, data, name === "choose" ? await loadChoices() : null);
  delete root.dataset["waiting"];
  namedByFragment()?.scrollIntoView();
}

function fill(
  main: HTMLElement,
  name: PageName,
  data: SiteData,
  choices: ChooserTable | null,
): void {
  if (name === "risks") return;
  const context = { data, links, isLab: false };
  const query = new URLSearchParams(location.search);
  main.innerHTML = String(
    name === "choose" ? renderChoose(context, query, choices) : views[name](context, query),
  );
  starts[name]?.({
    ...context,
    main,
    loadEvidence: (run, technique) => readInlined<EvidenceData>(`evidence/${run}/${technique}`),
    loadSources: (technique) => readInlined<SourcesData>(`sources/${technique}`),
    loadChoices,
  });
}

async function loadChoices(): Promise<ChooserTable | null> {
  return unpackChoices(await readInlined<ChoicesData>("choices"));
}

/** Other pages are drawn in their place. The script of `learn` goes on, so that who leaves it loads the document anew. */
function follow(data: SiteData): void {
  const visit = (url: URL): void => {
    if (!pushAddress(`${url.search}${url.hash}`)) return location.assign(url);
    scrollTo(0, 0);
    show(data);
    document.getElementById("content")?.focus({ preventScroll: true });
  };

  document.addEventListener(
    "click",
    (event) => {
      const url = targetOf(event);
      if (url === null || pageOf(url) === current) return;
      // No page has to tell its own links from those to other pages, which are other files elsewhere.
      event.stopPropagation();
      if (current === "learn") return;
      event.preventDefault();
      visit(url);
    },
    { capture: true },
  );
  addEventListener("click", (event) => {
    const url = event.defaultPrevented ? null : targetOf(event);
    if (url === null || current === "learn" || url.search === location.search) return;
    event.preventDefault();
    visit(url);
  });
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement) || form.method !== "get")
      return;
    event.preventDefault();
    const url = new URL(form.action);
    // Fields take the place of all that an address asks for: also of the page.
    for (const [name, value] of new FormData(form, event.submitter)) {
      if (typeof value === "string" && value !== "") url.searchParams.append(name, value);
    }
    visit(url);
  });
  addEventListener("popstate", () => {
    const page = pageOf(new URL(location.href));
    if (page === "learn" && current === "learn") return;
    if (current === "learn") location.reload();
    else if (page !== current || location.hash === "") show(data);
  });
}

/** Where a plain click leads within this document; null: it is no such click. */
function targetOf(event: MouseEvent): URL | null {
  if (event.button !== 0 || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) {
    return null;
  }
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link === null || link.getAttribute("href") === null || link.target !== "") return null;
  const url = new URL(link.href);
  return url.protocol === location.protocol &&
    url.host === location.host &&
    url.pathname === location.pathname
    ? url
    : null;
}

function fail(error: unknown): void {
  const main = document.querySelector("main");
  if (main === null) return;
  const notice = document.createElement("p");
  notice.className = "alert";
  notice.role = "alert";
  notice.textContent = shellText.broken(String(error));
  main.prepend(notice);
  delete root.dataset["waiting"];
}
