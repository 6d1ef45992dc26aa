/** A page of a lab's site, as tests visit it. */
export interface LabPage {
  readonly name: string;
  /** Below the lab's address. */
  readonly path: string;
  /** What is true, in the page, once its script has drawn it; a page without a script is drawn at once. */
  readonly isDrawn: string;
}

/** The page of evidence of a cell that fails in published results: Firefox keeps the password of the first connection. */
export const failingCell =
  "evidence.html?run=firefox&technique=user-information&scenario=rotation&placement=same-host&scheme=ws";

/** Whether something is there. */
function has(selector: string): string {
  return `document.querySelector(${JSON.stringify(selector)}) !== null`;
}

/** Every page that the lab serves, one of each kind. */
export const labPages: readonly LabPage[] = [
  { name: "compare", path: "", isDrawn: has("[data-copy]:not([hidden])") },
  {
    name: "evidence",
    path: failingCell,
    isDrawn: has("[data-trial][open] svg, [data-trial][open] ol"),
  },
  { name: "try", path: "try.html?technique=ticket", isDrawn: has("[data-code] .source-file") },
  { name: "learn", path: "learn.html", isDrawn: has(".learn-contents") },
  { name: "a step of learn", path: "learn.html?step=protocols", isDrawn: has("article#protocols") },
  {
    name: "presenting",
    path: "learn.html?present=1&step=first-message",
    isDrawn: has(".learn-stage"),
  },
  { name: "answers", path: "answers.html", isDrawn: has(".ask-find:not([hidden])") },
  { name: "choose", path: "choose.html?demand=quiet-log", isDrawn: has("[data-answer] h3 a") },
  { name: "risks", path: "risks.html", isDrawn: has("main table") },
  { name: "join", path: "join.html", isDrawn: has("main h1") },
  { name: "technique", path: "techniques/subprotocol.html", isDrawn: has(".source-file") },
  {
    name: "live",
    path: "?user=alice",
    isDrawn: `${has(".panel")} && document.querySelector('.panel[data-state="waiting"]') === null`,
  },
];
