import { setImmediate as nextTurn } from "node:timers/promises";
import type { Tokens } from "./tokens.ts";

/** Few, so that nobody waits long for a turn. */
const looksPerTurn = 100;

/**
 * Has dead tokens forgotten when nobody asks for new ones, too, until disposed of: now and then some are
 * looked at, and more in the next turn of the event loop as long as there are dead ones among them.
 */
export function forgetDeadTokens(
  tokens: Pick<Tokens, "forgetDead">,
  everyMs: number = 1_000,
): Disposable {
  let isAtIt = false;
  const end = new AbortController();
  const forget = async (): Promise<void> => {
    if (isAtIt) return;
    isAtIt = true;
    // oxlint-disable-next-line no-await-in-loop -- so that others have their turn
    while (!end.signal.aborted && tokens.forgetDead(looksPerTurn) > 0) await nextTurn();
    isAtIt = false;
  };
  const timer = setInterval(() => void forget(), everyMs).unref();
  return {
    [Symbol.dispose]() {
      end.abort();
      clearInterval(timer);
    },
  };
}
