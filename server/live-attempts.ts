import type { PageReport } from "../model/lab-api.ts";
import type { Attempt } from "../model/observation.ts";
import type { AttemptPlan } from "../model/trial.ts";
import type { Attempts, OpenAttempt, PagePlace } from "./attempts.ts";
import type { LiveRequest, Parsed } from "./page-report.ts";

/** What live attempts are made with. */
export interface LiveAttemptsSurroundings {
  readonly attempts: Pick<Attempts, "open" | "complete">;
  /** Of every good token. */
  readonly lifetimeMs: number;
  /** How many attempts are remembered: those that are open, and those whose token may be presented again. */
  readonly capacity?: number;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
}

/** A credential that may be presented again. */
interface Presentable extends Pick<OpenAttempt, "credential" | "given"> {
  readonly user: string;
  readonly singleUse: boolean;
  /** Until when it is accepted; 0: never. */
  readonly goodUntil: number;
}

/** Connections outside of trials, which a visitor asks for one by one. Memory is bounded: the oldest makes room for the newest. */
export class LiveAttempts {
  readonly #attempts: LiveAttemptsSurroundings["attempts"];
  readonly #lifetimeMs: number;
  readonly #capacity: number;
  readonly #now: () => number;
  readonly #open = new Map<string, OpenAttempt>();
  readonly #presentable = new Map<string, Presentable>();

  constructor({
    attempts,
    lifetimeMs,
    capacity = 1_000,
    now = () => performance.now(),
  }: LiveAttemptsSurroundings) {
    this.#attempts = attempts;
    this.#lifetimeMs = lifetimeMs;
    this.#capacity = capacity;
    this.#now = now;
  }

  /** Hands out what is asked for, or a sentence that says why it cannot be. */
  async open(request: LiveRequest, page: PagePlace): Promise<Parsed<OpenAttempt>> {
    const { technique, user, present } = request;
    const first = request.first === undefined ? undefined : this.#presentable.get(request.first);
    if (present === "again") {
      if (first === undefined) return { ok: false, error: "first: no such attempt is remembered" };
      if (first.credential === null) {
        return { ok: false, error: "first: that attempt had no token to present again" };
      }
      if (first.user !== user) return { ok: false, error: "user: the token is somebody else's" };
    }
    const singleUse = first?.singleUse ?? request.singleUse;
    const plan: AttemptPlan = {
      present,
      user,
      singleUse,
      expect: this.#isGood(present, first) ? "accepted" : "refused",
    };
    const goodUntil = present === "fresh" ? this.#now() + this.#lifetimeMs : 0;
    const terms = { lifetimeMs: this.#lifetimeMs, heads: "whole", first } as const;
    const attempt = await this.#attempts.open(plan, technique, page, terms);
    const { id, credential, given } = attempt;
    this.#remember(this.#open, id, attempt);
    const own = { credential, given, user, singleUse, goodUntil };
    this.#remember(this.#presentable, id, first ?? own);
    return { ok: true, value: attempt };
  }

  /** Joins both ends of an attempt; undefined when it is not open. It is reported on once. */
  async complete(id: string, report: PageReport): Promise<Attempt | undefined> {
    const attempt = this.#open.get(id);
    if (attempt === undefined) return undefined;
    this.#open.delete(id);
    return await this.#attempts.complete(attempt, report);
  }

  /** The technique of an attempt that is open; undefined: it is not. */
  techniqueOf(id: string): string | undefined {
    return this.#open.get(id)?.technique;
  }

  #isGood(present: AttemptPlan["present"], first: Presentable | undefined): boolean {
    if (present !== "again") return present === "fresh";
    return first !== undefined && !first.singleUse && this.#now() < first.goodUntil;
  }

  #remember<Value>(map: Map<string, Value>, id: string, value: Value): void {
    map.set(id, value);
    const [oldest] = map.keys();
    if (map.size > this.#capacity && oldest !== undefined) map.delete(oldest);
  }
}
