import { html, type SafeHtml } from "@remix-run/html-template";
import type { SummaryWord, Verdict } from "../../../model/results.ts";

/** The sign that goes with a summary's word, so that colour is never the only one. */
export const wordSigns: Readonly<Record<SummaryWord, string>> = {
  works: "✓",
  partly: "◐",
  broken: "✕",
  unsafe: "‼",
  unknown: "?",
};

/** What the words mean, for the legend. */
export const wordMeanings: Readonly<Record<SummaryWord, string>> = {
  works: "accepts the good, refuses the bad, survives rotation",
  partly: "some trials fail",
  broken: "a good token is not accepted",
  unsafe: "somebody got in who should not",
  unknown: "not enough could be shown",
};

/** An outcome as a coloured tag with its sign and its word. */
export function outcomeTag(outcome: Verdict["outcome"]): SafeHtml {
  const tone = outcomeTone(outcome);
  return html`<span class="tag ${tone}"
    ><span aria-hidden="true">${toneSigns[tone]}</span> ${outcome}</span
  >`;
}

/** The three ways in which a trial can be drawn. */
export type Tone = "pass" | "fail" | "open";

/** How an outcome is drawn: everything inconclusive looks the same. */
export function outcomeTone(outcome: Verdict["outcome"]): Tone {
  return outcome === "pass" || outcome === "fail" ? outcome : "open";
}

/** The signs of the three tones. */
export const toneSigns: Readonly<Record<Tone, string>> = { pass: "✓", fail: "✕", open: "?" };

/** `1 trial`, `2 trials`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
