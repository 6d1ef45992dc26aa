import { html, type SafeHtml } from "@remix-run/html-template";
import type { Links } from "../links.ts";
import { liveText as text } from "../text/live.ts";

/** The page that connects with every technique at once; its panels are public/live.ts's. */
export function renderLive(links: Links): SafeHtml {
  return html`<div class="live-head">
      <div>
        <h1>${text.heading} <bdi id="user" class="user"></bdi></h1>
        <p class="lead">${text.lead}</p>
      </div>
      <p class="actions">
        <button id="again" class="primary" type="button">${text.again}</button>
        <a class="button" href="${links.page("index")}">${text.anotherName}</a>
      </p>
    </div>
    <details class="legend">
      <summary>${text.legend.summary}</summary>
      <ul>
        <li>${text.legend.serials}</li>
        <li>${text.legend.states}</li>
        <li>${text.legend.clocks}</li>
      </ul>
    </details>
    <noscript><p class="alert">${text.noScript}</p></noscript>
    <div id="failure" role="alert"></div>
    <div id="panels" class="panels" tabindex="-1"></div>
    <ul id="left-out" class="technique-list"></ul>
    <section class="measure" aria-labelledby="measure">
      <div>
        <h2 id="measure">${text.more.heading}</h2>
        <p>${text.more.lead}</p>
      </div>
      <form action="/runs" method="post"><button>${text.more.button}</button></form>
    </section>`;
}
