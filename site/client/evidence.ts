import type { EvidenceData } from "../data.ts";
import { messageOf } from "../message-of.ts";
import { parseEvidenceQuery } from "../views/evidence-query.ts";
import { renderEvidence, renderTrials } from "../views/evidence.ts";
import { keyedTrials } from "../views/keyed-trials.ts";
import { trialBody } from "../views/trial-body.ts";
import { namedByFragment } from "./fragment.ts";
import { keepAddress } from "./keep-address.ts";
import type { ClientPage, StartPage } from "./page.ts";
import { openVisitFeed } from "./visit-feed.ts";

/** Visits come at once. */
const visitsKnownAfterMs = 3_000;

/** Shows the run and technique that the address asks for, with their evidence and sources. */
export const startEvidence: StartPage = (page) => {
  const key = new URLSearchParams(location.search).get("run") ?? "";
  const isKnown = page.data.runs.some((run) => run.key === key);
  if (isKnown || !page.isLab || !key.startsWith("visit-")) return show(page);
  // The lab alone knows a visit that was not saved.
  const unknown = setTimeout(() => show(page), visitsKnownAfterMs);
  const close = openVisitFeed({
    onRun(run) {
      if (run.key !== key) return;
      clearTimeout(unknown);
      close();
      show({ ...page, data: { ...page.data, runs: [...page.data.runs, run] } });
    },
    onTrial() {},
    onEnd() {},
  });
};

function show(page: ClientPage): void {
  const query = new URLSearchParams(location.search);
  page.main.innerHTML = String(renderEvidence(page, query));
  const title = page.main.querySelector("h1")?.textContent ?? "";
  if (title !== "") document.title = `${title} · ${document.title.split(" · ").at(-1) ?? ""}`;
  for (const field of page.main.querySelectorAll<HTMLSelectElement>(".evidence-filters select")) {
    field.addEventListener("change", () => field.form?.requestSubmit());
  }
  const { run, technique } = parseEvidenceQuery(query, page.data);
  const place = page.main.querySelector<HTMLElement>("[data-trials]");
  if (run === undefined || technique === undefined || place === null) return;
  void showTrials(page, query, [run.key, technique.id], place);
}

/** Loads the evidence and shows it; or says what is missing. */
async function showTrials(
  page: ClientPage,
  query: URLSearchParams,
  [run, technique]: readonly [run: string, technique: string],
  place: HTMLElement,
): Promise<void> {
  try {
    const [evidence, sources] = await Promise.all([
      page.loadEvidence(run, technique),
      // The evidence is worth showing without the code.
      page.loadSources(technique).catch(() => null),
    ]);
    place.innerHTML = String(renderTrials(page, query, evidence, sources));
    followToggles(page, query, evidence, place);
    showAsked(query, page, place);
  } catch (error) {
    const alert = document.createElement("p");
    alert.className = "alert";
    alert.role = "alert";
    alert.textContent = messageOf(error);
    place.replaceChildren(alert);
  }
}

/** Fills a trial when it is opened first, and has the address name the one that was opened last. */
function followToggles(
  page: ClientPage,
  query: URLSearchParams,
  evidence: EvidenceData,
  place: HTMLElement,
): void {
  const asked = parseEvidenceQuery(query, page.data);
  const trials = new Map(keyedTrials(evidence).map((keyed) => [keyed.key, keyed]));
  const fill = (details: HTMLDetailsElement): void => {
    const keyed = trials.get(details.dataset["trial"] ?? "");
    const body = details.querySelector<HTMLElement>("[data-body]");
    if (keyed === undefined || body === null || body.childElementCount > 0) return;
    body.innerHTML = String(trialBody(page, asked, keyed));
  };
  for (const details of place.querySelectorAll<HTMLDetailsElement>("details[data-trial]")) {
    details.addEventListener("toggle", () => {
      if (details.open) fill(details);
    });
    details.querySelector("summary")?.addEventListener("click", () => {
      if (!details.open) name(details.dataset["trial"] ?? "");
    });
  }
  const openTarget = (): void => {
    const details = namedByFragment()?.closest<HTMLDetailsElement>("details[data-trial]") ?? null;
    if (details === null) return;
    fill(details);
    details.open = true;
  };
  addEventListener("hashchange", openTarget);
  openTarget();
}

function showAsked(query: URLSearchParams, page: ClientPage, place: HTMLElement): void {
  const { trial, attempt } = parseEvidenceQuery(query, page.data);
  if (trial === "") return;
  const details = document.getElementById(`trial-${trial}`);
  const target =
    attempt === null ? details : document.getElementById(`trial-${trial}-${attempt + 1}`);
  const found = target ?? details;
  if (found === null || !place.contains(found)) return;
  found.scrollIntoView();
  if (found instanceof HTMLDetailsElement) found.querySelector("summary")?.focus();
  else found.focus({ preventScroll: true });
}

/** Has the address lead to this trial. */
function name(trial: string): void {
  const address = new URL(location.href);
  if (address.searchParams.get("trial") === trial) return;
  address.searchParams.set("trial", trial);
  address.searchParams.delete("attempt");
  keepAddress(address.search);
}
