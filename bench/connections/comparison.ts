import type { Technique } from "../../techniques/technique.ts";

/** What one round of connections came to. Plain data. */
export interface Round {
  /** Full cycles a second. */
  readonly rate: number;
  /** What a connection cost the server's process, in microseconds of a processor; null: unknown here. */
  readonly serverMicros: number | null;
  /** The share of the round in which the server's process was on a processor, all its threads together; null: unknown here. */
  readonly serverShare: number | null;
  readonly clientMicros: number;
  /** The share of the round in which the client's event loop was busy. */
  readonly clientBusy: number;
}

/** Rounds that were made one right after the other. */
export interface RoundGroup {
  readonly bare: Round;
  readonly own: Round;
  /** The bare server again, over the same transport, with as many messages as `own` took; null where that is `bare`. */
  readonly twin: Round | null;
}

/** How many messages either side of a connection sent; close frames are not counted. */
export interface MessageCount {
  readonly client: number;
  readonly server: number;
}

/** What was measured of one server or technique. */
export interface Comparison {
  readonly id: string;
  readonly title: string;
  readonly messages: MessageCount;
  readonly groups: readonly RoundGroup[];
}

/** What a technique does besides reading a credential and looking it up. */
export interface TechniqueFacts {
  /** What it computes, in words; null: nothing of the kind. */
  readonly cryptography: string | null;
  /** Whose protocol it speaks; null: none but WebSocket. */
  readonly library: string | null;
}

/** The facts, from what the technique says of itself and from the source of its server. */
export function factsOf(
  { asksForCertificate, libraries }: Pick<Technique, "asksForCertificate" | "libraries">,
  source: string,
): TechniqueFacts {
  const computes = /\bcreate(?:Hmac|Sign|Verify)\(/u.test(source);
  return {
    cryptography:
      asksForCertificate === true
        ? "TLS, with a certificate of the client's"
        : computes
          ? "HMAC"
          : null,
    library: libraries?.join(", ") ?? null,
  };
}
