import { html, type SafeHtml } from "@remix-run/html-template";
import type { Harness, Run } from "../../../model/results.ts";
import type { Column } from "../columns.ts";
import type { Matrix } from "../matrix.ts";
import type { Addresses } from "./addresses.ts";
import { safeText } from "./safe-text.ts";

/** Which browsers were measured, with which settings, when, and by which code. */
export function runFacts({ columns, folded }: Matrix, addresses: Addresses): SafeHtml {
  return html`
    <section aria-labelledby="browsers">
      <h2 id="browsers">How it was measured</h2>
      <div class="cards">
        ${columns.map((column) => card(column, facts(column.run), addresses))}
        ${folded.map((column) => card(column, differingFacts(column.run, column.base.run), addresses))}
      </div>
    </section>
  `;
}

function card(column: Column, shown: readonly Fact[], addresses: Addresses): SafeHtml {
  return html`
    <section class="card">
      <h3 id="${addresses.runId(column)}">${safeText(column.label)}</h3>
      <dl>
        ${shown.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>
    </section>
  `;
}

type Fact = readonly [name: string, value: SafeHtml];

function facts({ browser, profile, harness, through, dialogs, startedAt, endedAt }: Run): Fact[] {
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
    ["profile", html`${profile.name}`],
    ...listFact("set by", profile.means),
    ...listFact("through", through === null ? [] : [through]),
    ["reconnect backoff", html`${profile.reconnectBackoff}`],
    ["certificates", html`${profile.certificates}`],
    ...listFact("dialogs", dialogs),
    ["user agent", safeText(browser.userAgent ?? "unknown")],
    [
      "measured",
      html`<time datetime="${startedAt}">${timeText(startedAt)}</time>, in ${seconds} s`,
    ],
    ["lab", html`version ${safeText(harness.version)}${revisionText(harness)}`],
  ];
}

/** The facts that are not those of the run with the default profile as well. */
function differingFacts(run: Run, base: Run): Fact[] {
  const known = new Map(facts(base).map(([name, value]) => [name, String(value)]));
  return facts(run).filter(([name, value]) => known.get(name) !== String(value));
}

/** Nothing when there is nothing to list. */
function listFact(name: string, values: readonly string[]): Fact[] {
  if (values.length === 0) return [];
  return [
    [name, html`${values.map((value) => html`<span class="line">${safeText(value)}</span>`)}`],
  ];
}

/** Nobody asked a visitor's browser. */
function modeFact(driver: string, headless: boolean): Fact[] {
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
