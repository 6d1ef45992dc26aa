import type { PageName } from "../links.ts";

/** What every page says around its own words. */
export const shellText = {
  brand: "WebSocket Auth Lab",
  skip: "Skip to the content",
  navigation: "Pages",
  noScript:
    "This page is drawn by a script of its own, from data next to it: please allow scripts.",
  noData: (file: string): string =>
    `${file} could not be loaded. If you have copied the site, copy its folder data too.`,
  broken: (reason: string): string => `This page failed: ${reason}`,
} as const;

/** Titles of the pages, and their names in the navigation. */
export const pageTitles: Readonly<
  Record<PageName, { readonly title: string; readonly nav: string }>
> = {
  index: { title: "Which WebSocket authentication works in which browser", nav: "Compare" },
  evidence: { title: "Evidence", nav: "Evidence" },
  try: { title: "Try a technique", nav: "Try" },
  learn: { title: "Learn", nav: "Learn" },
  answers: { title: "Questions and answers", nav: "Answers" },
  choose: { title: "Which technique to choose", nav: "Choose" },
  risks: { title: "What goes wrong", nav: "What goes wrong" },
  join: { title: "Join with another browser", nav: "Join" },
};
