import { STATUS_CODES } from "node:http";
import { html, type SafeHtml } from "@remix-run/html-template";
import type {
  Attempt,
  Evidence,
  Judgement,
  PageEvent,
  Serial,
} from "../../../model/observation.ts";
import { safeText } from "./safe-text.ts";

/** What both ends saw of an attempt, side by side: their clocks are not the same. */
export function timelines({ events, evidence, given, renewedWith }: Attempt): SafeHtml {
  const handedOut = [given, renewedWith].flatMap((serial) => serial ?? []);
  return html`
    <div class="ends">
      <div>
        <h6>The page saw</h6>
        ${timeline(events.map((event) => ({ at: event.at, entry: pageEvent(event) })))}
      </div>
      <div>
        <h6>The servers saw</h6>
        ${timeline(evidence.map((one) => ({ at: one.at, entry: serverEvent(one, handedOut) })))}
      </div>
    </div>
  `;
}

function timeline(entries: readonly { at: number; entry: SafeHtml }[]): SafeHtml {
  if (entries.length === 0) return html`<p class="muted">nothing</p>`;
  return html`
    <ol class="timeline">
      ${entries.map(
        ({ at, entry }) =>
          html`<li>
            <span class="at">${at.toFixed(1)} ms</span>
            <div>${entry}</div>
          </li>`,
      )}
    </ol>
  `;
}

function pageEvent(event: PageEvent): SafeHtml {
  switch (event.type) {
    case "open":
      return event.protocol === ""
        ? html`<b>open</b>`
        : html`<b>open</b> with subprotocol <q>${safeText(event.protocol)}</q>`;
    case "message":
      return html`<b>message</b> <q>${safeText(event.data)}</q>`;
    case "refusal":
      return html`<b>refusal</b> ${safeText(`${event.code}: ${event.reason}`)}`;
    case "error":
      return html`<b>error</b>`;
    case "close":
      return html`<b>close ${event.code}</b>
        ${event.wasClean ? "clean" : "not clean"}${closeReason(event.reason)}`;
    case "exception":
      return html`<b>exception</b> ${safeText(`${event.name}: ${event.message}`)}`;
  }
}

function serverEvent(evidence: Evidence, handedOut: readonly Serial[]): SafeHtml {
  switch (evidence.type) {
    case "request": {
      const { method, upgrade, status, origin, sets = [] } = evidence;
      const kind = upgrade ? "WebSocket handshake" : "HTTP request";
      return html`<b>${safeText(method)} → ${status}</b> ${STATUS_CODES[status] ?? ""}
        <span class="muted"
          >${kind}${origin === null ? ", no origin" : html` from ${safeText(origin)}`}</span
        >
        ${upgrade || hasJudgement(evidence) ? judgement(evidence, handedOut) : null}
        ${sets.map((one) => html`<div>sets a cookie with <code>${safeText(one)}</code></div>`)}`;
    }
    case "message":
      return html`<b>credential message</b> ${judgement(evidence, handedOut)}`;
    case "close":
      return html`<b>close ${evidence.code}</b>${closeReason(evidence.reason)}`;
  }
}

function hasJudgement({ presented, user, refusal }: Judgement): boolean {
  return presented !== null || user !== null || refusal !== null;
}

function judgement(
  { presented, via, user, refusal }: Judgement,
  handedOut: readonly Serial[],
): SafeHtml {
  return html`
    <dl class="judgement">
      ${presentedFact(presented, handedOut)} ${via === null ? null : fact("via", safeText(via))}
      ${user === null ? null : fact("let in as", html`<b>${safeText(user)}</b>`)}
      ${refusal === null ? null : fact("refused", safeText(refusal))}
    </dl>
  `;
}

function presentedFact(presented: Judgement["presented"], handedOut: readonly Serial[]): SafeHtml {
  if (presented === null) return fact("presented", html`<span class="muted">nothing</span>`);
  const serial = html`<b class="serial">${presented}</b>`;
  if (handedOut.some((one) => one === presented)) return fact("presented", serial);
  const [given] = handedOut;
  const expected =
    given === undefined ? "given nothing" : html`given <b class="serial">${given}</b>`;
  return fact("presented", html`${serial} <span class="mismatch">≠ ${expected}</span>`);
}

function fact(name: string, value: SafeHtml): SafeHtml {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}

function closeReason(reason: string): SafeHtml | null {
  return reason === "" ? null : html`, <q>${safeText(reason)}</q>`;
}
