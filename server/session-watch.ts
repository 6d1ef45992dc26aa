import type { TokenRefusal, Tokens } from "./tokens.ts";

/** Why somebody who was let in has to leave. */
export type SessionEnd = Extract<TokenRefusal, "revoked token" | "expired token">;

/** What somebody was let in with. */
export interface Session {
  readonly secret: string;
  /** How long it may last, in milliseconds. */
  readonly stayMs: number;
}

/** Node fires timers that are longer at once: https://nodejs.org/api/timers.html */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Calls back when a session ends: its token is revoked, or runs out. Nobody hears that a token was
 * revoked which servers verify without asking anybody. Returns what ends the watch.
 */
export function watchSession(
  tokens: Pick<Tokens, "onRevoked">,
  { secret, stayMs }: Session,
  end: (reason: SessionEnd) => void,
): () => void {
  const watches = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    clearTimeout(timer);
    for (const unwatch of watches) unwatch();
  };
  const finish = (reason: SessionEnd): void => {
    if (isOver) return;
    stop();
    end(reason);
  };
  const wait = (leftMs: number): void => {
    const isLast = leftMs <= longestTimerMs;
    timer = setTimeout(
      () => (isLast ? finish("expired token") : wait(leftMs - longestTimerMs)),
      isLast ? Math.ceil(leftMs) : longestTimerMs,
    );
  };
  watches.add(tokens.onRevoked(secret, () => finish("revoked token")));
  if (!isOver) wait(stayMs);
  return stop;
}
