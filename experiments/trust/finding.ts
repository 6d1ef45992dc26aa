import type { Attempt, TrialFailure } from "../../model/observation.ts";
import type { TrustObservation } from "../../model/results.ts";
import { eventText } from "../risks/visible-failure.ts";

/** What a browser showed under one condition of trust, or why nothing can be said. */
export type TrustFinding =
  | TrialFailure
  | {
      readonly outcome: "observed";
      /** Whether a good token was let in. */
      readonly connected: boolean;
      /** What the page saw of the good token's connection: "open, message, close 1000". */
      readonly saw: string;
      /** How long that took, by order of magnitude: "in under 100 ms", or "within the page's patience". */
      readonly took: string;
      /** Whether a page could tell it from a refused token; null when there is nothing to tell. */
      readonly distinguishable: boolean | null;
    };

/**
 * What an observation shows, from itself and from the one without TLS in the same browser, in which
 * nothing but a token was refused.
 */
export function trustFinding(
  { trial: { attempts, failure } }: TrustObservation,
  reference: TrustObservation | undefined,
): TrustFinding {
  if (failure !== null) return failure;
  const good = attempts.find(({ expect }) => expect === "accepted");
  if (good === undefined) return { outcome: "harness-error", reason: "no attempt was made" };
  if (good.end === "harness-error") {
    return { outcome: good.end, reason: `our own code broke: the page saw ${seen(good)}` };
  }
  const connected = wasLetIn(good);
  const refused = reference?.trial.attempts.find(({ expect }) => expect === "refused");
  return {
    outcome: "observed",
    connected,
    ...pageView(good),
    distinguishable: connected || refused === undefined ? null : seen(good) !== seen(refused),
  };
}

/** What a page saw of one connection, and how long that took. */
export function pageView(attempt: Attempt): { readonly saw: string; readonly took: string } {
  const { end, events } = attempt;
  const took = end === "timeout" ? "within the page's patience" : magnitude(events.at(-1)?.at ?? 0);
  return { saw: seen(attempt), took };
}

/** Whether the token that the attempt was given opened the door. */
export function wasLetIn({ given, evidence }: Attempt): boolean {
  return evidence.some(
    (entry) => entry.type !== "close" && entry.user !== null && entry.presented === given,
  );
}

function seen({ events, end }: Attempt): string {
  const texts = events.map((event) => (event.type === "exception" ? event.name : eventText(event)));
  if (texts.length === 0) return "nothing";
  return [...texts, ...(end === "timeout" ? ["and no close"] : [])].join(", ");
}

function magnitude(ms: number): string {
  const bound = [10, 100, 1_000, 10_000].find((limit) => ms < limit);
  if (bound === undefined) return "in over 10 s";
  return bound < 1_000 ? `in under ${bound} ms` : `in under ${bound / 1_000} s`;
}
