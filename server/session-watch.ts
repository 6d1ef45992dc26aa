import { Deadlines, type Due } from "./deadlines.ts";
import type { RevocationWatcher, TokenEntry, TokenRefusal, Tokens } from "./tokens.ts";

/** Why somebody who was let in has to leave. */
export type SessionEnd = Extract<TokenRefusal, "revoked token" | "expired token">;

/** What somebody was let in with. */
export interface Session {
  readonly secret: string;
  /** How long it may last, in milliseconds. */
  readonly stayMs: number;
  /** What the store holds under the secret, where that was looked up already. */
  readonly held?: TokenEntry;
}

/** Somebody who was let in, and hears once that it is over. */
export interface SessionHolder {
  sessionEnded(reason: SessionEnd): void;
}

/** A session that is watched until it ends. */
export class WatchedSession implements RevocationWatcher, Due {
  readonly dueAt: number;
  place = -1;
  /** Undefined: nobody will tell that it was revoked. */
  entry: TokenEntry | undefined;
  readonly holder: SessionHolder;
  readonly #watch: SessionWatch;

  constructor(watch: SessionWatch, holder: SessionHolder, dueAt: number) {
    this.#watch = watch;
    this.holder = holder;
    this.dueAt = dueAt;
  }

  revoked(): void {
    this.#watch.end(this, "revoked token");
  }
}

/**
 * Tells holders when their sessions end: the token is revoked, or runs out. Nobody hears that a token was
 * revoked which servers verify without asking anybody. There may be many: bench/scale measures what each
 * of them takes.
 */
export class SessionWatch {
  readonly #tokens: Pick<Tokens, "watch" | "watchHeld" | "unwatch">;
  readonly #now: () => number;
  readonly #deadlines: Deadlines<WatchedSession>;

  /** `now`: milliseconds on a clock that never goes back. */
  constructor(
    tokens: Pick<Tokens, "watch" | "watchHeld" | "unwatch">,
    now: () => number = () => performance.now(),
  ) {
    this.#tokens = tokens;
    this.#now = now;
    this.#deadlines = new Deadlines((session) => this.end(session, "expired token"), now);
  }

  /** Watches a session. Tells the holder at once when it is over already. */
  begin({ secret, stayMs, held }: Session, holder: SessionHolder): WatchedSession {
    const session = new WatchedSession(this, holder, this.#now() + stayMs);
    this.#deadlines.add(session);
    session.entry =
      held === undefined
        ? this.#tokens.watch(secret, session)
        : this.#tokens.watchHeld(held, session);
    return session;
  }

  /** Ends a watch, and tells nobody. */
  stop(session: WatchedSession): void {
    this.#deadlines.remove(session);
    if (session.entry !== undefined) this.#tokens.unwatch(session.entry, session);
    session.entry = undefined;
  }

  /** Ends a watch, and tells the holder why. */
  end(session: WatchedSession, reason: SessionEnd): void {
    this.stop(session);
    session.holder.sessionEnded(reason);
  }
}
