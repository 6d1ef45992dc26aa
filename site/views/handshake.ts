import { html, type SafeHtml } from "@remix-run/html-template";
import { visible } from "../../experiments/report/visible.ts";
import type { Attempt } from "../../model/observation.ts";
import { handshakeText as text } from "../text/evidence.ts";
import { heading, type HeadingLevel } from "./heading.ts";
import type { RequestEntry } from "./request-head.ts";
import { statusText } from "./sequence-words.ts";

/** The handshakes of an attempt as they came, with what was presented marked. */
export function handshakeView(
  { evidence }: Pick<Attempt, "evidence">,
  level: HeadingLevel = 4,
): SafeHtml {
  const handshakes = evidence.filter((entry) => entry.type === "request" && entry.upgrade);
  return html`
    <section class="handshake">
      ${heading(level, text.title)}
      ${
        handshakes.length === 0
          ? html`<p class="hint">${text.none}</p>`
          : handshakes.map((entry, index) =>
              entry.type === "request" ? oneHandshake(entry, index, handshakes.length) : null,
            )
      }
    </section>
  `;
}

function oneHandshake(entry: RequestEntry, index: number, count: number): SafeHtml {
  const { head, via } = entry;
  const name =
    count === 1 ? null : html`<p class="handshake-count">${text.counted(index + 1, count)}</p>`;
  if (head === undefined)
    return html`${name}
      <p class="hint">${text.unrecorded}</p>`;
  const isMarked = head.some((line) => /‹#\d+›/u.test(line));
  return html`
    ${name}
    <div class="scroll" role="group" tabindex="0" aria-label="${text.title}">
      <pre class="handshake-head"><code>${head.map((line, at) => headLine(line, at))}</code></pre>
    </div>
    <p class="hint">
      ${text.answered(statusText(entry))} ${isMarked ? text.legend : null}
      ${via === null ? text.foundNothing : text.found(via)} ${text.redacted}
    </p>
  `;
}

/** A line with its field's name set apart, and every serial marked with the name that it goes by. */
function headLine(line: string, index: number): SafeHtml {
  const colon = index === 0 ? -1 : line.indexOf(":");
  const [name, value] = [line.slice(0, colon + 1), line.slice(colon + 1)];
  return html`<span class="handshake-line"
    ><b class="handshake-name">${name}</b>${marked(value)}</span
  >`;
}

/** "attempt=4f&token=‹#12›": the name before a serial belongs to what is marked. */
function marked(value: string): SafeHtml[] {
  return visible(value)
    .split(/((?:[\w.~%-]+=)?‹#\d+›)/u)
    .map((part, index) => (index % 2 === 1 ? html`<mark>${part}</mark>` : html`${part}`));
}
