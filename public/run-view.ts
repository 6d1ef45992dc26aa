import type { Evidence, PageEvent, Serial } from "../model/observation.ts";
import { element } from "./element.ts";
import {
  describeEvent,
  describeEvidence,
  presentedSerial,
  presentedText,
  stateWords,
  type Line,
  type State,
} from "./wording.ts";

/** One run in a panel's history: a line to be read at a glance, and both ends' timelines behind it. */
export interface RunView {
  readonly element: HTMLElement;
  showGiven(serial: Serial): void;
  addEvent(event: PageEvent): void;
  /** `evidence` is null when the lab could not be asked what the servers saw. */
  finish(state: State, reason: string, evidence: readonly Evidence[] | null): void;
  /** Folds the run away and lets it speak for itself: the panel's own verdict moves on. */
  retire(): void;
}

/** A state as a word and a sign. */
export function stateBadge(state: State): HTMLElement {
  const { sign, word } = stateWords[state];
  return element(
    "span",
    { class: "badge", "data-state": state },
    element("span", { class: "sign", "aria-hidden": "true" }, sign),
    ` ${word}`,
  );
}

/** Makes the view of run `number`, counted from 1, open and waiting. */
export function createRunView(number: number): RunView {
  let given: Serial | null = null;
  const serials = element("span", { class: "serials" });
  const badge = element("span", {}, stateBadge("waiting"));
  const reason = element("p", { class: "reason", hidden: "" });
  const page = element("ol", { class: "timeline" });
  const servers = element("ol", { class: "timeline" }, note("waiting for the connection's end"));
  const details = element(
    "details",
    { open: "" },
    element(
      "summary",
      {},
      element("span", { class: "number" }, `Run ${number}`),
      " ",
      serials,
      " ",
      badge,
    ),
    reason,
    element(
      "div",
      { class: "ends" },
      element("div", {}, element("h3", {}, "The page saw"), page),
      element("div", {}, element("h3", {}, "The servers saw"), servers),
    ),
  );

  return {
    element: element("li", {}, details),
    showGiven(serial) {
      given = serial;
      serials.replaceChildren("given ", serialMark(serial));
    },
    addEvent(event) {
      page.append(timelineItem(event.at, describeEvent(event)));
    },
    finish(state, why, evidence) {
      badge.replaceChildren(stateBadge(state));
      reason.textContent = why;
      if (page.childElementCount === 0) page.append(note("nothing"));
      if (evidence === null) {
        servers.replaceChildren(note("not known"));
        return;
      }
      const lines = evidence.map((entry) => timelineItem(entry.at, describeEvidence(entry, given)));
      servers.replaceChildren(...(lines.length === 0 ? [note("nothing")] : lines));
      if (given === null) return;
      const presented = presentedSerial(evidence);
      serials.replaceChildren(
        "given ",
        serialMark(given),
        presented === given ? " presented " : " but presented ",
        presented === null ? "nothing" : serialMark(presentedText(presented), presented === given),
      );
    },
    retire() {
      details.open = false;
      reason.hidden = false;
    },
  };
}

function serialMark(serial: string, own = true): HTMLElement {
  return element("b", { class: own ? "serial" : "serial other" }, serial);
}

function timelineItem(at: number, { what, judgement, tone }: Line): HTMLElement {
  return element(
    "li",
    { class: tone },
    element("span", { class: "at" }, `${at.toFixed(1)} ms`),
    element("span", { class: "what" }, ` ${what}`),
    ...(judgement === null ? [] : [element("span", { class: "judgement" }, ` ${judgement}`)]),
  );
}

function note(text: string): HTMLElement {
  return element("li", { class: "note" }, text);
}
