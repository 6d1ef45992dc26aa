/** What the requests of an attempt left behind on the servers: oldest first, secrets included. */
export interface LeftBehind {
  /** Lines of the access log. */
  readonly accessLog: readonly string[];
  /** `Referer` header fields. */
  readonly referers: readonly string[];
  /** The heads of the answers to handshakes, as they were sent. */
  readonly handshakeAnswers: readonly string[];
  /** How many requests a reverse proxy in front has passed on, and has to have logged. */
  readonly proxied: number;
}

/** What one request left behind. */
export interface Trace {
  readonly accessLogLine: string;
  readonly referer: string | undefined;
  readonly isProxied: boolean;
}

interface Slot {
  readonly requests: Trace[];
  readonly handshakeAnswers: string[];
}

const maxAttempts = 100;
const maxEntries = 50;

/**
 * Keeps what searched attempts leave behind, in memory only, until it is taken. The oldest attempt
 * makes room for the newest, and an attempt keeps its first 50 requests.
 */
export class LeftBehindLog {
  readonly #slots = new Map<string, Slot>();

  /** Adds a request that was answered. */
  add(attemptId: string, trace: Trace): void {
    const { requests } = this.#slot(attemptId);
    if (requests.length < maxEntries) requests.push(trace);
  }

  /** Adds the head of an answer to a handshake. */
  addHandshakeAnswer(attemptId: string, head: string): void {
    const { handshakeAnswers } = this.#slot(attemptId);
    if (handshakeAnswers.length < maxEntries) handshakeAnswers.push(head);
  }

  /** Hands over what an attempt left behind, and forgets it. */
  take(attemptId: string): LeftBehind {
    const { requests, handshakeAnswers } = this.#slot(attemptId);
    this.#slots.delete(attemptId);
    return {
      accessLog: requests.map(({ accessLogLine }) => accessLogLine),
      referers: requests.flatMap(({ referer }) => (referer === undefined ? [] : [referer])),
      handshakeAnswers,
      proxied: requests.filter(({ isProxied }) => isProxied).length,
    };
  }

  #slot(attemptId: string): Slot {
    const known = this.#slots.get(attemptId);
    if (known !== undefined) return known;
    const slot: Slot = { requests: [], handshakeAnswers: [] };
    this.#slots.set(attemptId, slot);
    const [oldest] = this.#slots.keys();
    if (this.#slots.size > maxAttempts && oldest !== undefined) this.#slots.delete(oldest);
    return slot;
  }
}
