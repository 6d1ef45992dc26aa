import { readFileSync } from "node:fs";

/** The style of report pages: inlined in a file that stands alone, served as a file elsewhere. */
export const reportCss: string = readFileSync(new URL("report.css", import.meta.url), "utf8");
