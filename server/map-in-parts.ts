/** In each of them are some hundred keys when there are a million in all. */
const parts = 4_096;

/**
 * A map of whole numbers that takes no longer for one step the more it holds. V8 copies a whole Map when
 * it grows, and skips all that was deleted from its beginning when somebody looks there
 * (https://dev.to/puzpuzpuz/v8-deep-dives-understanding-map-internals-fc6). It also copies its table of all
 * strings that were keys, so that no strings are keys here. With a million of them each is a pause.
 */
export class MapInParts<Value> {
  readonly #parts = new Map<number, Map<number, Value>>();

  get(key: number): Value | undefined {
    return this.#parts.get(partOf(key))?.get(key);
  }

  set(key: number, value: Value): void {
    const part = this.#parts.get(partOf(key));
    if (part === undefined) this.#parts.set(partOf(key), new Map([[key, value]]));
    else part.set(key, value);
  }

  delete(key: number): void {
    this.#parts.get(partOf(key))?.delete(key);
  }
}

/** Numbers that count up are spread as evenly as those that are due to chance. */
function partOf(key: number): number {
  return key % parts;
}
