import { html, type SafeHtml } from "@remix-run/html-template";
import type { Attempt } from "../../../model/observation.ts";
import { safeText } from "./safe-text.ts";
import { timelines } from "./timelines.ts";

/** One attempt as planned and as both ends saw it. `index` counts from 0. */
export function attemptSection(attempt: Attempt, index: number, decided: boolean): SafeHtml {
  return html`
    <section class="attempt${decided ? " decided" : ""}">
      <h5>
        Attempt
        ${index + 1}${decided ? html` <span class="mismatch">decides the verdict</span>` : null}
      </h5>
      <p class="plan">${planText(attempt)}${endText(attempt)}</p>
      ${timelines(attempt)}
    </section>
  `;
}

function planText({ present, given, user, singleUse, expect }: Attempt): SafeHtml {
  const wish = html`should be <b>${expect}</b>`;
  if (present === "none" || given === null) return html`Given no token; ${wish}`;
  const kind = singleUse ? `${present}, single-use` : present;
  return html`Given <b class="serial">${given}</b>, a ${kind} token of ${safeText(user)}; ${wish}`;
}

function endText({ end }: Attempt): string {
  switch (end) {
    case "completed":
      return ".";
    case "threw":
      return ". The page's code threw before there was a socket.";
    case "timeout":
      return ". The page's deadline passed.";
    case "harness-error":
      return ". The harness's own code in the page failed.";
  }
}
