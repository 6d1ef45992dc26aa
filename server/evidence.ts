import type { Evidence, Judgement } from "../model/observation.ts";

/** What a judgement looks like when there was nothing to judge. */
export const nothingJudged: Judgement = {
  presented: null,
  via: null,
  user: null,
  refusal: null,
};

/** An entry before it has its time. */
export type Sighting = Evidence extends infer Entry
  ? Entry extends Evidence
    ? Omit<Entry, "at">
    : never
  : never;

interface Slot {
  readonly startedAt: number;
  readonly entries: Evidence[];
  openConnections: number;
  settled: PromiseWithResolvers<void> | undefined;
}

const maxSlots = 1_000;
const maxEntriesPerSlot = 100;
const maxUnattributed = 1_000;

/**
 * What the servers saw, by attempt. Memory is bounded: the oldest attempt makes room for the
 * newest, an attempt keeps its first 100 entries, and the last 1000 requests that belong to no
 * attempt are kept apart.
 */
export class EvidenceLog {
  readonly #slots = new Map<string, Slot>();
  /** A ring: the oldest is where the next one goes. */
  readonly #unattributed: Evidence[] = [];
  #unattributedCount = 0;
  readonly #startedAt = performance.now();

  /** Begins to collect for an attempt, whose clock starts now. */
  open(attemptId: string): void {
    this.#slots.set(attemptId, {
      startedAt: performance.now(),
      entries: [],
      openConnections: 0,
      settled: undefined,
    });
    const [oldest] = this.#slots.keys();
    if (this.#slots.size > maxSlots && oldest !== undefined) this.#slots.delete(oldest);
  }

  /** Adds what was seen to the attempt's evidence, or to the unattributed if there is no such attempt. */
  record(attemptId: string | null, sighting: Sighting): void {
    const slot = attemptId === null ? undefined : this.#slots.get(attemptId);
    const startedAt = slot?.startedAt ?? this.#startedAt;
    // V8 copies the first thing that is spread in one go, and what comes after others piece by piece.
    const entry = { ...sighting, at: Math.round((performance.now() - startedAt) * 10) / 10 };
    if (slot === undefined) {
      this.#unattributed[this.#unattributedCount % maxUnattributed] = entry;
      this.#unattributedCount += 1;
    } else if (slot.entries.length < maxEntriesPerSlot) {
      slot.entries.push(entry);
    }
  }

  /** Tells that a connection of the attempt is open; call the returned function once, when it is closed. */
  connectionOpened(attemptId: string | null): () => void {
    const slot = attemptId === null ? undefined : this.#slots.get(attemptId);
    return slot === undefined ? doNothing : openIn(slot);
  }

  /**
   * Ends the collection and hands over what was seen, once all connections of the attempt are
   * closed on this side too, or after `patienceMs`.
   */
  async take(attemptId: string, patienceMs: number): Promise<readonly Evidence[]> {
    const slot = this.#slots.get(attemptId);
    if (slot === undefined) return [];
    if (slot.openConnections > 0) {
      slot.settled = Promise.withResolvers();
      const timer = setTimeout(slot.settled.resolve, patienceMs);
      await slot.settled.promise;
      clearTimeout(timer);
    }
    this.#slots.delete(attemptId);
    return slot.entries;
  }

  /** Requests that belong to no attempt, oldest first; their times count from the lab's start. */
  get unattributed(): readonly Evidence[] {
    const oldest = this.#unattributedCount % maxUnattributed;
    return [...this.#unattributed.slice(oldest), ...this.#unattributed.slice(0, oldest)];
  }
}

function doNothing(): void {}

function openIn(slot: Slot): () => void {
  slot.openConnections += 1;
  return () => {
    slot.openConnections -= 1;
    if (slot.openConnections === 0) slot.settled?.resolve();
  };
}
