import type { JudgedTrial } from "../../model/results.ts";
import type { EvidenceData } from "../data.ts";
import { trialKey } from "./evidence-query.ts";

/** A trial among those of its technique and run, under a name of its own. */
export interface KeyedTrial {
  /** "rotation.same-origin.wss"; of a repetition: "rotation.same-origin.wss~2". */
  readonly key: string;
  /** From 1. */
  readonly repetition: number;
  readonly trial: JudgedTrial;
}

/** Names the trials of a technique and a run. */
export function keyedTrials({ trials }: Pick<EvidenceData, "trials">): readonly KeyedTrial[] {
  const counts = new Map<string, number>();
  return trials.map((trial) => {
    const plain = trialKey(trial);
    const repetition = (counts.get(plain) ?? 0) + 1;
    counts.set(plain, repetition);
    return { key: repetition === 1 ? plain : `${plain}~${repetition}`, repetition, trial };
  });
}
