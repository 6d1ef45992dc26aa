import type { Exit } from "./command.ts";

/** One thing that goes wrong, and is really done. */
export interface Fault {
  /** Row key: "lab-killed". */
  readonly id: string;
  /** What is done, in words. */
  readonly title: string;
  /** Whether it takes a second or two: it needs no browser. */
  readonly isQuick: boolean;
  /** What each command that is run has to end with, in order: an exit code, or the signal that ended it. Empty: it is made in this process, without a command. */
  readonly exits: readonly Exit[];
  /** Does it in a folder of its own, which is there, and empty. Rejects when it could not be done at all. */
  make(around: FaultSurroundings): Promise<FaultOutcome>;
}

/** What a fault is given. */
export interface FaultSurroundings {
  readonly scratch: string;
  /** Once it is aborted, nobody waits for the outcome any more. */
  readonly signal: AbortSignal;
}

/** What came of a fault. */
export type FaultOutcome =
  /** Why it cannot be done on this machine. */
  | { readonly state: "absent"; readonly reason: string }
  | {
      readonly state: "made";
      /** What the user reads, as it was printed. */
      readonly seen: string;
      readonly exits: readonly Exit[];
      readonly trials: TrialCount;
    };

/** What came of a fault, and how many processes and scratch folders were left when all had ended. */
export type FaultResult =
  | Extract<FaultOutcome, { state: "absent" }>
  | (Extract<FaultOutcome, { state: "made" }> & { readonly left: number });

/** Of the trials of a run that met a fault. */
export interface TrialCount {
  readonly asked: number;
  /** Of those that had shown something at the moment of the fault: in the results at the end, unchanged. */
  readonly kept: number;
  /** Of those that were said to be done at that moment: what nothing recorded, or what the results lack or have measured again. */
  readonly lost: number;
  /** What the fault spoilt or kept from being made, and was made afterwards. */
  readonly made: number;
  /** What the results say nothing about, but why. */
  readonly without: number;
}

/** No trial was to be made. */
export const noTrials: TrialCount = { asked: 0, kept: 0, lost: 0, made: 0, without: 0 };
