/**
 * Plain data in which nothing is said twice: every entry is a string, a number, true, false or null, or
 * a list of indexes of entries before it. An array's list begins with -1; an object's with the index of
 * the array of its keys.
 */
export interface Pool {
  readonly entries: readonly (Primitive | readonly number[])[];
}

type Primitive = string | number | boolean | null;

/** Anything that JSON can hold. */
export type Plain = Primitive | readonly Plain[] | { readonly [key: string]: Plain };

/**
 * Packs plain data, of which each value that comes up again is written once. The last entry is the
 * whole. Members that are undefined are left out, as JSON does; anything else throws.
 */
export function toPool(whole: object): Pool {
  const entries: Pool["entries"][number][] = [];
  const known = new Map<string, number>();
  const add = (entry: Pool["entries"][number]): number => {
    const key = JSON.stringify(entry);
    const index = known.get(key) ?? entries.push(entry) - 1;
    known.set(key, index);
    return index;
  };
  const put = (value: unknown): number => {
    if (Array.isArray(value)) return add([-1, ...value.map(put)]);
    if (isPrimitive(value)) return add(value);
    if (typeof value !== "object" || value === null) {
      throw new TypeError(`a pool holds plain data, and not a ${typeof value}`);
    }
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const keys = put(members.map(([key]) => key));
    return add([keys, ...members.map(([, member]) => put(member))]);
  };
  put(whole);
  return { entries };
}

/** Unpacks it. What was said once is one and the same object wherever it comes up. */
export function fromPool({ entries }: Pool): Plain {
  const values: Plain[] = [];
  for (const entry of entries) {
    if (typeof entry !== "object" || entry === null) values.push(entry);
    else {
      const [kind = -1, ...indexes] = entry;
      const members = indexes.map((index) => values[index] ?? null);
      const keys = values[kind];
      values.push(
        isArray(keys)
          ? Object.fromEntries(
              keys.map((key, index) => [
                typeof key === "string" ? key : "",
                members[index] ?? null,
              ]),
            )
          : members,
      );
    }
  }
  return values.at(-1) ?? null;
}

function isPrimitive(value: unknown): value is Primitive {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/** `Array.isArray` does not narrow what may only be read. */
function isArray(value: Plain | undefined): value is readonly Plain[] {
  return Array.isArray(value);
}
