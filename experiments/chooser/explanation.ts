import type { Choice } from "./choose.ts";
import { type Finding, severityOrder } from "./finding.ts";
import type { Severity } from "../risks/risk.ts";
import { rules } from "./rules.ts";
import { type ChooserTable, trialText } from "./table.ts";

/** How the order comes about, in sentences. */
export const orderTexts: readonly string[] = [
  `A technique is left away when a measured cell contradicts what is asked for: it ${listedWithOr(rules.map(({ excludes }) => excludes))}.`,
  "It is not ranked when what is asked for was not measured, or nothing of what goes wrong.",
  `The others are compared by the risks in which something was found, at the placement and in the browsers asked for: ${severityOrder
    .slice(0, -1)
    .map((severity) => `fewer with ${severity} first`)
    .join(
      ", then ",
    )}. Where these are equal, more trials passed come first; and those between which nothing decides share a rank.`,
  "No technique has a score of its own: all of it is computed from the published results.",
];

function listedWithOr(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")}, or ${words.at(-1) ?? ""}`;
}

/** The words that name what was found, each once, the worst first: "danger: Leaks (written down)". */
export function countsText(reasons: readonly Finding[], severity: Severity): string {
  const own = reasons.filter((reason) => reason.severity === severity);
  const bySubject = Map.groupBy(own, ({ subject }) => subject);
  return [...bySubject]
    .map(
      ([subject, some]) => `${subject} (${[...new Set(some.map(({ word }) => word))].join(", ")})`,
    )
    .join("; ");
}

/** Which trials show a finding; null when there is none to name. */
export function evidenceText({ evidence }: Finding): string | null {
  const [first] = evidence;
  if (first === undefined) return null;
  const others = new Set(evidence.map(trialText)).size - 1;
  return `${trialText(first)}${others === 0 ? "" : `, and ${others} more`}`;
}

/** Techniques of which too little is known, with what is missing: those that miss the same together. */
export function unknownGroups(
  choices: readonly Choice[],
): { readonly missing: string; readonly choices: readonly Choice[] }[] {
  const unknown = choices.filter(({ state }) => state === "unknown");
  const groups = Map.groupBy(unknown, ({ reasons }) =>
    [
      ...new Set(
        reasons.flatMap(({ severity, subject }) => (severity === "unknown" ? [subject] : [])),
      ),
    ].join(", "),
  );
  return [...groups].map(([missing, some]) => ({ missing, choices: some }));
}

/** Techniques that are out of the question, by what they are said to do. */
export function excludedGroups(
  choices: readonly Choice[],
): { readonly because: string; readonly choices: readonly Choice[] }[] {
  const excluded = choices.flatMap((choice) => (choice.state === "excluded" ? [choice] : []));
  return [...Map.groupBy(excluded, ({ because }) => because)].map(([because, some]) => {
    return { because, choices: some };
  });
}

/** The browsers of a finding, unless it is of all or of none: " in Firefox 153.7.0". */
export function inBrowsers({ browsers }: Finding, table: ChooserTable): string {
  return browsers.length === 0 || browsers.length === table.browsers.length
    ? ""
    : ` in ${browsers.join(" and ")}`;
}
