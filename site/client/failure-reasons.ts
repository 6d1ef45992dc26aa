import { sentence } from "../../experiments/report/html/safe-text.ts";
import type { EvidenceData } from "../data.ts";

/** A trial that failed, as the page names it. */
export interface FailedTrial {
  readonly run: string;
  readonly technique: string;
  readonly scenario: string;
  readonly placement: string;
  readonly scheme: string;
}

/** Why trials failed, as far as it is known. */
export interface FailureReasons {
  /** The sentence of its verdict. Null: it is asked for, once; or its evidence does not say. */
  of(failed: FailedTrial, isRunning: boolean): string | null;
}

/** Reads reasons from the evidence, which is not loaded with the page. `onKnown` is called when another one is known. */
export function createFailureReasons(
  loadEvidence: (run: string, technique: string) => Promise<EvidenceData>,
  onKnown: () => void,
): FailureReasons {
  const known = new Map<string, string>();
  const asked = new Set<string>();

  const ask = async (key: string, { run, technique, ...failed }: FailedTrial): Promise<void> => {
    const evidence = await loadEvidence(run, technique).catch(() => null);
    const trial = evidence?.trials.find(
      (one) =>
        one.scenario === failed.scenario &&
        one.placement === failed.placement &&
        one.scheme === failed.scheme &&
        one.verdict.outcome === "fail",
    );
    if (trial === undefined) return;
    known.set(key, `${trial.scenario}: ${trial.verdict.reason}`);
    onKnown();
  };

  return {
    of(failed, isRunning) {
      const { run, technique, scenario, placement, scheme } = failed;
      const key = [run, technique, scenario, placement, scheme].join(" ");
      const reason = known.get(key);
      if (reason !== undefined) return reason;
      // What the lab did not say while the visit went on, it may say when it is over.
      const request = `${key} ${isRunning ? "running" : "over"}`;
      if (!asked.has(request)) {
        asked.add(request);
        void ask(key, failed);
      }
      return null;
    },
  };
}

/** Adds the sentence to what is said of a failure. */
export function showReason(reason: string, place: HTMLElement): void {
  if (place.querySelector(".cmp-reason") !== null) return;
  const shown = document.createElement("span");
  shown.className = "cmp-reason";
  shown.innerHTML = String(sentence(reason));
  place.append(shown);
}
