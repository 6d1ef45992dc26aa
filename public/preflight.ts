import type { PreflightAnswer, PreflightReport, PreflightTask } from "../model/lab-api.ts";
import { askFeatures } from "./features.ts";

/** The lab is on this machine or in its network; longer than this means that a name leads elsewhere. */
const patienceMs = 3_000;
/** The lab itself answers at once, if it is still there. */
const labPatienceMs = 15_000;

const api = `/api${location.pathname}`;

/** Finds out which names reach the lab and which features there are, and goes on to the first trial. */
async function explore(): Promise<void> {
  const task: PreflightTask = await (
    await fetch(api, { signal: AbortSignal.timeout(labPatienceMs) })
  ).json();
  const found = await Promise.all(
    Object.entries(task.probes).map(async ([domain, url]) => [domain, await problem(url, task)]),
  );
  const report: PreflightReport = {
    domains: Object.fromEntries(found),
    features: await askFeatures(patienceMs),
  };
  const response = await fetch(api, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(report),
    signal: AbortSignal.timeout(labPatienceMs),
  });
  const { next }: PreflightAnswer = await response.json();
  if (next !== null) location.replace(next);
}

/** Why the lab is not at `url`; null when it is. */
async function problem(url: string, { walk }: PreflightTask): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    return (await response.json()) === walk ? null : "something else answers there";
  } catch (error) {
    return String(error).slice(0, 200);
  }
}

// A driver takes a page for loaded at its load event: leaving before would look like a failure.
addEventListener("load", () => {
  explore().catch((error: unknown) => {
    const failure = document.querySelector<HTMLElement>("#failure");
    if (failure === null) return;
    failure.hidden = false;
    failure.textContent = `The lab could not go on: ${String(error)}`;
  });
});
