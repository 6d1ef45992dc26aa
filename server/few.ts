/** None, one or many. Most have one at the most, and a Set takes more memory than a token. */
export type Few<Item extends object> = Item | Set<Item> | undefined;

/** The same ones, and `item`. Use what is returned: a Set is added to, and not copied. */
export function withItem<Item extends object>(few: Few<Item>, item: Item): Few<Item> {
  if (few === undefined || few === item) return item;
  return few instanceof Set ? few.add(item) : new Set([few, item]);
}

/** The same ones without `item`. Use what is returned, as with `withItem`. */
export function withoutItem<Item extends object>(few: Few<Item>, item: Item): Few<Item> {
  if (!(few instanceof Set)) return few === item ? undefined : few;
  few.delete(item);
  return few.size === 0 ? undefined : few;
}

/** In the order in which they came. */
export function itemsOf<Item extends object>(few: Few<Item>): Iterable<Item> {
  if (few === undefined) return [];
  return few instanceof Set ? few : [few];
}
