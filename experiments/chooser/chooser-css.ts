import { readFileSync } from "node:fs";
import { reportCss } from "../report/html/report-css.ts";

/** The style of the page that chooses: that of reports, and what a form needs. */
export const chooserCss: string = `${reportCss}\n${readFileSync(new URL("chooser.css", import.meta.url), "utf8")}`;
