import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { bytesOf, passages, type Bytes, type Passage } from "./bytes.ts";

/** The credentials that a campaign's cases are made of. Each secret is what the technique's server reads. */
export interface Ring {
  /** Accepted, and presented by no case unless what is around it forbids that. */
  readonly good: Holder;
  /** Accepted, for those who are let in. */
  readonly insider: Holder;
  /** Accepted, when nobody else's name is next to it. */
  readonly somebodyElse: Holder;
  /** Of good's user; refused, each for its own reason. */
  readonly forged: string;
  readonly expired: string;
  readonly revoked: string;
  readonly used: string;
  /** Good for a trade only; null where nothing is traded. */
  readonly unexchanged: string | null;
}

/** A secret and whose it is. */
export interface Holder {
  readonly user: string;
  readonly secret: string;
}

/** Says what a case presents. Those that come near a good secret say how far from it they are. */
export type Claim =
  | { readonly claim: "none" }
  | { readonly claim: "good" }
  | { readonly claim: "forged" | "expired" | "revoked" | "used" | "unexchanged" }
  | { readonly claim: "somebody-else" }
  /** The good one without its last characters. */
  | { readonly claim: "shorter"; readonly characters: number }
  | { readonly claim: "longer"; readonly by: string }
  /** With one other character; `at`: in thousandths. */
  | { readonly claim: "changed"; readonly at: number }
  | { readonly claim: "doubled" }
  | { readonly claim: "other-case" }
  /** The right public id, and somebody else's key. */
  | { readonly claim: "wrong-key" }
  | { readonly claim: "text"; readonly user: Passage; readonly text: Passage }
  /** In the form of a JSON Web Token that names the good user, signed by nobody or with a key that anybody has. */
  | {
      readonly claim: "web-token";
      readonly algorithm: "none" | "HS256" | "EdDSA" | "";
      readonly claims: Readonly<Record<string, unknown>>;
    };

const suffixes = fc.stringMatching(/^[0-9A-Za-z]{1,8}$/u);

/**
 * Near a good secret: refused as they are, and one changed byte might make them the good one. So
 * nothing of what carries them is changed.
 */
export const nearClaims: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({ claim: fc.constant("somebody-else" as const) }),
  fc.record({
    claim: fc.constant("shorter" as const),
    characters: fc.integer({ min: 1, max: 33 }),
  }),
  fc.record({ claim: fc.constant("longer" as const), by: suffixes }),
  fc.record({
    claim: fc.constant("changed" as const),
    at: fc.integer({ min: 0, max: 999 }),
  }),
  fc.record({ claim: fc.constant("doubled" as const) }),
  fc.record({ claim: fc.constant("other-case" as const) }),
  fc.record({ claim: fc.constant("wrong-key" as const) }),
);

/** Far from any good secret, whatever happens to the bytes around them. */
export const farClaims: fc.Arbitrary<Claim> = fc.oneof(
  fc.record({ claim: fc.constantFrom("none" as const) }),
  {
    weight: 3,
    arbitrary: fc.record({
      claim: fc.constantFrom(
        "forged" as const,
        "expired" as const,
        "revoked" as const,
        "used" as const,
        "unexchanged" as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      claim: fc.constant("text" as const),
      user: fc.oneof(fc.constant({ text: "alice", times: 1 }), passages),
      text: passages,
    }),
  },
  fc.record({
    claim: fc.constant("web-token" as const),
    algorithm: fc.constantFrom("none" as const, "HS256" as const, "EdDSA" as const, "" as const),
    claims: fc.constantFrom<Record<string, unknown>>(
      { jti: "#1", sub: "alice", exp: 4_102_444_800, iss: "urn:websocket-auth-lab" },
      { jti: "#99999999999999999999", sub: "alice" },
      { jti: { a: 1 }, sub: ["alice"], exp: "soon" },
      {},
    ),
  }),
);

/** What a claim puts into the handshake or the message; null: nothing. */
export function presented(claim: Claim, ring: Ring): Holder | null {
  const { user, secret } = ring.good;
  switch (claim.claim) {
    case "none":
      return null;
    case "good":
      return ring.good;
    case "forged":
    case "expired":
    case "revoked":
    case "used":
      return { user, secret: ring[claim.claim] };
    case "unexchanged":
      return { user, secret: ring.unexchanged ?? ring.forged };
    case "somebody-else":
      return { user, secret: ring.somebodyElse.secret };
    case "shorter":
      return { user, secret: secret.slice(0, -claim.characters) };
    case "longer":
      return { user, secret: `${secret}${claim.by}` };
    case "changed":
      return { user, secret: withOneOther(secret, claim.at) };
    case "doubled":
      return { user, secret: `${secret}${secret}` };
    case "other-case":
      return { user, secret: inOtherCase(secret) };
    case "wrong-key":
      return { user, secret: `${secret.slice(0, 12)}${ring.somebodyElse.secret.slice(12)}` };
    case "text":
      return { user: bytesOf(claim.user), secret: bytesOf(claim.text) };
    case "web-token":
      return { user, secret: webToken(claim.algorithm, claim.claims) };
  }
}

function withOneOther(secret: string, at: number): string {
  const place = Math.floor((at / 1_000) * secret.length);
  // In hexadecimal digits too.
  const other = secret[place] === "0" ? "1" : "0";
  return `${secret.slice(0, place)}${other}${secret.slice(place + 1)}`;
}

function inOtherCase(secret: string): string {
  const swapped = Array.from(secret, (one) =>
    one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
  ).join("");
  return swapped === secret ? withOneOther(secret, 500) : swapped;
}

function webToken(algorithm: string, claims: Readonly<Record<string, unknown>>): Bytes {
  const signed = `${webTokenPart({ alg: algorithm, typ: "JWT" })}.${webTokenPart(claims)}`;
  const signature = createHmac("sha256", "").update(signed).digest("base64url");
  return `${signed}.${signature}`;
}

function webTokenPart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
