import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import type { Attempt, Judgement } from "../../model/observation.ts";
import { sequenceText as text } from "../text/evidence.ts";

/** A token's public name, set apart. */
export function serialTag(serial: string): SafeHtml {
  return html`<b class="serial">${serial}</b>`;
}

/** "presents #2 by query parameter", with what was given when that is something else. */
export function presentedText(
  { presented, via }: Judgement,
  { given, renewedWith }: Pick<Attempt, "given" | "renewedWith">,
): SafeHtml {
  if (presented === null) return html`${text.presentsNothing}`;
  const what = presented === "unrecognised" ? html`${text.unrecognised}` : serialTag(presented);
  const said = text.presents(what, via === null ? null : safeText(via));
  if (presented === given || presented === renewedWith) return said;
  const other = text.notGiven(given === null ? null : serialTag(given));
  return html`${said} <span class="seq-mismatch">${other}</span>`;
}

/** Whether anything was presented, or anybody judged. */
export function isJudged({ presented, user, refusal }: Judgement): boolean {
  return presented !== null || user !== null || refusal !== null;
}
