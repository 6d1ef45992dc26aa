import { html, type SafeHtml } from "@remix-run/html-template";
import { safeText } from "../../experiments/report/html/safe-text.ts";
import type { Attempt, Judgement, PageEvent } from "../../model/observation.ts";
import { sequenceText as text } from "../text/evidence.ts";
import { isJudged, presentedText, serialTag } from "./presented.ts";
import { fieldOf, type RequestEntry, targetOf } from "./request-head.ts";
import type { Lifeline } from "./sequence-lifelines.ts";
import type { Step } from "./sequence-steps.ts";
import { statusPhrases } from "./status-phrases.ts";

/** One arrow, or with `to` null one note, of a step. */
export interface StepPart {
  readonly from: Lifeline;
  readonly to: Lifeline | null;
  readonly words: SafeHtml;
  /** `ok`: let in; `ko`: refused, or failed. */
  readonly tone: Tone;
  /** Whether it answers the arrow before. */
  readonly isAnswer?: boolean;
  readonly isBothWays?: boolean;
}

type Tone = "ok" | "ko" | "plain";

/** What there is to draw and to read of a step. */
export function stepParts(step: Step, attempt: Attempt): readonly StepPart[] {
  switch (step.type) {
    case "handed-out": {
      const { from, to, given, renewal } = step;
      const kind = text.tokenKinds[attempt.present];
      const handed = text.handedOut(serialTag(given), kind, safeText(attempt.user));
      const words = html`${handed}${renewal === null ? null : text.renewal(serialTag(renewal))}`;
      return [{ from, to, words, tone: "plain" }];
    }
    case "request":
      return requestParts(step, attempt);
    case "credential": {
      const { from, to, entry } = step;
      const asked = html`<b>${text.credential}</b>, ${presentedText(entry, attempt)}`;
      return [
        { from, to, words: asked, tone: "plain" },
        { from: to, to: null, words: judgementText(entry), tone: toneOf(entry) },
      ];
    }
    case "missed":
      return [
        {
          from: step.on,
          to: null,
          words: text.missed(step.entry.refusal === null ? null : safeText(step.entry.refusal)),
          tone: "ko",
        },
      ];
    case "said": {
      const { from, to, event } = step;
      const words = html`<b>${text.said}</b> <q>${safeText(event.data)}</q>`;
      return [{ from, to, words, tone: event.data.startsWith("Hello ") ? "ok" : "plain" }];
    }
    case "seen":
      return [{ from: step.on, to: null, ...eventPart(step.event) }];
    case "closed": {
      const { from, to, event } = step;
      const words = html`<b>${text.closedAlike(event.code)}</b>${cleanText(event)}`;
      return [{ from, to, words, tone: closeTone(event.code), isBothWays: true }];
    }
    case "server-closed": {
      const { code, reason } = step.entry;
      const words = html`<b>${text.closed(code)}</b>${reasonText(reason)}`;
      return [{ from: step.on, to: null, words, tone: closeTone(code) }];
    }
    case "planted":
      return [
        { from: step.on, to: null, words: text.planted(serialTag(step.given)), tone: "plain" },
      ];
    case "stopped":
      return [{ from: step.on, to: null, words: html`${text.stopped[step.end]}`, tone: "ko" }];
  }
}

function requestParts(
  { from, to, entry }: Extract<Step, { type: "request" }>,
  attempt: Attempt,
): readonly StepPart[] {
  const { method, upgrade, sets = [] } = entry;
  const target = targetOf(entry);
  const isFrame = fieldOf(entry, "sec-fetch-dest") === "iframe";
  const asked = html`<b>${safeText(method)}</b>${
      target === undefined ? null : html` <code>${safeText(pathOf(target))}</code>`
    }${upgrade ? html` <b>${text.upgrade}</b>` : null}${isFrame ? html`, ${text.frameDocument}` : null}${
      upgrade || isJudged(entry) ? html`, ${presentedText(entry, attempt)}` : null
    }`;
  const judged = judgementText(entry);
  const answered = html`<b>${statusText(entry)}</b
    >${isVerdict(entry) ? html`, ${judged}` : null}${sets.map(
      (one) => html`, ${text.setsCookie(html`<code>${safeText(one)}</code>`)}`,
    )}`;
  return [
    { from, to, words: asked, tone: "plain" },
    { from: to, to: from, words: answered, tone: toneOf(entry), isAnswer: true },
  ];
}

/** "101 Switching Protocols" */
export function statusText({ status }: Pick<RequestEntry, "status">): string {
  const phrase = statusPhrases[status];
  return phrase === undefined ? String(status) : `${status} ${phrase}`;
}

/** Without the query, which holds what the handshake's view shows in full. */
function pathOf(target: string): string {
  return target.split("?")[0] ?? target;
}

function isVerdict({ user, refusal }: Judgement): boolean {
  return user !== null || refusal !== null;
}

function judgementText({ user, refusal }: Judgement): SafeHtml {
  if (user !== null) return text.letIn(html`<b>${safeText(user)}</b>`);
  return refusal === null ? html`` : text.refused(safeText(refusal));
}

function toneOf({ user, refusal, ...entry }: Judgement & { readonly status?: number }): Tone {
  if (user !== null) return "ok";
  return refusal !== null || (entry.status ?? 0) >= 500 ? "ko" : "plain";
}

function eventPart(
  event: Exclude<PageEvent, { readonly type: "message" }>,
): Pick<StepPart, "words" | "tone"> {
  switch (event.type) {
    case "open":
      return {
        words:
          event.protocol === ""
            ? html`<b>${text.open}</b>`
            : text.subprotocol(html`<q>${safeText(event.protocol)}</q>`),
        tone: "plain",
      };
    case "refusal":
      return {
        words: text.refusal(html`<q>${safeText(`${event.code}: ${event.reason}`)}</q>`),
        tone: "ko",
      };
    case "error":
      return { words: html`${text.error}`, tone: "ko" };
    case "exception":
      return {
        words: text.exception(html`<q>${safeText(`${event.name}: ${event.message}`)}</q>`),
        tone: "ko",
      };
    case "close":
      return {
        words: html`<b>${text.closed(event.code)}</b>${cleanText(event)}`,
        tone: closeTone(event.code),
      };
  }
}

function cleanText({ wasClean, reason }: Extract<PageEvent, { readonly type: "close" }>): SafeHtml {
  return html`, ${wasClean ? text.clean : text.notClean}${reasonText(reason)}`;
}

function reasonText(reason: string): SafeHtml | null {
  return reason === "" ? null : html`, <q>${safeText(reason)}</q>`;
}

/** 1000 and 1005 (no code) end a connection without blame: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
function closeTone(code: number): Tone {
  return code === 1000 || code === 1005 ? "plain" : "ko";
}
