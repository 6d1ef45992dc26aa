import { html, type SafeHtml } from "@remix-run/html-template";
import type { Attempt } from "../../model/observation.ts";
import { callerLabels, sequenceText as text } from "../text/evidence.ts";
import type { Lifeline } from "./sequence-lifelines.ts";
import { type Sequence, sequenceSteps, type Step } from "./sequence-steps.ts";
import { stepParts, type StepPart } from "./sequence-words.ts";

/** How much is known of where an attempt was made. */
export interface DiagramOptions {
  /** Whether a proxy was in front of the servers. */
  readonly isProxied?: boolean;
}

/** Draws an attempt: lifelines, and a list of steps that reads as sentences. */
export function sequenceDiagram(attempt: Attempt, options: DiagramOptions = {}): SafeHtml {
  const sequence = sequenceSteps(attempt, options);
  const { lifelines, steps } = sequence;
  if (steps.length === 0) return html`<p class="hint">${text.nothing}</p>`;
  const label = (one: Lifeline): string =>
    one === "caller" ? callerLabels[attempt.from ?? "page"] : text[one];
  const isOpen = openAt(steps);
  const ends = [
    sequence.socket,
    lifelines.includes("websocket") ? "websocket" : "servers",
  ] as const;
  return html`
    <figure class="seq seq-of-${lifelines.length}">
      <figcaption class="heard-only">${text.caption}</figcaption>
      <div class="seq-heads" aria-hidden="true">
        <span class="seq-clock">${text.pageClock}</span>
        ${lifelines.map((one, index) => html`<span class="seq-head seq-in-${index + 1}">${label(one)}</span>`)}
        <span class="seq-clock seq-clock-right">${text.serverClock}</span>
      </div>
      <ol class="seq-steps" role="list">
        ${steps.map((step, index) => stepItem(step, attempt, lifelines, label, isOpen[index] === true ? ends : []))}
      </ol>
      <div class="seq-notes">${notes(sequence)}</div>
    </figure>
  `;
}

function stepItem(
  step: Step,
  attempt: Attempt,
  lifelines: readonly Lifeline[],
  label: (one: Lifeline) => string,
  connected: readonly Lifeline[],
): SafeHtml {
  const column = (one: Lifeline): number => lifelines.indexOf(one) + 1;
  const page = "event" in step ? step.event.at.toFixed(1) : null;
  const server = "entry" in step ? step.entry.at.toFixed(1) : null;
  return html`
    <li class="seq-step">
      ${connected.map((end) => html`<i class="seq-live seq-in-${column(end)}" aria-hidden="true"></i>`)}
      ${stepParts(step, attempt).map((part, index) => partBox(part, index, column, label))}
      ${page === null ? null : time(page, "seq-at", text.timeOnPage(page))}
      ${server === null ? null : time(server, "seq-at seq-at-right", text.timeOnServer(server))}
    </li>
  `;
}

function time(ms: string, classes: string, heard: string): SafeHtml {
  return html`<span class="${classes}"
    ><span class="seq-short" aria-hidden="true">${text.milliseconds(ms)}</span
    ><span class="seq-long">${heard}</span></span
  >`;
}

/** An arrow with its words above, or a note on one lifeline. */
function partBox(
  part: StepPart,
  index: number,
  column: (one: Lifeline) => number,
  label: (one: Lifeline) => string,
): SafeHtml {
  const sign = part.tone === "plain" ? null : tones[part.tone];
  const words = html`${
    sign === null ? null : html`<span class="seq-sign" aria-hidden="true">${sign}</span> `
  }${part.words}`;
  if (part.to === null) {
    return html`<p
      class="seq-note seq-row-${index + 1} seq-${part.tone} seq-in-${column(part.from)}"
    >
      <span class="seq-who">${text.on(label(part.from))}</span> ${words}
    </p>`;
  }
  const [from, to] = [column(part.from), column(part.to)];
  const direction = part.isBothWays ? "both" : from < to ? "right" : "left";
  const between = part.isBothWays ? text.betweenBoth : text.between;
  return html`<p
    class="seq-leg seq-row-${index + 1} seq-${part.tone} seq-${direction} seq-from-${Math.min(from, to)} seq-to-${Math.max(from, to)}${part.isAnswer ? " seq-answer" : ""}"
  >
    <span class="seq-who">${between(label(part.from), label(part.to))}</span>
    <span class="seq-words">${words}</span><i class="seq-arrow" aria-hidden="true"></i>
  </p>`;
}

const tones: Readonly<Record<"ok" | "ko", string>> = { ok: "✓", ko: "✗" };

/** By step, whether a connection was open from before it until after it, as the servers saw it. */
function openAt(steps: readonly Step[]): boolean[] {
  let open = 0;
  return steps.map((step) => {
    const isSwitch = step.type === "request" && step.entry.upgrade && step.entry.status === 101;
    const isClose = step.type === "closed" || step.type === "server-closed";
    if (isClose) open -= 1;
    const isOpen = open > 0;
    if (isSwitch) open += 1;
    return isOpen;
  });
}

function notes({ shiftMs, shared, isUnsure, steps, lifelines }: Sequence): SafeHtml {
  const hasUnknownSender = steps.some(
    (step) => step.type === "request" && step.from === "proxy" && step.entry.head === undefined,
  );
  const parts = [
    ...(shiftMs === null ? [] : [text.clocks(shiftMs.toFixed(1))]),
    ...(shared === null ? [] : [text.shared[shared]]),
    ...(isUnsure ? [text.unsure] : []),
    ...(lifelines.includes("proxy") ? [hasUnknownSender ? text.fromProxy : text.throughProxy] : []),
  ];
  return html`${parts.map((part) => html`<p>${part}</p>`)}`;
}
