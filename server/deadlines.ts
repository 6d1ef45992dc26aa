/** Something that is due at some time. */
export interface Due {
  /** On the clock of its Deadlines, in milliseconds. */
  readonly dueAt: number;
  /** For Deadlines to set, at first to -1: where it is among the others; -1 when it is not. */
  place: number;
}

/** Of things that each close a connection, which takes tens of microseconds, and as much again for each answer. */
const mostInOneTurn = 10;
/** Node fires timers that are longer at once: https://nodejs.org/api/timers.html */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Calls back with what is due, never too early, and a few in a turn of the event loop, so that many at
 * once make no pause. One timer does for all of them: a timer of Node takes ten times the memory of a
 * place in this heap.
 */
export class Deadlines<Item extends Due> {
  /** Each is due no later than the two at twice its place, plus one and plus two. */
  readonly #heap: Item[] = [];
  readonly #onDue: (item: Item) => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #firesAt = Number.POSITIVE_INFINITY;

  /** `now`: milliseconds on a clock that never goes back. */
  constructor(onDue: (item: Item) => void, now: () => number) {
    this.#onDue = onDue;
    this.#now = now;
  }

  /** Adds one that is not here yet. */
  add(item: Item): void {
    this.#heap.push(item);
    this.#rise(item, this.#heap.length - 1);
    this.#arm();
  }

  /** Takes one away, if it is here. */
  remove(item: Item): void {
    const { place } = item;
    if (place === -1) return;
    item.place = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === item) return;
    this.#rise(last, place);
    this.#sink(last, last.place);
  }

  #fire(): void {
    this.#firesAt = Number.POSITIVE_INFINITY;
    for (let count = 0; count < mostInOneTurn; count += 1) {
      const [first] = this.#heap;
      if (first === undefined || first.dueAt > this.#now()) break;
      this.remove(first);
      this.#onDue(first);
    }
    this.#arm();
  }

  #arm(): void {
    const [first] = this.#heap;
    // When the timer fires too early, for that one was taken away, it is set anew.
    if (first === undefined || first.dueAt >= this.#firesAt) return;
    clearTimeout(this.#timer);
    this.#firesAt = first.dueAt;
    const leftMs = Math.max(1, Math.ceil(first.dueAt - this.#now()));
    // Connections keep the process running, and not what they wait for.
    this.#timer = setTimeout(() => this.#fire(), Math.min(leftMs, longestTimerMs)).unref();
  }

  #rise(item: Item, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.#heap[above];
      if (other === undefined || other.dueAt <= item.dueAt) break;
      this.#put(other, place);
      place = above;
    }
    this.#put(item, place);
  }

  #sink(item: Item, from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const [one, other] = [this.#heap[left], this.#heap[left + 1]];
      const isOther = one !== undefined && other !== undefined && other.dueAt < one.dueAt;
      const sooner = isOther ? other : one;
      if (sooner === undefined || sooner.dueAt >= item.dueAt) break;
      this.#put(sooner, place);
      place = isOther ? left + 1 : left;
    }
    this.#put(item, place);
  }

  #put(item: Item, place: number): void {
    this.#heap[place] = item;
    item.place = place;
  }
}
