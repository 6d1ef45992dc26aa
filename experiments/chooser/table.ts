import type { LeftOut, SummaryWord } from "../../model/results.ts";
import type { TokenShape } from "../../model/trial.ts";
import type { TokenFit } from "../report/token-shapes.ts";
import type { LeakFinding } from "../risks/leaks.ts";
import type { RiskId, RiskOutcome, RiskWhere } from "../risks/risk.ts";

/** A trial, named so that it can be found in the results; never what was in it. */
export interface TrialName {
  /** The browser's id: "chrome". */
  readonly browser: string;
  readonly scenario: string;
  /** Placement and scheme, "same-host, wss". */
  readonly variant: string;
  /** From 0; null: the trial as a whole. */
  readonly attempt: number | null;
}

/** What a risk's cell says, with trials named instead of held. */
export interface ChooserCell extends RiskOutcome {
  readonly risk: RiskId;
  readonly about: string | null;
  readonly sentence: string;
  readonly where: RiskWhere;
  /** Whether it was tried at one placement because the others could not differ. */
  readonly isPlaceless: boolean;
  /** The shapes of token that it speaks of only; empty: any. */
  readonly shapes: readonly TokenShape[];
  /** Whether somebody was let in who got there because the `Origin` was not looked at. */
  readonly needsOriginCheck: boolean;
  readonly evidence: readonly TrialName[];
}

/** Whether a technique works at one placement over one scheme. */
export interface VariantFact {
  readonly variant: string;
  readonly word: SummaryWord;
  readonly passed: number;
  readonly total: number;
  readonly reason: string;
  /** Whether the browser could be given this placement and scheme at all. */
  readonly isSupported: boolean;
  readonly evidence: readonly TrialName[];
}

/** What a search of one place for tokens found. */
export interface LeakFact extends Pick<LeakFinding, "place" | "state" | "why"> {
  /** A line that it was found in, with the token's serial instead of the token. */
  readonly excerpt: string | null;
  /** What it means that it was found there, once for each run that found it. */
  readonly cells: readonly ChooserCell[];
  readonly evidence: readonly TrialName[];
}

/** Whether a token of some shape fits. */
export interface ShapeFact {
  readonly shape: TokenShape;
  readonly fit: TokenFit;
  readonly evidence: readonly TrialName[];
}

/** What was measured of one technique in one browser. */
export interface BrowserFacts {
  readonly variants: readonly VariantFact[];
  readonly leftOut: readonly LeftOut[];
  /** Risks that have no meaning for the technique, so that no trial of them was made, and why. */
  readonly pointless: readonly { readonly risk: RiskId; readonly reason: string }[];
  readonly cells: readonly ChooserCell[];
  readonly leaks: readonly LeakFact[];
  readonly shapes: readonly ShapeFact[];
}

/** What was measured of one technique. */
export interface TechniqueFacts {
  readonly id: string;
  readonly title: string;
  /** The packages that its browser half imports. */
  readonly libraries: readonly string[];
  /** By the browser's id; absent: not tried there. */
  readonly browsers: Readonly<Record<string, BrowserFacts>>;
}

/** All that choosing looks at: plain data, derived from results and nothing else. */
export interface ChooserTable {
  /** The days on which it was measured, "2026-11-21". */
  readonly measuredOn: readonly string[];
  readonly browsers: readonly { readonly id: string; readonly label: string }[];
  readonly risks: readonly { readonly id: RiskId; readonly title: string }[];
  /** In display order. */
  readonly techniques: readonly TechniqueFacts[];
}

/** A trial's name for readers: "hijack-sibling at same-site, wss in firefox, attempt 3". */
export function trialText({ browser, scenario, variant, attempt }: TrialName): string {
  const which = attempt === null ? "" : `, attempt ${attempt + 1}`;
  return `${scenario} at ${variant} in ${browser}${which}`;
}
