import type { JoinInfo } from "../../model/lab-api.ts";
import type { SiteRun } from "../data.ts";
import { withTrials } from "../live-runs.ts";
import { joinText as text } from "../text/join.ts";
import { renderAddresses, renderNames, renderVisits } from "../views/join.ts";
import type { StartPage } from "./page.ts";
import { fill } from "./redraw.ts";
import { openVisitFeed } from "./visit-feed.ts";

const labPatienceMs = 10_000;

/** Shows where the lab listens, and who comes. */
export const startJoin: StartPage = ({ main, links }) => {
  const part = (name: string): HTMLElement | null => main.querySelector(`[data-${name}]`);
  const say = (said: string): void => {
    const status = part("said");
    if (status === null) return;
    status.textContent = said;
    status.classList.remove("heard-only");
  };

  const ask = async (): Promise<void> => {
    try {
      const info = await askLab();
      fill(part("addresses"), String(renderAddresses(info)));
      if (info.isOpen) fill(part("names"), String(renderNames(info)));
    } catch (error) {
      const place = part("addresses");
      if (place !== null) place.textContent = text.unreachable(String(error));
    }
  };
  void ask();

  // The lab writes files for its own machine only; elsewhere it would refuse.
  const canSave = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u.test(location.hostname);
  const runs = new Map<string, SiteRun>();
  let frame: number | null = null;
  const drawSoon = (): void => {
    frame ??= requestAnimationFrame(() => {
      frame = null;
      fill(part("visits"), String(renderVisits([...runs.values()], { links, canSave })));
    });
  };
  openVisitFeed({
    onRun(run) {
      runs.set(run.key, run);
      drawSoon();
    },
    onTrial(key, trial) {
      const run = runs.get(key);
      if (run !== undefined) runs.set(key, withTrials(run, [trial]));
      drawSoon();
    },
    onEnd(key, endedAt) {
      const run = runs.get(key);
      if (run !== undefined) runs.set(key, { ...run, endedAt });
      drawSoon();
    },
  });
  main.addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    const { save: id } = target.dataset;
    if (id !== undefined) void save(id).then(say);
  });
};

async function askLab(): Promise<JoinInfo> {
  const response = await fetch("/api/join", { signal: AbortSignal.timeout(labPatienceMs) });
  if (!response.ok) throw new Error(String(response.status));
  return await response.json();
}

/** Has the lab write a visit's file, and says what came of it. */
async function save(id: string): Promise<string> {
  try {
    const response = await fetch(`/api/visits/${id}/save`, {
      method: "POST",
      signal: AbortSignal.timeout(labPatienceMs),
    });
    const answer: { path?: string; error?: string } = await response.json();
    return answer.path === undefined
      ? text.visits.notSaved(answer.error ?? String(response.status))
      : text.visits.saved(answer.path);
  } catch {
    return text.visits.notSaved(text.visits.noAnswer);
  }
}
