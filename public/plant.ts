import type { PageReport, PlantedCookie } from "../model/lab-api.ts";
import { describeError } from "./describe-error.ts";

/**
 * Has this window store a token as a cookie for other pages of the browser. Whether it was stored is
 * for the connection of its victim to show: a script may well not see what it has set.
 */
export function plant({ name, attributes }: PlantedCookie, token: string): PageReport {
  try {
    document.cookie = `${name}=${encodeURIComponent(token)}; ${attributes}`;
    // Throws where a window has no cookies at all: https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie
    void document.cookie;
    return { end: "completed", events: [] };
  } catch (error) {
    return { end: "threw", events: [{ at: 0, type: "exception", ...describeError(error) }] };
  }
}
