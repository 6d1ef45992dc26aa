import type { Serial } from "../model/observation.ts";
import { itemsOf, withItem, withoutItem, type Few } from "./few.ts";
import { MapInParts } from "./map-in-parts.ts";

/** Something that is kept under a public id and a serial. The links are for TokenEntries to set. */
export interface Kept<Self> {
  readonly secret: string;
  /** Of its serial. */
  readonly number: number;
  /** The one that came before it, and the one that came after it. */
  older: Self | null;
  newer: Self | null;
}

/** 72 bits: no two ids are the same, and nobody comes upon one. */
const idLength = 12;

/** The public id of a secret: what it begins with. */
export function idOf(secret: string): string {
  return secret.slice(0, idLength);
}

/** Entries by public id, by serial, and in the order in which they came. No step takes longer the more there are. */
export class TokenEntries<Entry extends Kept<Entry>> {
  /** By the hash of their id, which few share. */
  readonly #byId = new MapInParts<Few<Entry>>();
  readonly #bySerial = new MapInParts<Few<Entry>>();
  #oldest: Entry | null = null;
  #newest: Entry | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The one that came first of those that are here. */
  get oldest(): Entry | null {
    return this.#oldest;
  }

  /** The one whose secret begins with this id. */
  get(id: string): Entry | undefined {
    if (id.length !== idLength) return undefined;
    const few = this.#byId.get(hashOf(id));
    // As it is for nearly all.
    if (few !== undefined && !(few instanceof Set)) {
      return few.secret.startsWith(id) ? few : undefined;
    }
    for (const entry of itemsOf(few)) {
      if (entry.secret.startsWith(id)) return entry;
    }
    return undefined;
  }

  /** Those under a serial, oldest first. */
  withSerial(serial: Serial): Iterable<Entry> {
    return itemsOf(this.#bySerial.get(Number(serial.slice(1))));
  }

  /** Adds one that is not here yet. */
  add(entry: Entry): void {
    addTo(this.#byId, hashOf(idOf(entry.secret)), entry);
    addTo(this.#bySerial, entry.number, entry);
    entry.older = this.#newest;
    if (this.#newest === null) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
    this.#size += 1;
  }

  /** Takes one away that is here. */
  delete(entry: Entry): void {
    takeFrom(this.#byId, hashOf(idOf(entry.secret)), entry);
    takeFrom(this.#bySerial, entry.number, entry);
    const { older, newer } = entry;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    // Who still holds it is not to keep the others alive.
    entry.older = null;
    entry.newer = null;
    this.#size -= 1;
  }
}

function addTo<Entry extends object>(map: MapInParts<Few<Entry>>, key: number, entry: Entry): void {
  map.set(key, withItem(map.get(key), entry));
}

function takeFrom<Entry extends object>(
  map: MapInParts<Few<Entry>>,
  key: number,
  entry: Entry,
): void {
  const others = withoutItem(map.get(key), entry);
  if (others === undefined) map.delete(key);
  else map.set(key, others);
}

/** A whole number below 2^31, which V8 keeps without an object for it. */
function hashOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) {
    hash = (hash * 31 + id.charCodeAt(index)) & 0x7f_ff_ff_ff;
  }
  return hash;
}
