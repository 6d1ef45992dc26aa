import type { TrustObservation } from "../../model/results.ts";
import type { Trial } from "../../model/trial.ts";
import { techniques, techniquesDirectory } from "../../techniques/index.ts";
import { plan } from "../plan.ts";
import { runBrowser, type RunOptions, type UnstartedBrowser } from "../run-browser.ts";
import type { BrowserTarget } from "../browsers/browser.ts";
import { attempts, carrier, type TrustCondition } from "./conditions.ts";

/** What `observeTrust` needs to know; the rest is the condition's. */
export type TrustOptions = Omit<RunOptions, "trials" | "leftOut" | "certificates" | "through">;

/** The one trial of a condition. */
export function trustTrial({ id, question, placement, scheme }: TrustCondition): Trial {
  const [trial] = plan({
    techniques: techniques.filter((technique) => technique.id === carrier),
    techniquesDirectory,
    scenarios: [{ id, question, attempts }],
    placements: [placement],
    schemes: [scheme],
    repeat: 1,
  });
  if (trial === undefined) throw new Error(`${carrier} cannot be tried at ${placement}`);
  return trial;
}

/** Puts one browser under one condition of trust: in a session of its own, for trust is set at launch. Never rejects. */
export async function observeTrust(
  target: BrowserTarget,
  unstarted: UnstartedBrowser,
  condition: TrustCondition,
  options: TrustOptions,
): Promise<TrustObservation> {
  const { browser, profile, dialogs, trials } = await runBrowser(target, unstarted, {
    ...options,
    trials: [trustTrial(condition)],
    leftOut: [],
    certificates: condition.certificates,
    through: null,
  });
  const [judged] = trials;
  if (judged === undefined) throw new Error("a run has all of its trials");
  const { verdict: _, ...trial } = judged;
  return { condition: condition.id, browser, profile, dialogs, trial };
}
