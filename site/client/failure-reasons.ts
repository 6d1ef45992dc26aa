import { sentence } from "../../experiments/report/html/safe-text.ts";
import type { ClientPage } from "./page.ts";

/** Adds the sentence of its verdict to a failure, from its evidence; where there is none, nothing. */
export async function showReason(page: ClientPage, run: string, place: HTMLElement): Promise<void> {
  const { why = "", scenario, placement, scheme } = place.dataset;
  const evidence = await page.loadEvidence(run, why).catch(() => null);
  const trial = evidence?.trials.find(
    (one) =>
      one.scenario === scenario &&
      one.placement === placement &&
      one.scheme === scheme &&
      one.verdict.outcome === "fail",
  );
  if (trial === undefined || place.querySelector(".cmp-reason") !== null) return;
  const reason = document.createElement("span");
  reason.className = "cmp-reason";
  reason.innerHTML = String(sentence(`${trial.scenario}: ${trial.verdict.reason}`));
  place.append(reason);
}
