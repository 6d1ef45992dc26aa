import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import type { Report } from "./report.ts";

/** The reports that are drawn here. The HTML report is a whole site in one file, and comes from there. */
export const reports: readonly Report<string>[] = [json, markdown];
