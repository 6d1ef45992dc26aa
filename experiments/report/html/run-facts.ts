import { html, type SafeHtml } from "@remix-run/html-template";
import type { Harness, Run } from "../../../model/results.ts";
import type { Matrix } from "../matrix.ts";
import type { Anchors } from "./anchors.ts";
import { safeText } from "./safe-text.ts";

/** Which browsers were measured, with which settings, when, and by which code. */
export function runFacts({ columns }: Matrix, anchors: Anchors): SafeHtml {
  return html`
    <section aria-labelledby="browsers">
      <h2 id="browsers">How it was measured</h2>
      <div class="cards">
        ${columns.map(
          (column) => html`
            <section class="card">
              <h3 id="${anchors.run(column)}">${safeText(column.label)}</h3>
              <dl>
                ${facts(column.run).map(
                  ([name, value]) =>
                    html`<div>
                      <dt>${name}</dt>
                      <dd>${value}</dd>
                    </div>`,
                )}
              </dl>
            </section>
          `,
        )}
      </div>
    </section>
  `;
}

function facts({ browser, profile, harness, startedAt, endedAt }: Run): [string, SafeHtml][] {
  const seconds = ((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1);
  return [
    ["engine", safeText(browser.engine)],
    [
      "version",
      html`${safeText(browser.version ?? "unknown")}${sourceText(browser.versionSource)}`,
    ],
    ["system", safeText(browser.os)],
    ["driver", safeText(browser.driver)],
    ...modeFact(browser.driver, profile.headless),
    ["third-party cookies", html`${profile.thirdPartyCookies}`],
    ["reconnect backoff", html`${profile.reconnectBackoff}`],
    ["certificates", html`${profile.certificates}`],
    ["user agent", safeText(browser.userAgent ?? "unknown")],
    [
      "measured",
      html`<time datetime="${startedAt}">${timeText(startedAt)}</time>, in ${seconds} s`,
    ],
    ["lab", html`version ${safeText(harness.version)}${revisionText(harness)}`],
  ];
}

/** Nobody asked a visitor's browser. */
function modeFact(driver: string, headless: boolean): [string, SafeHtml][] {
  return driver === "visit" ? [] : [["mode", html`${headless ? "headless" : "with a window"}`]];
}

function sourceText(source: Run["browser"]["versionSource"]): string {
  switch (source) {
    case "driver":
      return ", says the driver";
    case "ua":
      return ", says the user agent";
    case "none":
      return "";
  }
}

function timeText(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

function revisionText({ revision, dirty }: Harness): SafeHtml | null {
  if (revision === null) return null;
  return html`, revision
    <code>${safeText(revision.slice(0, 12))}</code>${dirty === true ? ", with local changes" : ""}`;
}
