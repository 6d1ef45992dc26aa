import { html, type SafeHtml } from "@remix-run/html-template";
import { type Severity, severityMeanings, severitySigns } from "../../risks/risk.ts";

/** A severity as a coloured tag with its sign and its word. */
export function severityTag(severity: Severity): SafeHtml {
  return html`<span class="badge severity ${tones[severity]}"
    ><span aria-hidden="true">${severitySigns[severity]}</span> ${severity}</span
  >`;
}

/** What severities mean, as the items of a list of terms. */
export function severityItems(severities: readonly Severity[]): SafeHtml[] {
  return severities.map(
    (severity) => html`
      <div>
        <dt>${severityTag(severity)}</dt>
        <dd>${severityMeanings[severity]}</dd>
      </div>
    `,
  );
}

/** The colours of the summary's words. */
const tones: Readonly<Record<Severity, string>> = {
  danger: "unsafe",
  mind: "partly",
  unknown: "unknown",
  fine: "works",
};
