import type { Results } from "../../model/results.ts";
import type { Catalogue } from "./catalogue.ts";
import { markdown } from "./markdown.ts";

const begin = "<!-- results: written by npm run publish-results -->";
const end = "<!-- /results -->";

/** The README with its block of results replaced. Throws when it has no such block. */
export function withResults(readme: string, results: Results, catalogue: Catalogue): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The README has no block from ${begin} to ${end}.`);
  const block = `${begin}\n\n${markdown.render(results, catalogue)}\n`;
  return readme.slice(0, from) + block + readme.slice(to);
}
