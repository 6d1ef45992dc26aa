/** What the page that helps to choose a technique says, beyond what comes with the rules and the results. */
export const chooseText = {
  title: "Which technique to choose",
  noResults: "There are no published results to choose by.",
  lead: (days: string): string =>
    `Say what you need. The answer is computed from what was measured on ${days}; no technique has a score of its own.`,
  submit: "Show what fits",
  again: "Start again",
  problems: "Part of the question makes no sense, and was left out:",
  answer: "What to look at first",
  asked: "Asked for:",
  nothing: "Nothing can be ranked.",
  nothingWhy:
    "Of no technique that is left do these results say both that it has what is asked for and what goes wrong with it; and what is not known is not taken for safe.",
  why: "Why",
  fine: (count: number): string => `What is fine (${count})`,
  whatToDo: (count: number): string => `What to do (${count})`,
  code: "The code of both halves",
  codeElsewhere: "The code is on the technique's own page.",
  more: (count: number): string => `and ${count} more`,
  unknown: "Too little is known",
  unknownWhy: (count: string): string =>
    `${count} of which something that was asked for, or all that goes wrong, was not measured. They come in no order.`,
  unknownGroup: (missing: string): string => `Not known: ${missing}`,
  excluded: "Left away",
  excludedGroup: (because: string): string => `It ${because}`,
  technique: "technique",
  order: "How the order comes about",
  status: (ranked: number): string =>
    ranked === 1 ? "1 technique is ranked." : `${ranked} techniques are ranked.`,
  failed: (reason: string): string => `The answer could not be computed: ${reason}`,
} as const;
