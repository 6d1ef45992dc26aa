import { placements, schemes } from "../axes.ts";
import { inOrder } from "./display-order.ts";

const known = placements.flatMap((placement) => schemes.map((scheme) => `${placement}, ${scheme}`));

/** The distinct variants ("same-host, ws") in display order. */
export function variantsInOrder(occurring: readonly string[]): string[] {
  return inOrder(occurring, known);
}

/** The placement and the scheme of a variant ("same-host, ws"). */
export function axesOf(variant: string): { readonly placement: string; readonly scheme: string } {
  const [placement = "", scheme = ""] = variant.split(", ");
  return { placement, scheme };
}

/**
 * The variants ("same-host, ws") in which something was found, of all in which it was looked for, as
 * one of these: "everywhere"; some placements, some schemes, or every combination of some of both
 * ("same-site and cross-site only", "wss only", "cross-site, ws only"); the list. `isComplete: false`
 * leaves out "only", which would claim that the other variants are known.
 */
export function whereFound(
  found: readonly string[],
  tried: readonly string[],
  { isComplete = true }: { readonly isComplete?: boolean } = {},
): string {
  if (found.length === tried.length) return "everywhere";
  const place = cleanAxes(found, tried);
  if (place === null) return found.join("; ");
  const parts = [place.placements, place.schemes].filter((values) => values.length > 0);
  return `${parts.map(listed).join(", ")}${isComplete ? " only" : ""}`;
}

/** The same as an adverbial: "cross-site", "over wss", "cross-site over ws"; null when only a list would do. */
export function whereAdverbially(
  found: readonly string[],
  tried: readonly string[],
): string | null {
  if (found.length === tried.length) return "everywhere";
  const place = cleanAxes(found, tried);
  if (place === null) return null;
  const over = place.schemes.length === 0 ? [] : [`over ${listed(place.schemes)}`];
  return [...(place.placements.length === 0 ? [] : [listed(place.placements)]), ...over].join(" ");
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}

interface CleanAxes {
  readonly placements: readonly string[];
  readonly schemes: readonly string[];
}

/**
 * The placements and schemes whose combinations are exactly `found`, without an axis that restricts
 * nothing; null when there are none.
 */
function cleanAxes(found: readonly string[], tried: readonly string[]): CleanAxes | null {
  const foundAt = [...new Set(found.map((variant) => axesOf(variant).placement))];
  const foundOver = [...new Set(found.map((variant) => axesOf(variant).scheme))];
  const at = tried.filter((variant) => foundAt.includes(axesOf(variant).placement));
  const over = tried.filter((variant) => foundOver.includes(axesOf(variant).scheme));
  if (at.length === found.length) return { placements: foundAt, schemes: [] };
  if (over.length === found.length) return { placements: [], schemes: foundOver };
  const both = at.filter((variant) => over.includes(variant));
  return both.length === found.length ? { placements: foundAt, schemes: foundOver } : null;
}
