import { format } from "oxfmt";

const begin = "<!-- results: written by npm run publish-results -->";
const end = "<!-- /results -->";

/**
 * A README with its block of results replaced by `markdown`, in the layout that the format check
 * wants. Rejects when it has no such block.
 */
export async function withResults(readme: string, markdown: string): Promise<string> {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from === -1 || to < from) throw new Error(`the README has no block from ${begin} to ${end}`);
  const { code } = await format("results.md", markdown);
  return `${readme.slice(0, from)}${begin}\n\n${code}\n${readme.slice(to)}`;
}
