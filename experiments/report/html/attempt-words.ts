import { html, type SafeHtml } from "@remix-run/html-template";
import type { Attempt, Search } from "../../../model/observation.ts";
import type { Afterwards } from "../../../model/trial.ts";
import { callerTexts } from "../../risks/drafts.ts";
import { safeText } from "./safe-text.ts";

/** What an attempt was to present, and what an engineer would want to come of it; without the full stop. */
export function planText(attempt: Attempt): SafeHtml {
  const { present, given, renewedWith, ...plan } = attempt;
  const { user, singleUse, shape = "opaque", afterwards = "goodbye", expect } = plan;
  const wish =
    expect === "any"
      ? html`whatever happens shows something${circumstances(attempt)}`
      : html`should be <b>${expect}</b>${circumstances(attempt)}`;
  if (present === "replayed") return html`Repeats what attempt 1 put on the wire; ${wish}`;
  if (present === "none" || given === null) return html`Given no token; ${wish}`;
  const kind = singleUse ? `${present}, single-use` : present;
  const look = shape === "opaque" ? "" : ` ${shape}`;
  const then = renewedWith === undefined ? null : html` <b class="serial">${renewedWith}</b>`;
  return html`Given <b class="serial">${given}</b>, a ${kind}${look} token of
    ${safeText(user)}${afterwardsTexts[afterwards]}${then}; ${wish}`;
}

/** Who connects, and to what kind of server, where that is not as usual. */
function circumstances({ from = "page", fault, without, plants }: Attempt): string {
  const parts = [
    ...(from === "page" ? [] : [`from ${callerTexts[from]}`]),
    ...(plants === true ? ["planted, not presented"] : []),
    ...(without === undefined ? [] : [`without the ${without.replace("-", " ")}`]),
    ...(fault === undefined ? [] : [`the server's fault: ${fault}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join("; ")})`;
}

const afterwardsTexts: Readonly<Record<Afterwards, string>> = {
  goodbye: "",
  renew: ", and on the open connection",
  "renew-as-another": ", and on the open connection somebody else's",
  stay: ", which runs out while the connection is open",
  "be-revoked": ", which is revoked while the connection is open",
  "log-out": ", and logs out while the connection is open",
  hold: ", and holds the connection open",
};

/** Every place that was searched for the token, and what was found there; null: none was. */
export function searchList({ searches = [] }: Attempt): SafeHtml | null {
  if (searches.length === 0) return null;
  return html`
    <dl class="searches">
      ${searches.map(
        (search) => html`
          <div>
            <dt>${search.place}</dt>
            <dd>${searchText(search)}</dd>
          </div>
        `,
      )}
    </dl>
  `;
}

function searchText(search: Search): SafeHtml {
  switch (search.state) {
    case "found":
      return html`<b>found, ${search.encoding}</b> <code>${safeText(search.excerpt)}</code>`;
    case "clean":
      return html`<span class="muted">clean</span>`;
    case "unsearched":
      return html`<span class="muted">not searched: ${safeText(search.reason)}</span>`;
  }
}

/** How an attempt ended when that is not by itself, as the end of the sentence before. */
export function endText({ end }: Attempt): string {
  switch (end) {
    case "completed":
      return ".";
    case "threw":
      return ". The page's code threw before there was a socket.";
    case "timeout":
      return ". The page's deadline passed.";
    case "harness-error":
      return ". The harness's own code in the page failed.";
  }
}
