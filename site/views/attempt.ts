import { html, type SafeHtml } from "@remix-run/html-template";
import { endText, planText, searchList } from "../../experiments/report/html/attempt-words.ts";
import type { Attempt } from "../../model/observation.ts";
import { attemptText as text } from "../text/evidence.ts";
import { heading, type HeadingLevel } from "./heading.ts";
import { handshakeView } from "./handshake.ts";
import { type DiagramOptions, sequenceDiagram } from "./sequence.ts";

/** How an attempt is shown. */
export interface AttemptOptions extends DiagramOptions {
  /** Whether to say first what it was to present; absent: yes. */
  readonly hasPlan?: boolean;
  /** The level of the headings inside; absent: 4. */
  readonly level?: HeadingLevel;
}

/** One attempt: its plan, the sequence diagram, the handshake as it came, and what was searched. */
export function attemptView(attempt: Attempt, options: AttemptOptions = {}): SafeHtml {
  const { hasPlan = true, level = 4 } = options;
  const searches = searchList(attempt);
  return html`
    <div class="attempt-view">
      ${hasPlan ? html`<p class="plan">${planText(attempt)}${endText(attempt)}</p>` : null}
      ${sequenceDiagram(attempt, options)} ${handshakeView(attempt, level)}
      ${searches === null ? null : html`${heading(level, text.searches)} ${searches}`}
    </div>
  `;
}
