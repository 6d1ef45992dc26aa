import type { SafeHtml } from "@remix-run/html-template";
import type { SiteData } from "../data.ts";
import type { Links } from "../links.ts";

/** What every view may look at. */
export interface ViewContext {
  readonly data: SiteData;
  readonly links: Links;
  /** Whether a lab serves the page, so that connections can be tried from it. */
  readonly isLab: boolean;
}

/** What is in a page's `<main>` before, or without, any script: `query` are the parameters of its address. */
export type View = (context: ViewContext, query: URLSearchParams) => SafeHtml;
