import { html, type SafeHtml } from "@remix-run/html-template";
import type { Attempt } from "../../../model/observation.ts";
import type { Afterwards } from "../../../model/trial.ts";
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

function planText({ present, given, renewedWith, ...plan }: Attempt): SafeHtml {
  const { user, singleUse, shape = "opaque", afterwards = "goodbye", expect } = plan;
  const wish = html`should be <b>${expect}</b>`;
  if (present === "none" || given === null) return html`Given no token; ${wish}`;
  const kind = singleUse ? `${present}, single-use` : present;
  const look = shape === "opaque" ? "" : ` ${shape}`;
  const then = renewedWith === undefined ? null : html` <b class="serial">${renewedWith}</b>`;
  return html`Given <b class="serial">${given}</b>, a ${kind}${look} token of
    ${safeText(user)}${afterwardsTexts[afterwards]}${then}; ${wish}`;
}

const afterwardsTexts: Readonly<Record<Afterwards, string>> = {
  goodbye: "",
  renew: ", and on the open connection",
  "renew-as-another": ", and on the open connection somebody else's",
  stay: ", which runs out while the connection is open",
};

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
