import { format } from "oxfmt";
import type { Results } from "../../model/results.ts";
import type { Catalogue } from "./catalogue.ts";
import { markdown } from "./markdown.ts";

const begin = "<!-- results: written by npm run publish-results -->";
const end = "<!-- /results -->";

/**
 * The README with its block of results replaced, in the layout that the format check wants.
 * Rejects when it has no such block.
 */
export async function withResults(
  readme: string,
  results: Results,
  catalogue: Catalogue,
): Promise<string> {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from === -1 || to < from) throw new Error(`the README has no block from ${begin} to ${end}`);
  const { code } = await format("results.md", markdown.render(results, catalogue));
  return `${readme.slice(0, from)}${begin}\n\n${code}\n${readme.slice(to)}`;
}
