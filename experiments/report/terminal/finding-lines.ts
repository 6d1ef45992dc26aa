import type { Verdict } from "../../../model/results.ts";
import type { BrowserFindings, CommonReason, Finding } from "../findings.ts";
import { techniquesText, type Unsupported } from "../unsupported.ts";
import { visible } from "../visible.ts";
import type { Screen } from "./screen.ts";

/** What was found in one browser, technique by technique, with every reason. */
export function findingLines(
  { column, common, unsupported, techniques }: BrowserFindings<Verdict["outcome"]>,
  screen: Screen,
): string[] {
  const heading = ["", screen.paint("bold", visible(column.label))];
  if (common !== null) return [...heading, ...screen.indented(commonText(common), 2)];
  return [
    ...heading,
    ...unsupported.flatMap((one) => screen.indented(unsupportedText(one), 2)),
    ...techniques.flatMap((one) => [
      `  ${visible(one.technique.title)}`,
      ...(one.common === null
        ? one.findings.flatMap((finding) => findingText(finding, screen))
        : screen.indented(commonText(one.common), 4)),
    ]),
  ];
}

function findingText(finding: Finding<Verdict["outcome"]>, screen: Screen): string[] {
  const { repetitions, reasons } = finding;
  return [
    ...screen.indented(trialText(finding), 4).map((line) => screen.paint("cyan", line)),
    ...reasons.flatMap(({ outcome, reason, count }) => {
      const times = repetitions.trials.length > 1 ? `${count}× ` : "";
      const what = outcome === "fail" ? "" : `${outcome}: `;
      return screen.indented(`${times}${what}${visible(reason)}`, 6);
    }),
  ];
}

function commonText({ extent, outcome, reason }: CommonReason): string {
  return `${extent}: ${outcome}: ${visible(reason)}`;
}

function unsupportedText(one: Unsupported): string {
  return visible(`${one.where}, ${techniquesText(one)}: unsupported: ${one.reason}`);
}

function trialText({ repetitions, where }: Finding<Verdict["outcome"]>): string {
  const { scenario, unstable } = repetitions;
  const place = where === null ? "" : ` (${where})`;
  const note = unstable === null ? "" : `, ${unstable}`;
  return visible(`${scenario.id}${place}${note}`);
}
