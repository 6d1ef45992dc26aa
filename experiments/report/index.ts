import { html } from "./html.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import type { Report } from "./report.ts";

/** Every report that can be written to a file, in the order of `--help`. */
export const reports: readonly Report[] = [json, html, markdown];
