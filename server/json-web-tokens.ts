import { decodeJwt, errors, generateKeyPair, jwtVerify, SignJWT } from "jose";
import type { Serial } from "../model/observation.ts";
import type { TokenRefusal } from "./tokens.ts";

/** Who a signed token speaks of, or why it is not believed. `serial` is null when nobody here signed it. */
export type Verification =
  | {
      readonly accepted: true;
      readonly serial: Serial;
      readonly user: string;
      /** How long it is still good, in milliseconds. */
      readonly expiresInMs: number;
    }
  | {
      readonly accepted: false;
      readonly serial: Serial | null;
      readonly refusal: Extract<TokenRefusal, "unknown token" | "expired token">;
    };

/** The half of the issuer: it alone holds the private key. */
export interface JsonWebTokenIssuer {
  /** Signs a token with a lifetime of `lifetimeMs` milliseconds. */
  issue(serial: Serial, user: string, lifetimeMs: number): Promise<string>;
}

/** The half of the WebSocket servers: a public key is all that they share with the issuer. */
export interface JsonWebTokenVerifier {
  verify(token: string): Promise<Verification>;
}

const algorithm = "EdDSA";
const issuer = "urn:websocket-auth-lab";
const audience = "urn:websocket-auth-lab:websockets";
/** Three parts of base64url; the first begins with `{"`. */
const shape = /^eyJ[\w-]+\.[\w-]+\.[\w-]+$/u;
const anywhere = /eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/gu;

/** Makes a pair of keys (RFC 8037), and both halves that use it. The claims are those of RFC 7519, 4.1. */
export async function createJsonWebTokens(): Promise<{
  readonly issuer: JsonWebTokenIssuer;
  readonly verifier: JsonWebTokenVerifier;
}> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  return {
    issuer: {
      issue: (serial, user, lifetimeMs) =>
        new SignJWT({ jti: serial, sub: user })
          .setProtectedHeader({ alg: algorithm })
          .setIssuer(issuer)
          .setAudience(audience)
          .setExpirationTime((Date.now() + lifetimeMs) / 1_000)
          .sign(privateKey),
    },
    verifier: {
      async verify(token) {
        try {
          // The algorithm is fixed here: a token must not choose how it is checked (RFC 8725, 3.1).
          const { payload } = await jwtVerify(token, publicKey, {
            algorithms: [algorithm],
            issuer,
            audience,
            requiredClaims: ["jti", "sub", "exp"],
          });
          const serial = serialIn(payload.jti);
          const { sub = "", exp = 0 } = payload;
          if (serial === null) return { accepted: false, serial, refusal: "unknown token" };
          // jose counts in whole seconds.
          const expiresInMs = exp * 1_000 - Date.now();
          return expiresInMs > 0
            ? { accepted: true, serial, user: sub, expiresInMs }
            : { accepted: false, serial, refusal: "expired token" };
        } catch (error) {
          // jose looks at the claims of a token once its signature was found to be good.
          return error instanceof errors.JWTExpired
            ? { accepted: false, serial: serialIn(error.payload.jti), refusal: "expired token" }
            : { accepted: false, serial: null, refusal: "unknown token" };
        }
      },
    },
  };
}

/** Whether a secret has the form of a JSON Web Token; it may still be none that anybody signed. */
export function isJsonWebToken(secret: string): boolean {
  return shape.test(secret);
}

/** The text with every JSON Web Token in it replaced by the serial that it claims. */
export function redactJsonWebTokens(text: string): string {
  return text.replace(anywhere, (token) => `(token ${serialOf(token) ?? "unrecognised"})`);
}

/** The JSON Web Tokens in a text that claim to be of this lab. */
export function jsonWebTokensIn(
  text: string,
): { readonly serial: Serial; readonly secret: string }[] {
  return [...text.matchAll(anywhere)].flatMap(([secret]) => {
    const serial = serialOf(secret);
    return serial === null ? [] : [{ serial, secret }];
  });
}

/** What an unverified token claims to be. */
export function serialOf(token: string): Serial | null {
  try {
    return serialIn(decodeJwt(token).jti);
  } catch {
    return null;
  }
}

function serialIn(claim: string | undefined): Serial | null {
  const number = /^#(?<number>\d{1,12})$/u.exec(claim ?? "")?.groups?.["number"];
  return number === undefined ? null : `#${Number(number)}`;
}
