import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import type { JoinInfo, QrDrawing } from "../../model/lab-api.ts";
import { isRunning, progressOf } from "../comparison.ts";
import { outcomeCodes, type SiteRun } from "../data.ts";
import type { Links } from "../links.ts";
import { joinText as text } from "../text/join.ts";
import type { ViewContext } from "./view.ts";

/** The page that lets other browsers in. Where the lab listens, and who has come, is filled in by its script. */
export function renderJoin({ links }: ViewContext, _query: URLSearchParams): SafeHtml {
  return html`
    <div class="join">
      <h1>${text.title}</h1>
      <p class="lead">${text.lead}</p>
      <div class="join-addresses" data-addresses>
        <p class="hint">${text.asking}</p>
        <noscript><p class="alert">${text.noScript}</p></noscript>
      </div>
      <section aria-labelledby="visits">
        <h2 id="visits">${text.visits.heading}</h2>
        <p class="heard-only" role="status" data-said></p>
        <div data-visits>${renderVisits([], { links, canSave: false })}</div>
      </section>
      <div data-names></div>
      <section aria-labelledby="security">
        <h2 id="security">${text.security.heading}</h2>
        <ul>
          ${text.security.points.map((point) => html`<li>${point}</li>`)}
        </ul>
      </section>
    </div>
  `;
}

/** Where other devices open the lab, or what makes it listen to them. */
export function renderAddresses({ isOpen, addresses }: JoinInfo): SafeHtml {
  if (!isOpen) {
    const { heading, lead, command, after, read } = text.closed;
    return html`
      <h2>${heading}</h2>
      <p>${lead}</p>
      <pre class="join-command"><code>${command}</code></pre>
      <p>${after} <a href="#security">${read}</a></p>
    `;
  }
  return html`
    <h2>${text.open.heading}</h2>
    <p>${text.open.lead}${addresses.length > 1 ? html` ${text.open.several}` : null}</p>
    <ul class="join-codes">
      ${addresses.map(
        ({ url, qr }) =>
          html`<li>
            ${renderQr(qr, text.open.code(url))}
            <a class="join-url" href="${url}">${url}</a>
          </li>`,
      )}
    </ul>
  `;
}

/** What devices can measure, by how their trials get hosts. */
export function renderNames({ names }: Pick<JoinInfo, "names">): SafeHtml {
  const { heading, service, fallback, none, sites, context } = text.names;
  const points = names === null ? [none] : [service(names), fallback];
  return html`
    <section aria-labelledby="names">
      <h2 id="names">${heading}</h2>
      <ul>
        ${[...points, sites, context].map((point) => html`<li>${point}</li>`)}
      </ul>
    </section>
  `;
}

/** Those who have come, newest first. */
export function renderVisits(
  runs: readonly SiteRun[],
  { links, canSave }: { readonly links: Links; readonly canSave: boolean },
): SafeHtml {
  if (runs.length === 0) return html`<p class="hint">${text.visits.none}</p>`;
  return html`
    <ul class="join-visits">
      ${runs.toReversed().map(
        (run) =>
          html`<li>
            <p><strong>${safeText(nameOf(run))}</strong> ${stateOf(run)}</p>
            <p class="join-actions">
              <a href="${links.page("index", { run: run.key })}">${text.visits.show}</a>
              <a href="/api/visits/${run.id}/results" download>${text.visits.download}</a>
              ${canSave ? html`<button type="button" data-save="${run.id}">${text.visits.save}</button>` : null}
            </p>
          </li>`,
      )}
    </ul>
    <p class="hint">${text.visits.saveHint}</p>
  `;
}

/** Black on white whatever the theme: readers of codes expect it. */
function renderQr({ size, path }: QrDrawing, label: string): SafeHtml {
  return html`<svg
    class="join-qr"
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label="${label}"
    shape-rendering="crispEdges"
  >
    <rect width="${size}" height="${size}" fill="#fff" />
    <path d="${path}" fill="#000" />
  </svg>`;
}

function nameOf({ browser: { name, version, os } }: SiteRun): string {
  return `${version === null ? name : `${name} ${version}`}, ${os}`;
}

function stateOf(run: SiteRun): string {
  const { done, total } = progressOf(run);
  if (isRunning(run)) return text.visits.running(done, total);
  const pass = outcomeCodes.indexOf("pass");
  const passed = run.trials.filter(([, , , , outcome]) => outcome === pass).length;
  return text.visits.over(passed, total);
}
