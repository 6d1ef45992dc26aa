/**
 * The variants ("same-host, ws") in which something was found, of all in which it was looked for:
 * "everywhere", "wss only", "same-origin only", or the list.
 */
export function whereFound(found: readonly string[], tried: readonly string[]): string {
  if (found.length === tried.length) return "everywhere";
  const axes = [...new Set(tried.flatMap((variant) => variant.split(", ")))];
  const axis = axes.find((value) => {
    const having = tried.filter((variant) => variant.split(", ").includes(value));
    return having.length === found.length && having.every((variant) => found.includes(variant));
  });
  return axis === undefined ? found.join("; ") : `${axis} only`;
}
