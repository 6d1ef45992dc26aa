/** What the page of everything that goes wrong says around what was found. */
export const riskText = {
  title: "What goes wrong",
  contents: "On this page",
  nothing: "Nothing has been measured yet.",
} as const;
