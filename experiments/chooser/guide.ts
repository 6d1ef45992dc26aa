import type { Results } from "../../model/results.ts";
import { escapeMarkdown as escape } from "../report/escape-markdown.ts";
import { measuredText } from "../report/markdown.ts";
import { markdownTable } from "../report/markdown/table.ts";
import { severityMeanings } from "../risks/risk.ts";
import { type Choice, choose } from "./choose.ts";
import { constraintTexts, queryOf } from "./constraints.ts";
import type { ChoosableTechnique, ChooserSources } from "./derive-table.ts";
import { chooserTable } from "./derive-table.ts";
import {
  countsText,
  evidenceText,
  excludedGroups,
  inBrowsers,
  orderTexts,
  unknownGroups,
} from "./explanation.ts";
import { type Finding, severityOrder } from "./finding.ts";
import { type Situation, situations } from "./situations.ts";
import type { ReadSnippets } from "./snippets.ts";
import type { ChooserTable } from "./table.ts";

/** What a guide is made from, beyond results. `techniques` is in display order; the folder is where its README is. */
export interface GuideSources extends ChooserSources {
  readonly techniques: readonly (ChoosableTechnique & { readonly folder?: string })[];
  readonly readSnippets: ReadSnippets;
}

/** How many are shown with their reasons. */
const shown = 3;

/** Which technique to choose in typical situations, in Markdown for a file in docs/. */
export async function renderGuide(results: Results, sources: GuideSources): Promise<string> {
  const table = chooserTable(results, sources);
  const links = new Map(
    sources.techniques.map(({ id, title, folder = id }) => [
      id,
      `[${escape(title)}](../techniques/${folder}/README.md)`,
    ]),
  );
  const sections = situations.map((situation) =>
    renderSituation(situation, table, links, sources.readSnippets),
  );
  const blocks = [
    "## How the order comes about",
    list(orderTexts.map(escape)),
    list(severityOrder.map((severity) => `**${severity}**: ${escape(severityMeanings[severity])}`)),
    measuredText(results),
    ...(await Promise.all(sections)),
  ];
  return `${blocks.join("\n\n")}\n`;
}

async function renderSituation(
  { title, text, constraints }: Situation,
  table: ChooserTable,
  links: ReadonlyMap<string, string>,
  readSnippets: ReadSnippets,
): Promise<string> {
  const choices = choose(constraints, table);
  const ranked = choices.flatMap((choice) => (choice.state === "ranked" ? [choice] : []));
  const linkOf = ({ technique }: Choice): string =>
    links.get(technique.id) ?? escape(technique.title);
  const [winner] = ranked;
  const blocks = [
    `## ${escape(title)}`,
    escape(text),
    `Asked for: ${constraintTexts(constraints, table).map(escape).join("; ")}. The same [on the page of a running lab](http://localhost:8000/choose?${queryOf(constraints).toString()}).`,
    ...(winner === undefined
      ? [
          "**Nothing can be ranked here.** Of no technique that is left do these results say both that it has what is asked for and what goes wrong with it; and what is not known is not taken for safe.",
        ]
      : [
          rankingTable(ranked, linkOf),
          ...ranked.slice(0, shown).map((choice) => topChoice(choice, table)),
          ...(await snippetBlocks(winner, readSnippets)),
        ]),
    ...unknownBlocks(choices, linkOf),
    ...excludedBlocks(choices, linkOf, table),
  ];
  return blocks.join("\n\n");
}

type Ranked = Extract<Choice, { state: "ranked" }>;

function rankingTable(ranked: readonly Ranked[], linkOf: (choice: Choice) => string): string {
  const severities = severityOrder.slice(0, -1);
  return markdownTable(
    ["Rank", "Technique", ...severities],
    ranked.map((choice) => [
      String(choice.rank),
      linkOf(choice),
      ...severities.map((severity) => escape(countsText(choice.reasons, severity)) || "–"),
    ]),
  );
}

function topChoice({ rank, technique, reasons, advice }: Ranked, table: ChooserTable): string {
  const told = reasons.filter(({ severity }) => severity !== "fine");
  return [
    `### ${rank}. ${escape(technique.title)}`,
    list([
      ...told.map((reason) => reasonText(reason, table)),
      `**fine** · ${escape(countsText(reasons, "fine"))}.`,
    ]),
    ...(advice.length === 0 ? [] : [`What to do: ${advice.map(escape).join(" ")}`]),
  ].join("\n\n");
}

function reasonText(reason: Finding, table: ChooserTable): string {
  const { severity, subject, word } = reason;
  const head = `**${severity}** · ${escape(`${subject}: ${word}${inBrowsers(reason, table)}`)}.`;
  return `${head} ${shownText(reason)}`;
}

/** How bad it is does not matter any more. */
function exclusionText(reason: Finding, table: ChooserTable): string {
  return `${escape(`${reason.word}${inBrowsers(reason, table)}`)}. ${shownText(reason)}`;
}

function shownText(reason: Finding): string {
  const evidence = evidenceText(reason);
  return `${escape(reason.sentence)}${evidence === null ? "" : ` _(${escape(evidence)})_`}`;
}

async function snippetBlocks(winner: Choice, readSnippets: ReadSnippets): Promise<string[]> {
  const snippets = await readSnippets(winner.technique.id);
  return [
    `<details>\n<summary>${escape(winner.technique.title)}: the code that ran</summary>`,
    ...snippets.flatMap(({ path, role, source }) => [
      `${role}, [${escape(path)}](../techniques/${path}):`,
      `\`\`\`ts\n${source.trimEnd()}\n\`\`\``,
    ]),
    "</details>",
  ];
}

function unknownBlocks(choices: readonly Choice[], linkOf: (choice: Choice) => string): string[] {
  const groups = unknownGroups(choices);
  if (groups.length === 0) return [];
  const count = groups.reduce((sum, group) => sum + group.choices.length, 0);
  return [
    `<details>\n<summary>${count} of which too little is known</summary>`,
    list(
      groups.map(
        (group) => `Not known: ${escape(group.missing)}. ${group.choices.map(linkOf).join(" · ")}`,
      ),
    ),
    "</details>",
  ];
}

function excludedBlocks(
  choices: readonly Choice[],
  linkOf: (choice: Choice) => string,
  table: ChooserTable,
): string[] {
  const groups = excludedGroups(choices);
  if (groups.length === 0) return [];
  const count = groups.reduce((sum, group) => sum + group.choices.length, 0);
  return [
    `<details>\n<summary>${count} left away</summary>`,
    ...groups.flatMap(({ because, choices: some }) => [
      `Because it ${escape(because)}:`,
      list(
        some.map((choice) => {
          const [first] = choice.reasons;
          return first === undefined
            ? linkOf(choice)
            : `${linkOf(choice)}: ${exclusionText(first, table)}`;
        }),
      ),
    ]),
    "</details>",
  ];
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}
