import { visible } from "./visible.ts";

/**
 * Makes any text show as itself within a line of GitHub-flavoured Markdown, table cells included.
 * `#1` and `@name` become code, because GitHub would link them to an issue or call a person.
 */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .split(/([#@]\w*)/)
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : escapePart(part)))
    .join("");
}

/** Punctuation with a meaning, `$` (mathematics), `:` and `www.` (links and emoji) included. */
function escapePart(text: string): string {
  return text
    .replace(/[\\`*_{}[\]<>|~&$]|:(?=\S)/g, "\\$&")
    .replace(/www\./gi, (match) => match.replace(".", "\\."));
}
