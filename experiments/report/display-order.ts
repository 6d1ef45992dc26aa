/** The distinct ids that occur: known ones in their known order, then the others as they came. */
export function inOrder(occurring: readonly string[], known: readonly string[]): string[] {
  const present = new Set(occurring);
  const first = known.filter((id) => present.has(id));
  return [...new Set([...first, ...present])];
}
